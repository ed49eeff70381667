// Promise: fields of the profile that lie in a system outside are shown as they are there, and written there before anything is noted.
import { find as findPerson, type Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import type { FieldValue } from '../organisation/field-value.ts';
import { categoriesOf, sourceOf } from '../organisation/lookup.ts';
import type { Category } from '../organisation/organisation.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as sources from '../sources/sources.ts';
import type { ProfileField } from './fields.ts';
import { tellOfChange } from './telling.ts';
import { inWords, type HeldValue } from './values.ts';

export interface OutsideValues {
	values: Map<string, HeldValue>;
	/** Categories whose system can't be asked just now. */
	unanswered: Set<string>;
}

export const liesOutside = ({ organisation }: Context, { category }: ProfileField): boolean =>
	sourceOf(organisation, category.id) !== undefined;

/** All systems are asked at once, and none for long. */
export async function outsideValues(
	ctx: Context,
	{ id, role }: { id: string; role: string }
): Promise<OutsideValues> {
	const held: OutsideValues = { values: new Map(), unanswered: new Set() };
	const outside = categoriesOf(ctx.organisation, role).filter(
		({ id, kind }) => kind === 'profile' && sourceOf(ctx.organisation, id)
	);
	const person = outside.length > 0 ? await findPerson(ctx, id) : undefined;
	if (person) await Promise.all(outside.map((category) => ask(ctx, person, category, held)));
	return held;
}

async function ask(ctx: Context, person: Person, category: Category, held: OutsideValues): Promise<void> {
	const row = await sources.profileRow(ctx, person, category.id);
	if (!row) return;
	if ('refused' in row) return void held.unanswered.add(category.id);
	const origin = category.origins[0] ?? null;
	for (const [field, value] of Object.entries(row.fields))
		held.values.set(field, { field, value, origin, changedAt: row.at });
}

/**
 * Writes a field where it lies, or erases it (undefined), and notes and tells it then. Refuses `source-unavailable`: nothing
 * is known to have changed. Answers whether there was something to write on.
 */
export async function writeOutside(
	ctx: Context,
	personId: string,
	described: ProfileField,
	{ value, before }: { value: FieldValue | undefined; before: FieldValue | undefined }
): Promise<boolean | sources.Unavailable> {
	const person = await findPerson(ctx, personId);
	if (!person) return false;
	const field = described.field.id;
	const edited = await sources.edit(ctx, person, {
		category: described.category.id,
		field,
		value: value ?? null
	});
	if (!('edited' in edited)) return 'refused' in edited ? edited : false;
	await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return;
		const details = { field, before: inWords(before), after: inWords(value) };
		await audit.record(ctx, personId, value === undefined ? 'profile-erased' : 'profile-changed', details);
		await tellOfChange(ctx, personId, described, value);
	});
	return true;
}
