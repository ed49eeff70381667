// The JSON Schema (2020-12) of one file of an export, with the labels that the person saw.
import type { Context } from '../../context.ts';
import { translationIn } from '../../../i18n/catalogues.ts';
import type { Part } from '../../personal-data-contract.ts';

/** Types of the description by JSON Schema; what is not named is a text. */
const types: Record<string, object> = {
	number: { type: ['number', 'null'] },
	list: { type: ['array', 'null'], items: { type: 'string' } },
	instant: { type: ['string', 'null'], format: 'date-time' },
	date: { type: ['string', 'null'], format: 'date' },
	any: {}
};

export const labelOf = (label: Part['fields'][number]['label'], language: string): string => {
	const translation = translationIn(language);
	if (typeof label !== 'string') return translation.text(label);
	// A missing label must not cost anybody their export; the tests of the catalogues find it.
	return translation.has(label) ? translation.t(label) : (label.split('.').at(-1) ?? label);
};

export function schemaOf(_ctx: Context, part: Part, language: string) {
	const properties = Object.fromEntries(
		part.fields.map(({ id, type, label }) => [
			id,
			{
				title: labelOf(label, language),
				...(types[type] ?? (part.shape === 'table' ? { type: ['string', 'null'] } : {}))
			}
		])
	);
	return {
		$schema: 'https://json-schema.org/draft/2020-12/schema',
		title: part.path,
		type: 'array',
		items: { type: 'object', properties }
	};
}
