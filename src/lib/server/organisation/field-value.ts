// Promise: what is stored for a field is what such a field can hold; anything else is told with a code, never with an exception.
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import { isTimeZone } from '../../i18n/formats.ts';
import { instant } from '../platform/clock.ts';
import type { Field } from './organisation.ts';

export type FieldValue = string | number | string[];

/** A code whose sentence stands at `errors:field.<code>`. */
export interface ValueProblem {
	code: string;
	values?: Record<string, number>;
}

export type Checked = { value: FieldValue } | { problem: ValueProblem };

const longestEntry = 200;
const mostEntries = 100;

const lengths: Partial<Record<Field['type'], number>> = {
	'long-text': 10_000,
	url: 2_000,
	image: 2_000,
	email: 254
};

/** The longest text that a field takes, in characters. */
export const maxLengthOf = (field: Field): number => field.maxLength ?? lengths[field.type] ?? longestEntry;

const refuse = (code: string, values?: Record<string, number>): Checked => ({
	problem: values ? { code, values } : { code }
});

/**
 * Checks and normalises a value. A phone number without prefix is read as of `country`.
 * Numbers, instants and lists may also come as text (a form, a CSV file); a list then has an entry a line.
 */
export function checkValue(field: Field, given: unknown, country: string): Checked {
	if (field.type === 'number') return checkNumber(given);
	if (field.type === 'list') return checkList(field, given);
	if (typeof given !== 'string') return refuse('wrong');

	const text = tidy(given);
	if (text === '') return refuse('required');
	const problem = characterProblem(text, field.type === 'long-text');
	if (problem) return refuse(problem);
	const max = maxLengthOf(field);
	if (text.length > max) return refuse('too-long', { max });
	return checkText(field, text, country);
}

const tidy = (text: string): string => text.normalize('NFC').replace(/\r\n?/g, '\n').trim();

/** Characters that can't be stored, can't be seen, or turn the reading direction of what stands around them. */
export function characterProblem(text: string, severalLines: boolean): string | undefined {
	if (text.includes('\0')) return 'nul';
	if (/[\u202a-\u202e\u2066-\u2069]/.test(text)) return 'direction-marks';
	const control = severalLines ? /[\u0001-\u0008\u000b-\u001f\u007f-\u009f]/ : /[\u0001-\u001f\u007f-\u009f]/;
	return control.test(text) || !text.isWellFormed() ? 'control-characters' : undefined;
}

function checkText(field: Field, text: string, country: string): Checked {
	switch (field.type) {
		case 'email':
			return /^[^\s@<>()[\],;:"]+@[^\s@.<>()[\],;:"]+(\.[^\s@.<>()[\],;:"]+)+$/.test(text)
				? { value: text }
				: refuse('not-email');
		case 'phone':
			return checkPhone(text, country);
		case 'url':
			return isWebAddress(text) ? { value: text } : refuse('not-url');
		case 'image':
			return isWebAddress(text) || /^[\p{L}\p{N} ._/-]+$/u.test(text) ? { value: text } : refuse('not-url');
		case 'date':
			return isDay(text) ? { value: text } : refuse('not-date');
		case 'instant':
			return checkInstant(text);
		case 'choice':
			return field.choices?.some(({ id }) => id === text) ? { value: text } : refuse('wrong');
		case 'country':
			return isKnown('region', text) && /^[A-Z]{2}$/.test(text) ? { value: text } : refuse('wrong');
		case 'language':
			return isKnown('language', text) ? { value: text } : refuse('wrong');
		case 'time-zone':
			return isTimeZone(text) ? { value: text } : refuse('wrong');
		case 'text':
		case 'long-text':
		case 'number':
		case 'list':
			return { value: text };
	}
}

function checkNumber(given: unknown): Checked {
	const written = typeof given === 'string' && /^-?\d{1,15}([.,]\d{1,10})?$/.test(given.trim());
	const number = written ? Number(given.trim().replace(',', '.')) : given;
	if (number === '') return refuse('required');
	return typeof number === 'number' && Number.isFinite(number) ? { value: number } : refuse('not-number');
}

function checkList(field: Field, given: unknown): Checked {
	const entries = typeof given === 'string' ? given.split(/\r\n|\r|\n/) : given;
	if (!Array.isArray(entries) || !entries.every((entry) => typeof entry === 'string')) return refuse('wrong');

	const tidied = entries.map(tidy).filter((entry) => entry !== '');
	if (tidied.length === 0) return refuse('required');
	if (tidied.length > mostEntries) return refuse('too-many', { max: mostEntries });
	const max = field.maxLength ?? longestEntry;
	if (tidied.some((entry) => entry.length > max)) return refuse('too-long', { max });
	const problem = tidied.map((entry) => characterProblem(entry, false)).find((code) => code !== undefined);
	return problem ? refuse(problem) : { value: tidied };
}

function checkPhone(text: string, country: string): Checked {
	const number = parsePhoneNumberFromString(text, country as CountryCode);
	return number?.isPossible() ? { value: number.number } : refuse('not-phone');
}

function checkInstant(text: string): Checked {
	const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? new Date(text) : new Date(Number.NaN);
	return Number.isNaN(at.getTime()) ? refuse('not-date') : { value: instant(at) };
}

function isDay(text: string): boolean {
	const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(text) : new Date(Number.NaN);
	return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function isWebAddress(text: string): boolean {
	return /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text);
}

const names = {
	region: new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }),
	language: new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
};

function isKnown(type: keyof typeof names, code: string): boolean {
	try {
		return names[type].of(code) !== undefined;
	} catch {
		return false;
	}
}
