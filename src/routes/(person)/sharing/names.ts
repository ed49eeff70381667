// Codes of the ledger in the person's language; what the description has dropped goes by its code.
import { categoryOf, partnerOf, purposeOf } from '$lib/server/organisation/lookup';
import type { ListedFields } from '../../partner-card';

type Speaking = Pick<App.Locals, 'ctx' | 'translation'>;

export const partnerName = ({ ctx }: Speaking, id: string): string =>
	partnerOf(ctx.organisation, id)?.name ?? id;

export const purposeName = ({ ctx, translation }: Speaking, id: string): string =>
	translation.text(purposeOf(ctx.organisation, id)?.label) || id;

export const categoryName = ({ ctx, translation }: Speaking, id: string): string =>
	translation.text(categoryOf(ctx.organisation, id)?.label) || id;

export const fieldName = ({ ctx, translation }: Speaking, category: string, field: string): string =>
	translation.text(categoryOf(ctx.organisation, category)?.fields.find(({ id }) => id === field)?.label) ||
	field;

/** Codes `category.field`, put together by category. */
export function listed(locals: Speaking, codes: readonly string[]): ListedFields[] {
	const byCategory = new Map<string, string[]>();
	for (const code of codes) {
		const [category = '', field = ''] = code.split('.');
		byCategory.set(category, [...(byCategory.get(category) ?? []), fieldName(locals, category, field)]);
	}
	return [...byCategory].map(([category, fields]) => ({
		category: categoryName(locals, category),
		fields,
		whole: false
	}));
}
