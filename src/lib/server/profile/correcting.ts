// Promise: what was decided to be right stands in the profile in place of what was wrong.
import type { Context } from '../context.ts';
import { checkValue, type ValueProblem } from '../organisation/field-value.ts';
import { profileFields } from './fields.ts';
import { deleteValue, upsertValue } from './queries.ts';
import { rowOf, storedValues } from './values.ts';

/**
 * Writes a field, whether or not the person may edit it, or erases it (null); in the caller's transaction, which writes down
 * why. It counts as said by the person. `problem`: `unknown`, `not-editable` for an identifier, and those of the field's type.
 */
export async function correct(
	ctx: Context,
	person: { id: string; role: string; country: string },
	fieldId: string,
	given: string | null
): Promise<{ corrected: true } | { problem: ValueProblem }> {
	const field = profileFields(ctx, person.role).get(fieldId)?.field;
	if (!field) return { problem: { code: 'unknown' } };
	if (field.identifier) return { problem: { code: 'not-editable' } };
	if (given === null) {
		await deleteValue(ctx, person.id, fieldId);
		return { corrected: true };
	}
	const checked = checkValue(field, given, person.country);
	if ('problem' in checked) return checked;
	const before = (await storedValues(ctx, person.id)).get(fieldId);
	const key = await ctx.keys.of(person.id);
	const change = { personId: person.id, field: fieldId, value: checked.value, origin: 'person' };
	await upsertValue(ctx, rowOf(ctx, key, change, before));
	return { corrected: true };
}
