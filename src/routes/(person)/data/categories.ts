// What every page about data shows of a category: how much of it there is.
import * as profile from '$lib/server/profile/profile';
import * as records from '$lib/server/records/records';
import { categoriesOf, fieldsOf } from '$lib/server/organisation/lookup';
import type { Category } from '$lib/server/organisation/organisation';

export interface CategoryCount {
	category: Category;
	/** Values of a profile, entries of anything else. */
	count: number;
}

/** The categories of the person's role with what is held in each, in the description's order. */
export async function countCategories({ ctx, person }: Pick<App.Locals, 'ctx' | 'person'>): Promise<CategoryCount[]> {
	const values = await profile.values(ctx, person);
	const counts = await records.counts(ctx, person.id);
	return categoriesOf(ctx.organisation, person.role).map((category) => ({
		category,
		count: category.kind === 'records' ? (counts.get(category.id) ?? 0) : fieldsOf(category, person.role).filter(({ id }) => values.has(id)).length
	}));
}
