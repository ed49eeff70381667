// The JSON Schema (2020-12) of one file of an export: what stands in it and nothing else, with the labels that the person saw.
import type { Translation } from '../../../i18n/catalogues.ts';
import type { Context } from '../../context.ts';
import { categoryOf } from '../../organisation/lookup.ts';
import type { Category, Field } from '../../organisation/organisation.ts';
import type { Part } from '../../personal-data-contract.ts';
import { labelOf, nameOfPart } from './names.ts';

const orNull = (type: string, more: object = {}) => ({ type: [type, 'null'], ...more });

/** The types of fields by JSON Schema; what is not named is a text. */
const types: Readonly<Record<string, object>> = {
	number: orNull('number'),
	flag: { enum: [true, false, 0, 1, null] },
	list: orNull('array', { items: { type: 'string' } }),
	instant: orNull('string', { format: 'date-time' }),
	date: orNull('string', { format: 'date' }),
	country: orNull('string', { pattern: '^[A-Z]{2}$' }),
	object: orNull('object'),
	objects: orNull('array', { items: { type: 'object' } }),
	any: {}
};

/** A choice by its codes, each with its words. */
function choices({ choices = [] }: Field, { text }: Translation): object {
	return {
		oneOf: [...choices.map(({ id, label }) => ({ const: id, title: text(label) })), { type: 'null' }]
	};
}

function schemaOfField(
	{ id, type }: Part['fields'][number],
	category: Category | undefined,
	translation: Translation
): object {
	const described = category?.fields.find((field) => field.id === id);
	if (described?.choices) return choices(described, translation);
	return types[type] ?? orNull('string');
}

/** Of records of the description only the portal's own columns stand in every row: what was not given is left out. */
function required(part: Part, category: Category | undefined): string[] {
	const always = part.fields.filter(({ optional }) => !optional).map(({ id }) => id);
	if (category?.kind !== 'records') return always;
	const given = new Set(category.fields.map(({ id }) => id));
	return always.filter((id) => !given.has(id));
}

export function schemaOf(ctx: Context, part: Part, translation: Translation) {
	const category = categoryOf(ctx.organisation, part.category);
	const properties = Object.fromEntries(
		part.fields.map((field) => [
			field.id,
			{ title: labelOf(translation, field.label), ...schemaOfField(field, category, translation) }
		])
	);
	return {
		$schema: 'https://json-schema.org/draft/2020-12/schema',
		title: nameOfPart(ctx, translation, part),
		...(category && { description: translation.text(category.about) }),
		type: 'array',
		items: { type: 'object', properties, required: required(part, category), additionalProperties: false }
	};
}
