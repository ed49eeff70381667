// Promise: what staff did stands here for two years, in codes: nothing in it is personal, and no erasure empties it.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import type { StaffLogTable } from '../schema.ts';
import { insertLog, selectLog } from './queries.ts';

/**
 * The Korean safety standard for personal information demands access logs for a year, and for two where there are 50,000
 * people or sensitive data (Personal Information Protection Commission, Notice on safety measures, Art. 8).
 */
export const logKeptFor = 'P2Y';

export type LogKind =
	| 'added'
	| 'removed'
	| 'reset'
	| 'signed-in'
	| 'signed-out'
	| 'sign-in-refused'
	| 'password-changed'
	| 'found'
	| 'found-nobody'
	| 'looked'
	| 'look-refused';

const subjectOf = (ctx: Context, personId: string): Buffer => ctx.keys.blindIndex('staff-log', personId);

/** Writes down what a staff member did, in the caller's transaction; of the person only a keyed hash. */
export async function log(ctx: Context, staffId: string, kind: LogKind, personId?: string): Promise<void> {
	await insertLog(ctx, {
		id: ctx.ids.next(),
		staffId,
		kind,
		subject: personId === undefined ? null : subjectOf(ctx, personId),
		at: instant(ctx.clock.now())
	});
}

export type LogEntry = Pick<StaffLogTable, 'id' | 'staffId' | 'kind' | 'at'>;

/** Newest first, at most a thousand; of one member, or about one person. */
export const readLog = (
	ctx: Context,
	{ staffId, personId, before }: Partial<Record<'staffId' | 'personId' | 'before', string | undefined>> = {}
): Promise<LogEntry[]> =>
	selectLog(ctx, { staffId, subject: personId === undefined ? undefined : subjectOf(ctx, personId), before });
