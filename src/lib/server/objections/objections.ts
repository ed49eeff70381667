// Promise: a purpose that a person objected to, or switched off, is off for every system that asks, from that moment.
import type { Context } from '../context.ts';
import { selectNewest } from './queries.ts';

/** Ids of the purposes that the person objected to (GDPR Art. 21) or switched off; the newest choice counts. */
export const of = async (ctx: Context, personId: string): Promise<ReadonlySet<string>> =>
	new Set(
		(await selectNewest(ctx, personId)).filter(({ allowed }) => !allowed).map(({ purpose }) => purpose)
	);
