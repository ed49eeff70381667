// Promise: a person whose step fails is tried again later, each time less soon, and holds up nobody else.
import type { Context } from '../../context.ts';
import { claimDue, nextAttempt } from '../../platform/work/work.ts';
import { postpone, type Watching } from './queries.ts';

const batch = 50;

/** Takes a step for each of a batch of those who are due; answers how many. */
export async function eachDue(
	ctx: Context,
	table: Watching,
	step: (personId: string) => Promise<void>
): Promise<number> {
	const claims = await claimDue(ctx, table, batch);
	for (const claim of claims)
		try {
			await step(claim.personId);
		} catch (err) {
			const { personId, attempts } = claim;
			ctx.log.error(
				{ err, personId, attempts: attempts + 1, work: table },
				'a person was passed over for now'
			);
			await postpone(ctx, table, claim, nextAttempt(ctx.clock, attempts + 1));
		}
	return claims.length;
}
