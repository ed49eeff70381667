// Promise: whoever turned something off hears so when nothing of it can leave any more.
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';

/**
 * Answers `outcome` when nothing is under way to the person; for a verb that has committed what it stopped. Inside a transaction of
 * the caller's nothing is committed yet: the caller waits by itself, if anybody is told.
 */
export async function whenSettled<Outcome>(
	ctx: Context,
	personId: string,
	outcome: Outcome
): Promise<Outcome> {
	if (!ctx.db.isTransaction) await delivery.settled(ctx, personId);
	return outcome;
}
