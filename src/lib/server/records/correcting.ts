// Promise: what was decided to be right stands in a record in place of what was wrong, and nothing else of it changes.
import type { Context } from '../context.ts';
import { checkValue, type ValueProblem } from '../organisation/field-value.ts';
import { categoryOf, fieldsOf } from '../organisation/lookup.ts';
import { selectPerson } from './queries.ts';
import { find, put } from './records.ts';

/**
 * Writes one field of a record, or erases it (null), in the caller's transaction, which writes down why. `problem`: `unknown`,
 * and those of the field's type.
 */
export async function correct(
	ctx: Context,
	personId: string,
	{ category, id }: { category: string; id: string },
	fieldId: string,
	given: string | null
): Promise<{ corrected: true } | { problem: ValueProblem }> {
	const person = await selectPerson(ctx, personId);
	const held = await find(ctx, personId, category, id);
	const described = categoryOf(ctx.organisation, category);
	const field = described && fieldsOf(described, person?.role ?? '').find((one) => one.id === fieldId);
	if (!person || !held || !field) return { problem: { code: 'unknown' } };
	const { [fieldId]: _wrong, ...others } = held.fields;
	const checked = given === null ? undefined : checkValue(field, given, person.country);
	if (checked && 'problem' in checked) return checked;
	const fields = checked ? { ...others, [fieldId]: checked.value } : others;
	const stored = await put(ctx, personId, [{ category, id, at: held.at, origin: held.origin, fields }]);
	// Another field of it may no longer fit today's description: then nothing was written.
	if ('refused' in stored || stored.problems.length > 0) return { problem: { code: 'unknown' } };
	return { corrected: true };
}
