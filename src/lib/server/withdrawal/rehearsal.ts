// Promise: what the rehearsal counts is what the erasure destroys; both walk the same contracts.
import type { Context } from '../context.ts';
import type { Kept } from '../personal-data-contract.ts';

export interface Rehearsal {
	/** By category of the description, or the keeper's own name for what it holds. */
	destroyed: { category: string; records: number }[];
	/** What the law obliges the organisation to keep in its own books. */
	kept: Kept[];
	/** Partners that received something and will be told. */
	told: string[];
	total: number;
}

/** Counts on the person's real data; changes nothing. */
export async function rehearse(ctx: Context, personId: string): Promise<Rehearsal> {
	const counts = new Map<string, number>();
	const kept: Kept[] = [];
	const told = new Set<string>();
	for (const contract of ctx.contracts) {
		for (const { category, records } of await contract.count(ctx, personId))
			counts.set(category, (counts.get(category) ?? 0) + records);
		kept.push(...(await contract.keep(ctx, personId)));
		for (const partner of (await contract.recipients?.(ctx, personId)) ?? []) told.add(partner);
	}
	const destroyed = [...counts]
		.map(([category, records]) => ({ category, records }))
		.filter(({ records }) => records > 0);
	return {
		destroyed,
		kept,
		told: [...told],
		total: destroyed.reduce((sum, { records }) => sum + records, 0)
	};
}
