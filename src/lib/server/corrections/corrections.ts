// Promise: what a person contests is used for nothing until it is decided, and whoever got it is told what came of it.
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { categoriesOf, fieldsOf } from '../organisation/lookup.ts';
import type { Category, Field } from '../organisation/organisation.ts';
import {
	selectCorrection,
	selectCorrections,
	selectRestricted,
	selectRestrictedOf,
	type CorrectionRow
} from './queries.ts';
import { stepsOf, type Step } from './steps.ts';

export type { Step } from './steps.ts';

/**
 * Codes `category.field` of what is under correction: not used, not passed on, not shown to others until the person has
 * been told how it was decided (GDPR Art. 18(1)(a), (3)). A category's record under correction restricts its field in all.
 */
export const restricted = async (ctx: Context, personId: string): Promise<ReadonlySet<string>> =>
	new Set(await selectRestricted(ctx, personId));

/** The same of many people, with the instant since which each is contested; of whom nothing is contested is left out. */
export async function contestedSince(
	ctx: Context,
	people: readonly string[]
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
	const contested = new Map<string, Map<string, string>>();
	for (const { personId, field, openedAt } of await selectRestrictedOf(ctx, people)) {
		const fields = contested.get(personId);
		if (fields) fields.set(field, openedAt);
		else contested.set(personId, new Map([[field, openedAt]]));
	}
	return contested;
}

/** The same without the instants. */
export async function restrictedOf(
	ctx: Context,
	people: readonly string[]
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
	const contested = await contestedSince(ctx, people);
	return new Map([...contested].map(([personId, fields]) => [personId, new Set(fields.keys())]));
}

/** What a correction is about: a field `category.field` of the person's role. */
export function fieldOf(
	{ organisation }: Pick<Context, 'organisation'>,
	role: string,
	code: string
): { category: Category; field: Field } | undefined {
	const [categoryId, fieldId, more] = code.split('.');
	if (more !== undefined) return undefined;
	const category = categoriesOf(organisation, role).find(({ id }) => id === categoryId);
	const field = category && fieldsOf(category, role).find(({ id }) => id === fieldId);
	return field && { category, field };
}

export type Correction = CorrectionRow;

/** The person's corrections, newest first; `before` is the id of the last one seen. */
export const list = (
	ctx: Context,
	personId: string,
	{ before, limit }: { before?: string | undefined; limit: number }
): Promise<Correction[]> => selectCorrections(ctx, personId, before, limit);

export interface Opened extends Correction {
	steps: Step[];
	/** What became of telling each partner that had received the field (GDPR Art. 19). */
	told: Awaited<ReturnType<typeof delivery.toldPartners>>;
}

/** One of them with all that happened; undefined for one of somebody else. */
export async function find(ctx: Context, personId: string, id: string): Promise<Opened | undefined> {
	const row = await selectCorrection(ctx, personId, id);
	return (
		row && {
			...row,
			steps: await stepsOf(ctx, personId, id),
			told: await delivery.toldPartners(ctx, personId, aboutOf(id))
		}
	);
}

/** The matter under which partners are told of it. */
export const aboutOf = (id: string): string => `correction:${id}`;
