// How a stored value reads in the person's language.
import type { Translation } from '$lib/i18n/catalogues';
import type { FieldValue } from '$lib/server/organisation/field-value';
import type { Field } from '$lib/server/organisation/organisation';

/** The text of a value; a value that no longer fits its field is shown as it is. */
export function valueText(
	translation: Translation,
	field: Pick<Field, 'type' | 'choices'>,
	value: FieldValue | undefined
): string {
	if (value === undefined) return '';
	if (Array.isArray(value)) return translation.list(value);
	if (typeof value === 'number') return translation.number(value);
	const chosen = field.choices?.find(({ id }) => id === value);
	if (chosen) return translation.text(chosen.label);
	return named(translation, field.type, value);
}

function named(translation: Translation, type: Field['type'], value: string): string {
	try {
		if (type === 'date') return translation.date(value);
		if (type === 'instant') return translation.dateTime(value);
		if (type === 'country') return translation.country(value);
		if (type === 'language') return translation.languageName(value);
	} catch {
		return value;
	}
	return value;
}

/** Addresses and numbers run from left to right in every language. */
export const isLeftToRight = (type: Field['type']): boolean =>
	['email', 'phone', 'url', 'image', 'time-zone'].includes(type);
