// A value as a person reads it: codes in words, instants and numbers as their language writes them, what is nested as a list.
import type { Translation } from '../../../i18n/catalogues.ts';
import { categoryOf, originOf } from '../../organisation/lookup.ts';
import type { Category, Organisation } from '../../organisation/organisation.ts';
import type { Part, Row } from '../../personal-data-contract.ts';
import { html, type Html } from './html.ts';
import { eventSentence, told } from './words.ts';

export interface Reading {
	organisation: Organisation;
	translation: Translation;
	/** Where files of the ZIP lie, seen from the page: `../`. */
	root: string;
	/** Pictures that go with the part, by path and by name. */
	pictures?: ReadonlyMap<string, string>;
}

type Field = Part['fields'][number];

const none = html`<span class="none">—</span>`;
const day = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
/** Addresses and numbers run from left to right in every language. */
const leftToRight = new Set(['email', 'phone', 'url', 'image', 'time-zone']);
/** What would fill pages and is not for reading: it stands in the JSON file, or as a file of its own. */
const notForReading = new Set(['content', 'sha256']);

/** Writes the values of one part; what is the same for all of its rows is looked up once. */
export function writerOf(reading: Reading, part: Part): (field: Field, row: Row) => Html {
	const category = categoryOf(reading.organisation, part.category);
	const choices = new Map(
		(category?.fields ?? []).map(({ id, choices = [] }) => [
			id,
			new Map(choices.map((choice) => [choice.id, reading.translation.text(choice.label)]))
		])
	);
	return (field, row) => {
		const value = row[field.id];
		if (part.path === 'activity' && field.id === 'kind') return html`${eventSentence(reading, row)}`;
		const choice = typeof value === 'string' ? choices.get(field.id)?.get(value) : undefined;
		if (choice) return html`${choice}`;
		if (category && field.id === 'origins' && Array.isArray(value))
			return listed(
				reading,
				value.map((line) => html`${originIn(reading, category, String(line))}`)
			);
		return written(reading, part, field, value);
	};
}

function written(reading: Reading, part: Part, field: Field, value: unknown): Html {
	if (value === null || value === undefined || value === '') return none;
	if (Array.isArray(value))
		return value.length
			? listed(
					reading,
					value.map((one) => written(reading, part, field, one))
				)
			: none;
	if (typeof value === 'object') return nested(reading, part, value as Record<string, unknown>);
	if (typeof value === 'boolean' || field.type === 'flag')
		return html`${reading.translation.t(value ? 'viewer:yes' : 'viewer:no')}`;
	if (typeof value === 'number') return html`${reading.translation.number(value)}`;
	return text(reading, part, field, String(value));
}

function text(reading: Reading, part: Part, { id, type }: Field, value: string): Html {
	const { translation } = reading;
	if (type === 'instant' || moment.test(value))
		return html`<time datetime="${value}">${translation.dateTime(value)}</time>`;
	if (type === 'date' || day.test(value))
		return html`<time datetime="${value}">${translation.date(value)}</time>`;
	if (type === 'country') return html`${translation.country(value)}`;
	if (type === 'language') return html`${translation.languageName(value)}`;
	const picture = type === 'image' ? reading.pictures?.get(value) : undefined;
	if (picture) return html`<img src="${reading.root}${picture}" alt="${value}" loading="lazy" />`;
	const known = isOwn(reading, part, id) && told(reading, part.path, id, value);
	if (known) return html`${known}`;
	return leftToRight.has(type) ? html`<bdi dir="ltr">${value}</bdi>` : html`<bdi>${value}</bdi>`;
}

/** Codes of the portal stand in its own files; in those of a described category, where the portal notes the origin. */
function isOwn({ organisation }: Reading, { category }: Part, id: string): boolean {
	const described = categoryOf(organisation, category);
	return !described || (id === 'origin' && !described.fields.some((field) => field.id === id));
}

function listed({ translation }: Reading, items: readonly Html[]): Html {
	if (items.some(({ text }) => text.startsWith('<dl')))
		return html`<ol class="nested">
			${items.map((item) => html`<li>${item}</li>`)}
		</ol>`;
	// The language joins what stands between: its own comma, its own "and".
	const joined = translation.list(items.map((_, index) => `\0${index}\0`)).split('\0');
	return html`${joined.map((piece, at) => (at % 2 ? (items[Number(piece)] as Html) : piece))}`;
}

function nested(reading: Reading, part: Part, value: Record<string, unknown>): Html {
	const lines = Object.entries(value).filter(([name, one]) => one !== null && !notForReading.has(name));
	if (lines.length === 0) return none;
	return html`<dl class="nested">
		${lines.map(
			([name, one]) =>
				html`<div>
					<dt>${nameOf(reading, name)}</dt>
					<dd>${written(reading, part, { id: name, type: 'text', label: name }, one)}</dd>
				</div>`
		)}
	</dl>`;
}

/** What is nested has no labels of its own: the words for it are shared. */
function nameOf({ translation: { t, has } }: Reading, name: string): string {
	return has(`viewer:inner.${name}`) ? t(`viewer:inner.${name}`) : name;
}

/** `birthday: sign-up` is where the value of one field came from. */
function originIn({ organisation, translation }: Reading, category: Category, line: string): string {
	const [id, origin = ''] = line.split(': ');
	const label = translation.text(category.fields.find((field) => field.id === id)?.label);
	const from = translation.text(originOf(organisation, origin)?.label);
	if (!label) return line;
	return from ? `${label} (${from})` : label;
}
