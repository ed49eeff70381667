// Promise: a person sees every value of their profile, writes over what may be edited, erases what is optional, and each change is noted.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { checkValue, type FieldValue, type ValueProblem } from '../organisation/field-value.ts';
import { originOf } from '../organisation/lookup.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { Unavailable } from '../sources/sources.ts';
import { isEditableHere, profileFields, type ProfileField } from './fields.ts';
import { liesOutside, outsideValues, writeOutside } from './outside.ts';
import { tellOfChange } from './telling.ts';
import { deleteValue, replaceValue, upsertValue } from './queries.ts';
import { heldFields, heldValues, inWords, isSame, rowOf, storedValues, type HeldValue } from './values.ts';

export { correct } from './correcting.ts';
export { isEditableHere, profileFields } from './fields.ts';
export * as identifiers from './identifier-changes.ts';
export type { HeldValue } from './values.ts';

type Owner = { id: string; role: string; country: string };
type Problems = Record<string, ValueProblem>;

/** One step: `value` undefined erases. */
interface Change {
	field: string;
	value: FieldValue | undefined;
	before: HeldValue | undefined;
}

/** Every value that is held for the fields of the person's role, here or in a system outside that answers. */
export const values = async (
	ctx: Context,
	person: { id: string; role: string }
): Promise<Map<string, HeldValue>> => (await shown(ctx, person)).values;

/** The same, and `unanswered`: categories whose system outside can't be asked just now. */
export async function shown(
	ctx: Context,
	person: { id: string; role: string }
): Promise<{ values: Map<string, HeldValue>; unanswered: ReadonlySet<string> }> {
	const outside = await outsideValues(ctx, person);
	const own = await heldValues(ctx, person);
	return { values: new Map([...own, ...outside.values]), unanswered: outside.unanswered };
}

/** The ids of the fields for which a value is held here. */
export const held = (ctx: Context, person: { id: string; role: string }): Promise<Set<string>> =>
	heldFields(ctx, person);

/**
 * What the person writes themselves: all of it or nothing. Empty text erases an optional field. `seen` tells by field
 * the `changedAt` of the value that the person had before their eyes ('' for none).
 * Answers the fields that changed; problems by field (`required`, `not-editable`, `unknown`, and those of the field's
 * type); refuses `changed-meanwhile` with the fields that somebody wrote in between (GDPR Art. 16; CT21), and
 * `source-unavailable` where a field lies in a system outside that can't be asked: of what is held here nothing changed then.
 */
export async function edit(
	ctx: Context,
	person: Owner,
	{ given, seen }: { given: Readonly<Record<string, unknown>>; seen: Readonly<Record<string, string>> }
): Promise<
	| { changed: string[] }
	| { problems: Problems }
	| { refused: 'changed-meanwhile'; fields: string[] }
	| Unavailable
> {
	const outside = await outsideValues(ctx, person);
	const held = new Map([...(await storedValues(ctx, person.id)), ...outside.values]);
	const { changes, problems } = plan(ctx, person, given, held);
	if (Object.keys(problems).length > 0) return { problems };
	const stale = changes.filter(
		({ field, before }) => seen[field] !== undefined && seen[field] !== (before?.changedAt ?? '')
	);
	if (stale.length > 0) return { refused: 'changed-meanwhile', fields: stale.map(({ field }) => field) };

	const { away, here } = byPlace(ctx, person.role, changes);
	for (const { described, ...change } of away) {
		const written = await writeOutside(ctx, person.id, described, {
			...change,
			before: change.before?.value
		});
		if (typeof written === 'object') return written;
		if (!written) return { problems: { [change.field]: { code: 'not-editable' } } };
	}
	try {
		await transaction(ctx, async (ctx) => {
			// Before any row of theirs, as everybody does: two that held one each would wait for ever.
			await audit.holdPerson(ctx, person.id);
			for (const change of here) await apply(ctx, person, change);
		});
	} catch (error) {
		if (error instanceof ChangedMeanwhile) return { refused: 'changed-meanwhile', fields: [error.field] };
		throw error;
	}
	return { changed: changes.map(({ field }) => field) };
}

/** What is written in systems outside goes first: it is what can fail. */
function byPlace(ctx: Context, role: string, changes: readonly Change[]) {
	const fields = profileFields(ctx, role);
	const away: (Change & { described: ProfileField })[] = [];
	const here: Change[] = [];
	for (const change of changes) {
		const described = fields.get(change.field);
		if (described && liesOutside(ctx, described)) away.push({ ...change, described });
		else here.push(change);
	}
	return { away, here };
}

/** Rolls the transaction back; never leaves this file. */
class ChangedMeanwhile extends Error {
	readonly field: string;
	constructor(field: string) {
		super(field);
		this.field = field;
	}
}

function plan(
	ctx: Context,
	{ role, country }: Owner,
	given: Readonly<Record<string, unknown>>,
	held: Map<string, HeldValue>
) {
	const fields = profileFields(ctx, role);
	const changes: Change[] = [];
	const problems: Problems = {};
	for (const [id, value] of Object.entries(given)) {
		const before = held.get(id);
		// A form sends every field: one that was not touched is no change, even where today's rules would write it otherwise.
		if (before && value === inWords(before.value)) continue;
		const step = check(fields.get(id), value, country);
		if ('problem' in step) problems[id] = step.problem;
		else if (!isSame(before?.value, step.value)) changes.push({ field: id, value: step.value, before });
	}
	return { changes, problems };
}

function check(
	described: ProfileField | undefined,
	given: unknown,
	country: string
): { value: FieldValue | undefined } | { problem: ValueProblem } {
	if (!described) return { problem: { code: 'unknown' } };
	if (!isEditableHere(described.field)) return { problem: { code: 'not-editable' } };
	const checked = checkValue(described.field, given, country);
	const isErased = 'problem' in checked && checked.problem.code === 'required' && !described.field.required;
	return isErased ? { value: undefined } : checked;
}

async function apply(
	ctx: Context,
	{ id: personId, role }: { id: string; role: string },
	{ field, value, before }: Change
): Promise<void> {
	const key = await ctx.keys.of(personId);
	const done =
		value === undefined
			? await deleteValue(ctx, personId, field, before?.changedAt)
			: await replaceValue(
					ctx,
					rowOf(ctx, key, { personId, field, value, origin: 'person' }, before),
					before?.changedAt ?? null
				);
	if (!done) throw new ChangedMeanwhile(field);
	const details = { field, before: inWords(before?.value), after: inWords(value) };
	await audit.record(ctx, personId, value === undefined ? 'profile-erased' : 'profile-changed', details);
	const described = profileFields(ctx, role).get(field);
	if (described) await tellOfChange(ctx, personId, described, value);
}

/**
 * Erases one optional field. Erasing what is not there changes nothing.
 * Refuses `field-unknown`, `field-required` (the description says why), `field-not-editable`, for which a request is opened,
 * and `source-unavailable` where it lies in a system outside that can't be asked.
 */
export async function eraseField(
	ctx: Context,
	person: { id: string; role: string },
	field: string
): Promise<
	{ erased: boolean } | { refused: 'field-unknown' | 'field-required' | 'field-not-editable' } | Unavailable
> {
	const found = profileFields(ctx, person.role).get(field);
	if (!found) return { refused: 'field-unknown' };
	const described = found.field;
	if (described.required) return { refused: 'field-required' };
	if (!isEditableHere(described)) return { refused: 'field-not-editable' };
	if (liesOutside(ctx, found)) return eraseOutside(ctx, person, found);

	return transaction(ctx, async (ctx) => {
		// Before any row of theirs, as everybody does: two that held one each would wait for ever.
		await audit.holdPerson(ctx, person.id);
		const before = (await storedValues(ctx, person.id)).get(field);
		const erased = await deleteValue(ctx, person.id, field);
		if (erased) {
			const details = { field, before: inWords(before?.value), after: '' };
			await audit.record(ctx, person.id, 'profile-erased', details);
			await tellOfChange(ctx, person.id, found, undefined);
		}
		return { erased };
	});
}

async function eraseOutside(
	ctx: Context,
	person: { id: string; role: string },
	found: ProfileField
): Promise<{ erased: boolean } | Unavailable> {
	const { values, unanswered } = await outsideValues(ctx, person);
	if (unanswered.has(found.category.id)) return { refused: 'source-unavailable' };
	const before = values.get(found.field.id)?.value;
	if (before === undefined) return { erased: false };
	const erased = await writeOutside(ctx, person.id, found, { value: undefined, before });
	return typeof erased === 'object' ? erased : { erased };
}

/**
 * What the organisation brings in (import, API, staff): all of it or nothing, for every field of the role but the
 * identifiers. `null` erases, empty text is passed over, the same again changes nothing.
 * Refuses `origin-unknown`: a value without a source is not taken (CT5).
 */
export async function set(
	ctx: Context,
	person: Owner,
	given: Readonly<Record<string, unknown>>,
	origin: string
): Promise<{ changed: string[] } | { problems: Problems } | { refused: 'origin-unknown' }> {
	if (!originOf(ctx.organisation, origin)) return { refused: 'origin-unknown' };
	const held = await storedValues(ctx, person.id);
	const { changes, problems } = planReceived(ctx, person, given, held);
	if (Object.keys(problems).length > 0) return { problems };

	const key = await ctx.keys.of(person.id);
	await transaction(ctx, async (ctx) => {
		for (const { field, value, before } of changes) {
			if (value === undefined) await deleteValue(ctx, person.id, field);
			else await upsertValue(ctx, rowOf(ctx, key, { personId: person.id, field, value, origin }, before));
		}
		if (changes.length > 0)
			await audit.record(ctx, person.id, 'profile-received', { count: changes.length, origin });
	});
	return { changed: changes.map(({ field }) => field) };
}

function planReceived(
	ctx: Context,
	{ role, country }: Owner,
	given: Readonly<Record<string, unknown>>,
	held: Map<string, HeldValue>
) {
	const fields = profileFields(ctx, role);
	const changes: Change[] = [];
	const problems: Problems = {};
	for (const [id, value] of Object.entries(given)) {
		const described = fields.get(id);
		const field = described?.field;
		if (value === '' || value === undefined) continue;
		// What lies outside is written there.
		if (!field || field.identifier || liesOutside(ctx, described))
			problems[id] = { code: field ? 'not-editable' : 'unknown' };
		else {
			const checked = value === null ? { value: undefined } : checkValue(field, value, country);
			const before = held.get(id);
			if ('problem' in checked) problems[id] = checked.problem;
			else if (!isSame(before?.value, checked.value))
				changes.push({ field: id, value: checked.value, before });
		}
	}
	return { changes, problems };
}
