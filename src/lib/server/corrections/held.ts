// What stands in a field, and how something else comes to stand there: of the profile or of one record of a category.
import type { Person } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { checkValue, type FieldValue, type ValueProblem } from '../organisation/field-value.ts';
import { sourceOf } from '../organisation/lookup.ts';
import type { Category, Field } from '../organisation/organisation.ts';
import * as profile from '../profile/profile.ts';
import { correct as correctRecord } from '../records/correcting.ts';
import * as records from '../records/records.ts';
import * as sources from '../sources/sources.ts';

export interface About {
	category: Category;
	field: Field;
}

const inWords = (value: FieldValue | undefined): string =>
	Array.isArray(value) ? value.join('\n') : String(value ?? '');

/** The value now, and in one text. */
export interface Held {
	value: FieldValue | undefined;
	words: string;
	/** Something stands there that is not of the field's kind: what, nobody knows here. */
	isUnfit?: boolean;
}

const heldAs = (value: FieldValue | undefined): Held => ({ value, words: inWords(value) });

export const liesOutside = ({ organisation }: Context, { category }: About): boolean =>
	sourceOf(organisation, category.id) !== undefined;

/**
 * What is held now; undefined where there is no such record. Refuses `source-unavailable` where it lies in a system outside
 * that can't be asked: never within a transaction then.
 */
export async function heldOf(
	ctx: Context,
	person: Person,
	about: About,
	record: string | null
): Promise<Held | undefined | sources.Unavailable> {
	const { category, field } = about;
	if ((category.kind === 'profile') !== (record === null)) return undefined;
	if (liesOutside(ctx, about)) return heldOutside(ctx, person, about, record);
	if (record === null) return heldAs((await profile.values(ctx, person)).get(field.id)?.value);
	const held = await records.find(ctx, person.id, category.id, record);
	return held && heldAs(held.fields[field.id]);
}

async function heldOutside(
	ctx: Context,
	person: Person,
	{ category, field }: About,
	record: string | null
): Promise<Held | undefined | sources.Unavailable> {
	const row =
		record === null
			? await sources.profileRow(ctx, person, category.id)
			: await sources.find(ctx, person, category.id, record);
	if (row && 'refused' in row) return row;
	if (!row) return record === null ? heldAs(undefined) : undefined;
	return { ...heldAs(row.fields[field.id]), isUnfit: row.unfit.includes(field.id) };
}

/**
 * Writes another value where it lies, or erases it (empty text); before the transaction that notes it. Where nobody described
 * how that system changes the field, staff change it there. `problem` for what does not fit; refuses `source-unavailable`.
 */
export async function writeOutside(
	ctx: Context,
	person: Person,
	{ category, field }: About,
	{ record, value }: { record: string | null; value: string }
): Promise<{ written: true } | { problem: ValueProblem } | sources.Unavailable> {
	if (!sources.canEdit(ctx, category.id, field.id)) return { written: true };
	const checked = value === '' ? { value: null } : checkValue(field, value, person.country);
	if ('problem' in checked) return checked;
	const outcome = await sources.edit(ctx, person, {
		category: category.id,
		field: field.id,
		value: checked.value,
		...(record !== null && { record })
	});
	return 'edited' in outcome ? { written: true } : outcome;
}

/**
 * Writes another value, or erases it (empty text). An identifier is written by nobody but the person, with a code sent to the
 * new address: where it is contested, what stands there then counts. What lies outside was written before. `problem` for what does not fit the field.
 */
export async function write(
	ctx: Context,
	person: Person,
	{ category, field }: About,
	{ record, value }: { record: string | null; value: string }
): Promise<{ written: true } | { problem: ValueProblem }> {
	if (field.identifier || sourceOf(ctx.organisation, category.id)) return { written: true };
	const given = value === '' ? null : value;
	const outcome =
		category.kind === 'profile'
			? await profile.correct(ctx, person, field.id, given)
			: await correctRecord(ctx, person.id, { category: category.id, id: record ?? '' }, field.id, given);
	return 'problem' in outcome ? outcome : { written: true };
}
