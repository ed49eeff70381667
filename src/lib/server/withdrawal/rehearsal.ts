// Promise: what the rehearsal counts is what the erasure destroys; both walk the same contracts.
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { countHeld, type Count, type Kept } from '../personal-data-contract.ts';

export interface Rehearsal {
	/** By category of the description, or the keeper's own name for what it holds. */
	destroyed: Count[];
	/** What the law obliges the organisation to keep, apart and sealed. */
	kept: Omit<Kept, 'pages'>[];
	/** Partners that received something and will be told. */
	told: string[];
	total: number;
}

/** The context at another instant: what the law keeps is computed from the day on which the person leaves. */
export const at = (ctx: Context, when: string): Context => ({
	...ctx,
	clock: { now: () => new Date(when) }
});

/** When somebody who asked to leave now would be erased. */
export const wouldEndAt = (ctx: Context): string =>
	instant(after(ctx.clock.now(), ctx.organisation.withdrawal.graceDays, 'days'));

/** Counts on the person's real data for an erasure at `leavingAt`; changes nothing. */
export async function rehearse(
	ctx: Context,
	personId: string,
	leavingAt = wouldEndAt(ctx)
): Promise<Rehearsal> {
	const kept: Rehearsal['kept'] = [];
	const told = new Set<string>();
	for (const contract of ctx.contracts) {
		for (const { pages: _pages, ...one } of await contract.keep(at(ctx, leavingAt), personId)) kept.push(one);
		for (const partner of (await contract.recipients?.(ctx, personId)) ?? []) told.add(partner);
	}
	for (const { id, tells } of ctx.organisation.listeners) if (tells.includes('person.erased')) told.add(id);
	const destroyed = (await countHeld(ctx, personId)).filter(({ records }) => records > 0);
	return {
		destroyed,
		kept,
		told: [...told],
		total: destroyed.reduce((sum, { records }) => sum + records, 0)
	};
}
