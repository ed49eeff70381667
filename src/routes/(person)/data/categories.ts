// What every page about data shows of a category: how much of it there is.
import * as profile from '$lib/server/profile/profile';
import * as records from '$lib/server/records/records';
import * as sources from '$lib/server/sources/sources';
import { categoriesOf, fieldsOf, sourceOf } from '$lib/server/organisation/lookup';
import type { Category } from '$lib/server/organisation/organisation';

export interface CategoryCount {
	category: Category;
	/** Values of a profile, entries of anything else; undefined: it lies in a system outside that can't be asked just now. */
	count: number | undefined;
}

/** How many values of each profile category are there. */
export async function countValues({
	ctx,
	person
}: Pick<App.Locals, 'ctx' | 'person'>): Promise<Map<string, number>> {
	const held = await profile.held(ctx, person);
	const profiles = categoriesOf(ctx.organisation, person.role).filter(({ kind }) => kind === 'profile');
	return new Map(
		profiles.map((category) => [
			category.id,
			fieldsOf(category, person.role).filter(({ id }) => held.has(id)).length
		])
	);
}

/** The categories of the person's role with what is held in each, in the description's order. */
export async function countCategories(locals: Pick<App.Locals, 'ctx' | 'person'>): Promise<CategoryCount[]> {
	const { ctx, person } = locals;
	const categories = categoriesOf(ctx.organisation, person.role);
	const outside = categories.filter(({ id }) => sourceOf(ctx.organisation, id));
	const [values, counts, ...elsewhere] = await Promise.all([
		countValues(locals),
		records.counts(ctx, person.id),
		...outside.map((category) => sources.amount(ctx, person, category))
	]);
	const away = new Map(outside.map(({ id }, index) => [id, elsewhere[index]]));
	return categories.map((category) => ({
		category,
		count: away.has(category.id)
			? away.get(category.id)
			: (values.get(category.id) ?? counts.get(category.id) ?? 0)
	}));
}
