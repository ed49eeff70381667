// Promise: what staff did stands here for two years, in codes: nothing in it is personal, and no erasure empties it.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { derive } from '../platform/keys/derive.ts';
import type { StaffLogTable } from '../schema.ts';
import { insertLog, selectLog } from './queries.ts';

/**
 * The Korean safety standard for personal information demands access logs for a year, and for two where there are 50,000
 * people or sensitive data (Personal Information Protection Commission, Notice on safety measures, Art. 8).
 */
export const logKeptFor = 'P2Y';

/** Behind a colon stands to what it was done, where that is a thing of the description. */
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
	| 'look-refused'
	| 'incident-recorded'
	| 'incident-changed'
	| 'incident-announced'
	| 'authority-told'
	| 'control-recorded'
	| 'message-sent-again'
	| `source-off:${string}`
	| `source-on:${string}`;

/** Made from the person's own key: it dies with them. Nothing for somebody who is not there or was erased. */
async function subjectOf(ctx: Context, personId: string): Promise<Buffer | undefined> {
	const key = await ctx.keys.find(personId);
	return key && derive(key, 'staff-log');
}

/** Writes down what a staff member did, in the caller's transaction; of the person only what their key makes. */
export async function log(ctx: Context, staffId: string, kind: LogKind, personId?: string): Promise<void> {
	await insertLog(ctx, {
		id: ctx.ids.next(),
		staffId,
		kind,
		subject: personId === undefined ? null : ((await subjectOf(ctx, personId)) ?? null),
		at: instant(ctx.clock.now())
	});
}

export type LogEntry = Pick<StaffLogTable, 'id' | 'staffId' | 'kind' | 'at'>;

/** Newest first, at most a thousand; of one member, or about one person. About somebody who was erased: nothing. */
export async function readLog(
	ctx: Context,
	{ staffId, personId, before }: Partial<Record<'staffId' | 'personId' | 'before', string | undefined>> = {}
): Promise<LogEntry[]> {
	const subject = personId === undefined ? undefined : await subjectOf(ctx, personId);
	if (personId !== undefined && !subject) return [];
	return selectLog(ctx, { staffId, subject, before });
}
