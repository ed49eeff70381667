// The kinds of values that a description is made of: ids, references, days, texts in each language.
import { z } from 'zod';

const codePattern = /^[a-z][a-z0-9-]{0,39}$/;
const codeAdvice = 'a code: small letters, digits and hyphens, at most 40';
export const code = z.string().regex(codePattern, codeAdvice);

/** The lists of a description whose entries are referred to by id. */
export type Referable =
	| 'roles'
	| 'purposes'
	| 'origins'
	| 'storage'
	| 'retention'
	| 'partners'
	| 'channels'
	| 'categories'
	| 'topics';

/** Which list a schema's value refers to, by the schema's definition; `validation.ts` checks that the entry exists. */
export const references = new WeakMap<object, Referable>();

/** An id that must stand in the named list. */
export function refers(to: Referable) {
	const reference = z.string().regex(codePattern, codeAdvice);
	references.set(reference.def, to);
	return reference;
}

export const fieldCode = z
	.string()
	.regex(/^[a-z][a-zA-Z0-9]{0,39}$/, 'a field id: letters and digits, starting small, at most 40');
export const flow = z
	.string()
	.regex(
		/^[a-z][a-z0-9-]{0,39}\.[a-z][a-zA-Z0-9]{0,39}$/,
		'a category and its field, such as "contact.phone"'
	);
export const languageTag = z
	.string()
	.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language tag such as "en" or "pt-BR"');
export const country = z.string().regex(/^[A-Z]{2}$/, 'a country code of two capital letters, such as "KR"');
export const colour = z.string().regex(/^#[0-9a-f]{6}$/, 'a colour such as "#0b7a4b", in small letters');
export const day = z.iso.date('a day such as "2026-11-22"');
export const duration = z
	.string()
	.regex(/^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/, 'a duration such as "P90D", "P6M" or "P5Y"');
export const url = z.url({ protocol: /^https?$/ });

/** A text in every language of the description, keyed by language tag. Completeness is checked by `validation.ts`. */
export const text = z.record(z.string(), z.string().min(1));

/** Marks what the policy does not say and the example made up; pages show it. */
export const invented = z.literal(true).optional();

export const lawfulBasis = z.enum([
	'consent',
	'contract',
	'legal-obligation',
	'vital-interests',
	'public-task',
	'legitimate-interests'
]);

export type Text = z.infer<typeof text>;
