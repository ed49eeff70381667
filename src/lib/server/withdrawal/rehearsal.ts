// Promise: what the rehearsal counts is what the erasure destroys; both walk the same contracts.
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { sourceOf } from '../organisation/lookup.ts';
import {
	countHeld,
	ReadingEnded,
	type Count,
	type Kept,
	type PersonalDataContract
} from '../personal-data-contract.ts';
import { SourceFailure } from '../platform/sources/source.ts';

export interface Rehearsal {
	/** By category of the description, or the keeper's own name for what it holds. */
	destroyed: Count[];
	/** What the law obliges the organisation to keep, apart and sealed. */
	kept: Omit<Kept, 'pages'>[];
	/** Partners that received something and will be told. */
	told: string[];
	total: number;
	/** Systems outside that can't be asked just now: what lies there is in no number. */
	uncounted: string[];
}

/** The context without what lies outside: for what must not wait for others, and for what is destroyed here. */
export const inside = (ctx: Context): Context => ({
	...ctx,
	contracts: ctx.contracts.filter(({ outside }) => !outside)
});

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
	const uncounted = new Set<string>();
	// All at once: systems that hang are waited for together.
	const [held, ...keptByEach] = await Promise.all([
		countHeld(ctx, personId),
		...ctx.contracts.map((contract) => keptBy(contract, at(ctx, leavingAt), personId, uncounted))
	]);
	for (const { pages: _pages, ...one } of keptByEach.flat()) kept.push(one);
	for (const contract of ctx.contracts)
		for (const partner of (await contract.recipients?.(ctx, personId)) ?? []) told.add(partner);
	for (const { id, tells } of ctx.organisation.listeners) if (tells.includes('person.erased')) told.add(id);
	for (const { category, unanswered } of held)
		if (unanswered) uncounted.add(sourceOf(ctx.organisation, category)?.id ?? category);
	const destroyed = held
		.filter(({ records }) => records > 0)
		.map(({ category, records }) => ({ category, records }));
	return {
		destroyed,
		kept,
		told: [...told],
		total: destroyed.reduce((sum, { records }) => sum + records, 0),
		uncounted: [...uncounted].sort()
	};
}

/** What the law keeps of what a system outside holds is not known while that can't be asked. */
async function keptBy(
	contract: PersonalDataContract,
	ctx: Context,
	personId: string,
	uncounted: Set<string>
): Promise<Kept[]> {
	try {
		return await contract.keep(ctx, personId);
	} catch (error) {
		if (!contract.outside || !(error instanceof SourceFailure || error instanceof ReadingEnded)) throw error;
		uncounted.add(contract.outside.source);
		return [];
	}
}
