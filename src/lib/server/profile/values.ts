// Promise: a value of the profile is sealed under the person's key and says where it came from and when it changed.
import type { KeyObject } from 'node:crypto';
import { identifierKinds, identifiersOf } from '../accounts/identifiers.ts';
import type { Context } from '../context.ts';
import type { FieldValue } from '../organisation/field-value.ts';
import { instant } from '../platform/clock.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { ProfileValueTable } from '../schema.ts';
import { profileFields } from './fields.ts';
import { selectFields, selectValues } from './queries.ts';

export interface HeldValue {
	field: string;
	value: FieldValue;
	/** An origin of the description, or `person` for what they wrote here; null where nobody noted it. */
	origin: string | null;
	changedAt: string;
}

const place = (field: string) => ({ table: 'profile_value', column: 'sealed', row: field });

/** What is stored, by field, whatever the person's role. */
export async function storedValues(ctx: Context, personId: string): Promise<Map<string, HeldValue>> {
	const key = await ctx.keys.of(personId);
	const rows = await selectValues(ctx, personId);
	return new Map(
		rows.map(({ field, sealed, origin, changedAt }) => [
			field,
			{ field, value: open<FieldValue>(key, place(field), sealed), origin, changedAt }
		])
	);
}

/** What is held for the fields of the role; a field that is an identifier shows what the person signs in with. */
export async function heldValues(
	ctx: Context,
	{ id, role }: { id: string; role: string }
): Promise<Map<string, HeldValue>> {
	const stored = await storedValues(ctx, id);
	const identifiers = await identifiersOf(ctx, id);
	const held = new Map<string, HeldValue>();
	for (const { field } of profileFields(ctx, role).values()) {
		const identifier = field.identifier && identifiers.find(({ kind }) => kind === field.identifier);
		const value = identifier
			? {
					field: field.id,
					value: identifier.value,
					origin: field.source ?? null,
					changedAt: identifier.changedAt
				}
			: stored.get(field.id);
		if (value) held.set(field.id, value);
	}
	return held;
}

/** For which fields of the role `heldValues` has a value; nothing is opened. */
export async function heldFields(
	ctx: Context,
	{ id, role }: { id: string; role: string }
): Promise<Set<string>> {
	const stored = new Set((await selectFields(ctx, id)).map(({ field }) => field));
	const kinds = new Set<string | undefined>(await identifierKinds(ctx, id));
	const fields = [...profileFields(ctx, role).values()].map(({ field }) => field);
	return new Set(
		fields.filter(({ id, identifier }) => kinds.has(identifier) || stored.has(id)).map(({ id }) => id)
	);
}

/** The row of a new value. Its instant is later than that of the value before, so that no two versions look the same. */
export function rowOf(
	ctx: Context,
	key: KeyObject,
	{ personId, field, value, origin }: { personId: string; field: string; value: FieldValue; origin: string },
	before?: HeldValue
): ProfileValueTable {
	const now = ctx.clock.now().getTime();
	const changedAt = instant(new Date(before ? Math.max(now, Date.parse(before.changedAt) + 1) : now));
	return { personId, field, sealed: seal(key, place(field), value), origin, changedAt };
}

/** A value in one text, for the history of changes. */
export const inWords = (value: FieldValue | undefined): string =>
	Array.isArray(value) ? value.join('\n') : String(value ?? '');

export const isSame = (one: FieldValue | undefined, other: FieldValue | undefined): boolean =>
	JSON.stringify(one) === JSON.stringify(other);
