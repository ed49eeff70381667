// Promise: of what a system outside answers only the asked person's rows come in, each once, with values that fit what is described.
import { checkValue, type FieldValue } from '../organisation/field-value.ts';
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

const standing = new Set(['person', 'id', 'at']);

/** Checks rows of one person and category; remembers which ids came. */
export function rowCheck(
	category: Category,
	{ externalId, country }: { externalId: string; country: string }
): (row: SourceRow) => CheckedRow {
	const described = new Map(category.fields.map((field) => [field.id, asHeld(field)]));
	const seen = new SeenIds();

	function fieldsOf(row: SourceRow): { fields: Record<string, FieldValue>; left?: Shortfall } {
		const fields: Record<string, FieldValue> = {};
		let left: Shortfall | undefined;
		for (const [name, value] of Object.entries(row)) {
			if (standing.has(name) || value === null || value === undefined || value === '') continue;
			const field = described.get(name);
			const checked = field && checkValue(field, value, country);
			if (checked && 'value' in checked) fields[name] = checked.value;
			else left = 'wrong-shape';
		}
		return { fields, ...(left && { left }) };
	}

	return (row) => {
		if (row.person !== externalId) return { left: 'foreign' };
		const at = instantOf(row.at);
		if (!at || !/^[A-Za-z0-9._~:-]{1,100}$/.test(row.id)) return { left: 'wrong-shape' };
		if (!seen.add(row.id)) return { left: 'duplicate' };
		const { fields, left } = fieldsOf(row);
		return { record: { id: row.id, at, place: row.at, fields }, ...(left && { left }) };
	};
}
