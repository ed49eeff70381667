// Promise: of what a system outside answers only the asked person's rows come in, each once, with values that fit what is described.
import { checkValue, type Checked, type FieldValue } from '../organisation/field-value.ts';
import type { Category, Field } from '../organisation/organisation.ts';
import type { Shortfall } from '../personal-data-contract.ts';
import { instant } from '../platform/clock.ts';
import type { SourceRow } from '../platform/sources/source.ts';
import { SeenIds } from './seen-ids.ts';

export interface OutsideRecord {
	id: string;
	/** An instant; where it stands in its source is `place`. */
	at: string;
	/** As the source writes its instant, by which it orders. */
	place: string;
	fields: Record<string, FieldValue>;
	/** Columns that are not here: no field describes them, or what stands in them is not of its field's kind. */
	unfit: readonly string[];
}

/** A row that came in; `left` where something of it, or all of it, did not. */
export interface CheckedRow {
	record?: OutsideRecord;
	left?: Shortfall;
}

const readable = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Databases leave out the zone where it is UTC, and minutes where there are none. */
export function instantOf(written: string): string | undefined {
	const match = readable.exec(written);
	if (!match) return undefined;
	const zone = match[1];
	const text = written.slice(0, written.length - (zone?.length ?? 0)).replace(' ', 'T');
	const time = text.length === 10 ? 'T00:00:00' : '';
	const ending =
		zone === undefined || zone === 'Z'
			? 'Z'
			: `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
	const at = new Date(text + time + ending);
	return Number.isNaN(at.getTime()) ? undefined : instant(at);
}

/** How long a value may be is a rule for what people write, not for what is held. */
const asHeld = (field: Field): Field => ({
	...field,
	type: field.type === 'text' ? 'long-text' : field.type,
	maxLength: 10_000_000
});

/** People may write no more entries into a list; longer ones are looked at so many at a time. */
const entriesAtOnce = 100;

/** A list is the text of a JSON array, or an entry a line. */
function entriesOf(text: string): unknown {
	if (text.trimStart().startsWith('['))
		try {
			return JSON.parse(text);
		} catch {
			// Lines may begin with a bracket.
		}
	return text.split(/\r\n?|\n/);
}

/** Databases write instants, lists and decimals in ways of their own. */
function asWritten({ type }: Field, value: unknown): unknown {
	if (typeof value !== 'string') return value;
	if (type === 'instant') return instantOf(value.trim()) ?? value;
	if (type === 'list') return entriesOf(value);
	return type === 'number' && /^-?\d{1,15}\.\d{11,}$/.test(value) ? Number(value) : value;
}

/** Signs that nobody may write over here stand in texts all the same, around numbers in Arabic above all. */
const unwritten = new Set(['direction-marks', 'control-characters']);
const isHeldText = (text: unknown): text is string =>
	typeof text === 'string' && text.isWellFormed() && !text.includes('\0');

function checkPiece(field: Field, piece: unknown, country: string): Checked {
	const checked = checkValue(field, piece, country);
	if ('value' in checked || !unwritten.has(checked.problem.code)) return checked;
	if (field.type === 'long-text' && isHeldText(piece)) return { value: piece };
	const isList = field.type === 'list' && Array.isArray(piece) && piece.every(isHeldText);
	return isList ? { value: piece } : checked;
}

/** Undefined where nothing stands there. */
function checkHeld(field: Field, given: unknown, country: string): Checked | undefined {
	const value = asWritten(field, given);
	const pieces: unknown[] = [value];
	if (field.type === 'list' && Array.isArray(value)) {
		pieces.length = 0;
		for (let from = 0; from < value.length; from += entriesAtOnce)
			pieces.push(value.slice(from, from + entriesAtOnce));
	}
	const values: FieldValue[] = [];
	for (const piece of pieces) {
		const checked = checkPiece(field, piece, country);
		if ('value' in checked) values.push(checked.value);
		else if (checked.problem.code !== 'required') return checked;
	}
	const [first] = values;
	return first === undefined
		? undefined
		: { value: Array.isArray(first) ? values.flat().map(String) : first };
}

const standing = new Set(['person', 'id', 'at']);

/** Checks rows of one person and category; remembers which ids came. */
export function rowCheck(
	category: Category,
	{ externalId, country }: { externalId: string; country: string }
): (row: SourceRow) => CheckedRow {
	const described = new Map(category.fields.map((field) => [field.id, asHeld(field)]));
	const seen = new SeenIds();

	function fieldsOf(row: SourceRow): Pick<OutsideRecord, 'fields' | 'unfit'> {
		const fields: Record<string, FieldValue> = {};
		const unfit: string[] = [];
		for (const [name, value] of Object.entries(row)) {
			if (standing.has(name) || value === null || value === undefined || value === '') continue;
			const field = described.get(name);
			const checked = field && checkHeld(field, value, country);
			if (checked && 'value' in checked) fields[name] = checked.value;
			else if (checked || !field) unfit.push(name);
		}
		return { fields, unfit };
	}

	return (row) => {
		if (row.person !== externalId) return { left: 'foreign' };
		const at = instantOf(row.at);
		if (!at || !/^[A-Za-z0-9._~:-]{1,100}$/.test(row.id)) return { left: 'wrong-shape' };
		if (!seen.add(row.id)) return { left: 'duplicate' };
		const held = fieldsOf(row);
		const record = { id: row.id, at, place: row.at, ...held };
		return { record, ...(held.unfit.length > 0 && { left: 'wrong-shape' }) };
	};
}
