// A value as a person reads it: codes in words, instants and numbers as their language writes them.
import type { Translation } from '../../../i18n/catalogues.ts';
import type { Context } from '../../context.ts';
import { categoryOf, originOf } from '../../organisation/lookup.ts';
import type { Field } from '../../organisation/organisation.ts';
import type { Part } from '../../personal-data-contract.ts';
import { html, type Html } from './html.ts';

export interface Viewing {
	ctx: Context;
	translation: Translation;
}

/** One cell of a part, in the language of whoever looks. */
export const valueOf = (
	viewing: Viewing,
	part: Part,
	{ id, type }: { id: string; type: string },
	value: unknown
): Html => written(viewing, type, inWords(viewing, part, id, value));

function written({ translation }: Viewing, type: string, value: unknown): Html {
	if (value === null || value === undefined || value === '') return html`<span class="none">—</span>`;
	if (type === 'instant' && typeof value === 'string')
		return html`<time datetime="${value}">${translation.dateTime(value)}</time>`;
	if (type === 'date' && typeof value === 'string')
		return html`<time datetime="${value}">${translation.date(value)}</time>`;
	if (type === 'number' && typeof value === 'number') return html`${translation.number(value)}`;
	if (type === 'country' && typeof value === 'string') return html`${translation.country(value)}`;
	if (Array.isArray(value)) return html`<bdi>${translation.list(value.map(String))}</bdi>`;
	return html`<bdi>${typeof value === 'object' ? JSON.stringify(value) : value}</bdi>`;
}

/** What is kept as a code, in words. */
function inWords(viewing: Viewing, part: Part, id: string, value: unknown): unknown {
	const { ctx, translation } = viewing;
	const fields = categoryOf(ctx.organisation, part.category)?.fields ?? [];
	if (id === 'origins' && Array.isArray(value))
		return value.map((line) => originIn(viewing, fields, String(line)));
	if (typeof value !== 'string') return value;
	const field = fields.find((field) => field.id === id);
	const choice = field?.choices?.find((choice) => choice.id === value);
	if (choice) return translation.text(choice.label);
	if (id === 'origin') return translation.text(originOf(ctx.organisation, value)?.label) || value;
	if (part.category === 'portal.exports') return ofExport(viewing, id, value);
	return value;
}

function ofExport({ ctx, translation: { text, list, t, has } }: Viewing, id: string, value: string): string {
	if (id === 'state' && has(`export:state.${value}`)) return t(`export:state.${value}`);
	if (id !== 'categories') return value;
	const own = (category: string) => `common:holding.${category.replace(/^portal\./, '')}`;
	const label = (category: string) =>
		text(categoryOf(ctx.organisation, category)?.label) || (has(own(category)) ? t(own(category)) : category);
	return list(value.split(' ').filter(Boolean).map(label));
}

/** `birthday: sign-up` is where the value of one field came from. */
function originIn({ ctx, translation: { text } }: Viewing, fields: readonly Field[], line: string): string {
	const [id, origin = ''] = line.split(': ');
	const label = text(fields.find((field) => field.id === id)?.label);
	const from = text(originOf(ctx.organisation, origin)?.label);
	return label && from ? `${label} (${from})` : line;
}
