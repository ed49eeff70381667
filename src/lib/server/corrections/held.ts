// What stands in a field, and how something else comes to stand there: of the profile or of one record of a category.
import type { Person } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import type { FieldValue, ValueProblem } from '../organisation/field-value.ts';
import type { Category, Field } from '../organisation/organisation.ts';
import * as profile from '../profile/profile.ts';
import { correct as correctRecord } from '../records/correcting.ts';
import * as records from '../records/records.ts';

export interface About {
	category: Category;
	field: Field;
}

const inWords = (value: FieldValue | undefined): string =>
	Array.isArray(value) ? value.join('\n') : String(value ?? '');

/** The value now, and in one text; undefined where there is no such record. */
export async function heldOf(
	ctx: Context,
	person: Person,
	{ category, field }: About,
	record: string | null
): Promise<{ value: FieldValue | undefined; words: string } | undefined> {
	if (category.kind === 'profile') {
		if (record !== null) return undefined;
		const value = (await profile.values(ctx, person)).get(field.id)?.value;
		return { value, words: inWords(value) };
	}
	const held = record === null ? undefined : await records.find(ctx, person.id, category.id, record);
	return held && { value: held.fields[field.id], words: inWords(held.fields[field.id]) };
}

/**
 * Writes another value, or erases it (empty text). An identifier is written by nobody but the person, with a code sent to the
 * new address: where it is contested, what stands there then counts. `problem` for what does not fit the field.
 */
export async function write(
	ctx: Context,
	person: Person,
	{ category, field }: About,
	{ record, value }: { record: string | null; value: string }
): Promise<{ written: true } | { problem: ValueProblem }> {
	if (field.identifier) return { written: true };
	const given = value === '' ? null : value;
	const outcome =
		category.kind === 'profile'
			? await profile.correct(ctx, person, field.id, given)
			: await correctRecord(ctx, person.id, { category: category.id, id: record ?? '' }, field.id, given);
	return 'problem' in outcome ? outcome : { written: true };
}
