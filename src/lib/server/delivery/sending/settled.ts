// Promise: whoever stopped something hears so only when nothing is under way to them that could still leave.
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import { isUnderWay, takeBack } from './queries.ts';

const pollMilliseconds = 25;
/** Ten seconds, counted in polls: the portal's clock may stand still. */
const mostPolls = 400;

/**
 * Resolves when nothing of the person is under way. To be awaited after a stop was committed and before it is acknowledged: what
 * begins to leave later asks `mayStillGo` first, in a transaction that comes after the stop, and so stays here. After ten seconds
 * (a process that died, a server that does not answer) what was not handed over yet is taken back; what was handed over is out.
 */
export async function settled(ctx: Context, personId: string): Promise<void> {
	if (ctx.db.isTransaction) throw new Error('a stop has settled only when it was committed');
	for (let polls = 0; polls < mostPolls; polls += 1) {
		if (!(await isUnderWay(ctx, personId, instant(ctx.clock.now())))) return;
		await pause(pollMilliseconds);
	}
	await takeBack(ctx, personId);
	ctx.log.warn({ personId }, 'a message was under way for ten seconds after a stop');
}

/**
 * Answers `outcome` when nothing is under way to the person; for a verb that has committed what it stopped. Inside a transaction of
 * the caller's nothing is committed yet: the caller waits by itself, if anybody is told.
 */
export async function whenSettled<Outcome>(
	ctx: Context,
	personId: string,
	outcome: Outcome
): Promise<Outcome> {
	if (!ctx.db.isTransaction) await settled(ctx, personId);
	return outcome;
}
