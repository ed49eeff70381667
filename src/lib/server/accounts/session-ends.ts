// Promise: a session that was ended opens nothing from that moment on, and the ending is written down.
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import { transaction } from '../platform/database/transaction.ts';
import { end, endAll } from './sessions.ts';

/** Ends one of the person's sessions. Refuses `session-unknown`, also for a session of somebody else. */
export const endSession = (
	ctx: Context,
	personId: string,
	sessionId: string
): Promise<{ ended: true } | { refused: 'session-unknown' }> =>
	transaction(ctx, async (ctx) => {
		if (!(await end(ctx, personId, sessionId))) return { refused: 'session-unknown' };
		await audit.record(ctx, personId, 'session-ended');
		return { ended: true };
	});

/** Signs out everywhere but here; answers how many sessions ended. */
export const endOtherSessions = (ctx: Context, personId: string, current: string): Promise<number> =>
	transaction(ctx, async (ctx) => {
		const count = await endAll(ctx, personId, current);
		if (count > 0) await audit.record(ctx, personId, 'sessions-ended', { count });
		return count;
	});

/** The person leaves this browser. A second time changes nothing. */
export const signOut = async (ctx: Context, personId: string, sessionId: string): Promise<void> => {
	await endSession(ctx, personId, sessionId);
};
