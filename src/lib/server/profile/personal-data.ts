// What the profile holds about a person, and how it leaves.
import type { Context } from '../context.ts';
import type { Category } from '../organisation/organisation.ts';
import { keptAfterLeaving } from '../organisation/retention.ts';
import type { Kept, Part, PersonalDataContract, Row } from '../personal-data-contract.ts';
import { deleteValues, selectPerson } from './queries.ts';
import { heldValues, storedValues, type HeldValue } from './values.ts';

interface HeldCategory {
	category: Category;
	values: HeldValue[];
}

/** The profile categories in which something is held, with what a former role left behind. */
async function heldCategories(ctx: Context, personId: string): Promise<HeldCategory[]> {
	const person = await selectPerson(ctx, personId);
	if (!person) return [];
	const held = new Map([
		...(await storedValues(ctx, personId)),
		...(await heldValues(ctx, { id: personId, role: person.role }))
	]);
	const profiles = ctx.organisation.categories.filter(({ kind }) => kind === 'profile');
	return profiles
		.map((category) => ({ category, values: category.fields.flatMap(({ id }) => held.get(id) ?? []) }))
		.filter(({ values }) => values.length > 0);
}

/** One row: a column a field, then where the values came from and when the last of them changed. */
function rowOf({ category, values }: HeldCategory): Row {
	const byField = new Map(values.map((value) => [value.field, value]));
	return {
		...Object.fromEntries(category.fields.map(({ id }) => [id, byField.get(id)?.value ?? null])),
		origins: values.map(({ field, origin }) => `${field}: ${origin ?? '-'}`),
		changedAt: values
			.map(({ changedAt }) => changedAt)
			.sort()
			.at(-1)
	};
}

const partOf = (held: HeldCategory): Part => ({
	path: `data/${held.category.id}`,
	category: held.category.id,
	source: 'portal',
	expected: 1,
	shape: 'table',
	fields: [
		...held.category.fields.map(({ id, type, label }) => ({ id, type, label })),
		{ id: 'origins', type: 'list', label: 'data:column.origins' },
		{ id: 'changedAt', type: 'instant', label: 'data:column.changed' }
	],
	async *pages() {
		yield [rowOf(held)];
	}
});

async function keptOf(ctx: Context, personId: string): Promise<Kept[]> {
	return (await heldCategories(ctx, personId)).flatMap((held) => {
		const kept = keptAfterLeaving(ctx.organisation, held.category, ctx.clock.now());
		return kept
			? [{ category: held.category.id, records: held.values.length, ...kept, pages: partOf(held).pages }]
			: [];
	});
}

export const profileContract: PersonalDataContract = {
	id: 'profile',
	tables: ['profile_value'],
	count: async (ctx, personId) =>
		(await heldCategories(ctx, personId)).map(({ category, values }) => ({
			category: category.id,
			records: values.length
		})),
	collect: async (ctx, personId, categories) =>
		(await heldCategories(ctx, personId))
			.filter(({ category }) => !categories || categories.has(category.id))
			.map(partOf),
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteValues(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: keptOf
};
