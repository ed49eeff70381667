// Promise: a record that is stored has a described category of the person's role, described fields, and values that fit them.
import type { Context } from '../context.ts';
import { checkValue, type FieldValue } from '../organisation/field-value.ts';
import { categoryOf, fieldsOf, sourceOf } from '../organisation/lookup.ts';
import type { Category } from '../organisation/organisation.ts';
import { instant } from '../platform/clock.ts';

export interface NewRecord {
	category: string;
	/** The organisation's own id within the category: `[A-Za-z0-9._~:-]{1,100}`. */
	id: string;
	/** An instant or a day. */
	at: string;
	/** Values by field id; null and empty text count as left out. */
	fields: Readonly<Record<string, unknown>>;
	/** An origin of the description; the category's first one where left out. */
	origin?: string | undefined;
}

export interface CheckedRecord {
	category: string;
	id: string;
	at: string;
	fields: Record<string, FieldValue>;
	origin: string;
}

/** Why a record was not stored: a code of `errors:field`, and the field that it is about. */
export interface RecordProblem {
	code: string;
	field?: string;
	values?: Record<string, number>;
}

const described = (category: Category | undefined, role: string): category is Category =>
	category?.kind === 'records' && fieldsOf(category, role).length > 0;

export function checkRecord(
	ctx: Context,
	{ role, country }: { role: string; country: string },
	given: NewRecord
): CheckedRecord | { problem: RecordProblem } {
	const category = categoryOf(ctx.organisation, given.category);
	// What lies in a system outside is not held here too.
	if (!described(category, role) || sourceOf(ctx.organisation, category.id))
		return { problem: { code: 'category-unknown', field: 'category' } };
	if (!/^[A-Za-z0-9._~:-]{1,100}$/.test(given.id)) return { problem: { code: 'not-id', field: 'id' } };
	const at = new Date(/^\d{4}-\d{2}-\d{2}/.test(given.at) ? given.at : Number.NaN);
	if (Number.isNaN(at.getTime())) return { problem: { code: 'not-date', field: 'at' } };
	const origin = given.origin ?? (category.origins[0] as string);
	if (!category.origins.includes(origin)) return { problem: { code: 'origin-unknown', field: 'origin' } };

	const fields: CheckedRecord['fields'] = {};
	const known = new Map(fieldsOf(category, role).map((field) => [field.id, field]));
	for (const [id, value] of Object.entries(given.fields)) {
		const field = known.get(id);
		if (!field) return { problem: { code: 'field-unknown', field: id } };
		if (value === null || value === undefined || value === '') continue;
		const checked = checkValue(field, value, country);
		if ('problem' in checked) return { problem: { ...checked.problem, field: id } };
		fields[id] = checked.value;
	}
	return { category: category.id, id: given.id, at: instant(at), fields, origin };
}
