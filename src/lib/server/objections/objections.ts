// Promise: a purpose that a person objected to, or switched off, is off for every system that asks, from that moment.
import type { Context } from '../context.ts';
import { selectNewest, selectNewestOf } from './queries.ts';

/** Ids of the purposes that the person objected to (GDPR Art. 21) or switched off; the newest choice counts. */
export const of = async (ctx: Context, personId: string): Promise<ReadonlySet<string>> =>
	new Set(
		(await selectNewest(ctx, personId)).filter(({ allowed }) => !allowed).map(({ purpose }) => purpose)
	);

/** The same of many people; whoever objected to nothing is left out. */
export async function ofMany(
	ctx: Context,
	people: readonly string[]
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
	const objected = new Map<string, Set<string>>();
	for (const { personId, purpose, allowed } of await selectNewestOf(ctx, people)) {
		if (allowed) continue;
		const purposes = objected.get(personId);
		if (purposes) purposes.add(purpose);
		else objected.set(personId, new Set([purpose]));
	}
	return objected;
}
