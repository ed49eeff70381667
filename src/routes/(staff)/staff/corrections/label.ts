// What a contested field is called, whatever the role of whose it is.
import { categoryOf } from '$lib/server/organisation/lookup';

export function labelOf({ ctx, translation: { text } }: App.Locals, code: string): string {
	const [categoryId = '', fieldId] = code.split('.');
	const category = categoryOf(ctx.organisation, categoryId);
	const field = category?.fields.find(({ id }) => id === fieldId);
	return category && field ? `${text(category.label)} · ${text(field.label)}` : code;
}
