// What parts and their columns are called, in the person's language.
import type { Translation } from '../../../i18n/catalogues.ts';
import type { Context } from '../../context.ts';
import { categoryOf } from '../../organisation/lookup.ts';
import type { Part } from '../../personal-data-contract.ts';

/** As the description calls the category, or the catalogues the portal's own file. */
export function nameOfPart(ctx: Context, translation: Translation, { path, series, category }: Part): string {
	const described = categoryOf(ctx.organisation, category);
	if (described) return translation.text(described.label);
	const key = `viewer:part.${(series ?? path).replaceAll('/', '-')}`;
	return translation.has(key) ? translation.t(key) : path;
}

export function labelOf(translation: Translation, label: Part['fields'][number]['label']): string {
	if (typeof label !== 'string') return translation.text(label);
	// A missing label must not cost anybody their export; the tests of the catalogues find it.
	return translation.has(label) ? translation.t(label) : (label.split('.').at(-1) ?? label);
}
