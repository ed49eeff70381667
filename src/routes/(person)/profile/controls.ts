// Which control a field of the description gets, and what stands in it.
import { getCountries } from 'libphonenumber-js/min';
import type { Translation } from '$lib/i18n/catalogues';
import { maxLengthOf, type FieldValue } from '$lib/server/organisation/field-value';
import type { Field } from '$lib/server/organisation/organisation';

type Options = readonly { value: string; label: string }[];

/** Languages that people choose among; another tag that a person has already is kept. */
const languageTags =
	'af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms my nb ne nl nn pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zh zu'.split(
		' '
	);

const types = {
	email: 'email',
	phone: 'tel',
	url: 'url',
	image: 'url',
	date: 'date',
	'long-text': 'textarea',
	list: 'textarea'
} as const;

type ControlType = 'text' | 'select' | (typeof types)[keyof typeof types];

export interface Control {
	type: ControlType;
	options?: Options;
	maxlength?: number;
	inputmode?: 'decimal';
	autocomplete: 'off';
}

export function controlOf(translation: Translation, field: Field, current: string): Control {
	const options = optionsOf(translation, field, current);
	if (options) return { type: 'select', options, autocomplete: 'off' };
	const type = types[field.type as keyof typeof types] ?? 'text';
	if (field.type === 'date') return { type, autocomplete: 'off' };
	if (field.type === 'number') return { type, inputmode: 'decimal', autocomplete: 'off' };
	return field.type === 'list'
		? { type, autocomplete: 'off' }
		: { type, maxlength: maxLengthOf(field), autocomplete: 'off' };
}

/** What stands in the control: a list has an entry a line. */
export const written = (value: FieldValue | undefined): string =>
	Array.isArray(value) ? value.join('\n') : String(value ?? '');

function optionsOf(translation: Translation, field: Field, current: string): Options | undefined {
	const known = choicesOf(translation, field);
	if (!known) return undefined;
	const kept =
		current && !known.some(({ value }) => value === current) ? [{ value: current, label: current }] : [];
	const nothing =
		field.required && current ? [] : [{ value: '', label: translation.t('profile:form.choose') }];
	return [...nothing, ...known, ...kept];
}

function choicesOf(translation: Translation, field: Field): Options | undefined {
	const { tag, text, country, languageName } = translation;
	if (field.type === 'choice')
		return (field.choices ?? []).map(({ id, label }) => ({ value: id, label: text(label) }));
	if (field.type === 'country')
		return sorted(
			tag,
			getCountries().map((code) => ({ value: code as string, label: country(code) }))
		);
	if (field.type === 'language')
		return sorted(
			tag,
			languageTags.map((code) => ({ value: code, label: languageName(code) }))
		);
	if (field.type === 'time-zone')
		return Intl.supportedValuesOf('timeZone').map((zone) => ({
			value: zone,
			label: zone.replaceAll('_', ' ')
		}));
	return undefined;
}

const kept = new Map<string, Options>();

/** Sorting 250 names by a language's rules is dear; the result is the same for everybody. */
function sorted(tag: string, options: Options): Options {
	const name = `${tag} ${options.length}`;
	const known =
		kept.get(name) ??
		[...options].sort(({ label: a }, { label: b }) => a.localeCompare(b, tag === 'en-XA' ? 'en' : tag));
	kept.set(name, known);
	return known;
}
