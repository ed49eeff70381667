// Promise: what a person contests is used for nothing until it is decided, and whoever got it is told what came of it.
import type { Context } from '../context.ts';
import { selectRestricted, selectRestrictedOf } from './queries.ts';

/**
 * Codes `category.field` of what is under correction: not used, not passed on, not shown to others until the person has
 * been told how it was decided (GDPR Art. 18(1)(a), (3)). A category's record under correction restricts its field in all.
 */
export const restricted = async (ctx: Context, personId: string): Promise<ReadonlySet<string>> =>
	new Set(await selectRestricted(ctx, personId));

/** The same of many people; of whom nothing is contested is left out. */
export async function restrictedOf(
	ctx: Context,
	people: readonly string[]
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
	const contested = new Map<string, Set<string>>();
	for (const { personId, field } of await selectRestrictedOf(ctx, people)) {
		const fields = contested.get(personId);
		if (fields) fields.add(field);
		else contested.set(personId, new Set([field]));
	}
	return contested;
}
