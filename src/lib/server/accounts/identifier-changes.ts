// Promise: an address becomes a way in only after a code sent to it came back, and every address is told, the old one too.
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import * as contactChanges from '../contact-changes/contact-changes.ts';
import * as delivery from '../delivery/delivery.ts';
import { instant } from '../platform/clock.ts';
import { isTaken } from '../platform/database/conflict.ts';
import { transaction } from '../platform/database/transaction.ts';
import { seal } from '../platform/keys/keys.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import * as codes from './codes/codes.ts';
import { identifierPlace, identifiersOf, normalise, useOf } from './identifiers.ts';
import { deleteIdentifier, selectByIdentifier, upsertIdentifier } from './queries.ts';
import { tellEveryAddress } from './security-notice.ts';

export type ChangeableKind = 'email' | 'phone' | 'username';
type AddressKind = 'email' | 'phone';

const perPerson: Limit = { name: 'address-change', points: 10, seconds: 3_600 };
const purposeOf = (kind: AddressKind) => `change-${kind}` as const;

/** What a description lets people sign in with, and so what can be changed here. */
export const kindsFor = (ctx: Context): ChangeableKind[] =>
	ctx.organisation.identifiers.map(({ kind }) => kind);

const isRequired = (ctx: Context, kind: ChangeableKind): boolean =>
	ctx.organisation.identifiers.some((identifier) => identifier.kind === kind && identifier.required);

/** Whether the person could do without their identifier of the kind: the description allows it, and another one is left. */
export async function canRemove(ctx: Context, personId: string, kind: ChangeableKind): Promise<boolean> {
	const identifiers = await identifiersOf(ctx, personId);
	const others = identifiers.filter(
		(identifier) => identifier.kind !== kind && identifier.kind !== 'external'
	);
	return (
		!isRequired(ctx, kind) && others.length > 0 && identifiers.some((identifier) => identifier.kind === kind)
	);
}

type Person = { id: string; country: string };

/** What belongs to the change for the caller, in its transaction: done with it, or not at all. */
type Afterwards = (ctx: Context) => Promise<void>;
const nothing: Afterwards = async () => undefined;

/** What can be said of a new identifier before a proof is spent on it: whether it is one, and not the one there is. */
export async function check(
	ctx: Context,
	person: Person,
	kind: ChangeableKind,
	typed: string
): Promise<{ refused: 'identifier-invalid' | 'identifier-same' } | undefined> {
	const value = normalise(kind, typed, person.country);
	if (!value) return { refused: 'identifier-invalid' };
	const current = (await identifiersOf(ctx, person.id)).find((identifier) => identifier.kind === kind)?.value;
	return current === value ? { refused: 'identifier-same' } : undefined;
}

/**
 * Sends a code to a new email or phone. When somebody else has that address the answer is the same, and no code but a
 * mail to its owner goes there: nobody learns here who has an account. Refuses `identifier-invalid`, `identifier-same`,
 * and `too-many-tries` (10 an hour). Needs a proof for `change-<kind>`; the caller has used it.
 */
export async function ask(
	ctx: Context,
	person: Person,
	kind: AddressKind,
	typed: string
): Promise<
	| { asked: true }
	| { refused: 'identifier-invalid' | 'identifier-same' }
	| { refused: 'too-many-tries'; waitSeconds: number }
> {
	const value = normalise(kind, typed, person.country);
	if (!value) return { refused: 'identifier-invalid' };
	const wait = await take(ctx, perPerson, ctx.keys.blindIndex('throttle', person.id));
	if (wait) return { refused: 'too-many-tries', ...wait };
	return transaction(ctx, async (ctx) => {
		const owner = await selectByIdentifier(ctx, kind, ctx.keys.blindIndex(kind, value));
		if (owner?.personId === person.id) return { refused: 'identifier-same' as const };
		const { code } = await codes.make(ctx, person.id, purposeOf(kind), { value });
		if (owner) await delivery.send(ctx, owner.personId, { template: 'address-in-use', to: value });
		if (!owner)
			await delivery.send(ctx, person.id, {
				template: 'address-change-code',
				to: value,
				values: { code, count: codes.codeMinutes }
			});
		await audit.record(ctx, person.id, `${kind}-change-asked`);
		return { asked: true as const };
	});
}

/** The new address that waits for its code. */
export const pending = async (
	ctx: Context,
	personId: string,
	kind: AddressKind
): Promise<string | undefined> => (await codes.current(ctx, personId, purposeOf(kind)))?.value;

/** Gives up the address that waits for its code. */
export const giveUp = (ctx: Context, personId: string, kind: AddressKind): Promise<void> =>
	codes.revoke(ctx, personId, purposeOf(kind));

/** The code came back: the new address counts from now on, and both are told. Refuses `code-wrong`. */
export async function confirm(
	ctx: Context,
	personId: string,
	kind: AddressKind,
	typed: string,
	afterwards = nothing
): Promise<{ changed: true } | { refused: 'code-wrong' }> {
	const open = await codes.current(ctx, personId, purposeOf(kind));
	const used = open
		? await codes.use(ctx, personId, { id: open.id, purpose: purposeOf(kind), typed })
		: undefined;
	if (!used || 'refused' in used || !used.value) return { refused: 'code-wrong' };
	const outcome = await put(ctx, personId, { kind, value: used.value }, afterwards);
	return 'refused' in outcome ? { refused: 'code-wrong' } : outcome;
}

/**
 * Changes the username at once. Refuses `identifier-invalid`, `identifier-same`, and `identifier-unusable` without saying
 * why. Needs a proof for `change-username`; the caller has used it.
 */
export async function changeUsername(
	ctx: Context,
	person: Person,
	typed: string,
	afterwards = nothing
): Promise<
	{ changed: true } | { refused: 'identifier-invalid' | 'identifier-same' | 'identifier-unusable' }
> {
	const value = normalise('username', typed, person.country);
	if (!value) return { refused: 'identifier-invalid' };
	const owner = await selectByIdentifier(ctx, 'username', ctx.keys.blindIndex('username', value));
	if (owner?.personId === person.id) return { refused: 'identifier-same' };
	if (owner) return { refused: 'identifier-unusable' };
	return put(ctx, person.id, { kind: 'username', value }, afterwards);
}

async function put(
	ctx: Context,
	personId: string,
	{ kind, value }: { kind: ChangeableKind; value: string },
	afterwards: Afterwards
): Promise<{ changed: true } | { refused: 'identifier-unusable' }> {
	const now = instant(ctx.clock.now());
	const sealed = seal(await ctx.keys.of(personId), identifierPlace(kind), value);
	try {
		await transaction(ctx, async (ctx) => {
			// Before any row of theirs, as everybody does: two that held one each would wait for ever.
			await audit.holdPerson(ctx, personId);
			const held = (await identifiersOf(ctx, personId)).find((identifier) => identifier.kind === kind);
			const old = held?.value;
			await upsertIdentifier(ctx, {
				personId,
				kind,
				blind: ctx.keys.blindIndex(kind, value),
				sealed,
				verifiedAt: now,
				changedAt: now,
				use: useOf(ctx, kind, held?.use)
			});
			await audit.record(ctx, personId, `${kind}-changed`);
			await contactChanges.note(ctx, personId);
			await tellEveryAddress(ctx, personId, 'address-changed', addressesIn(kind, old));
			await afterwards(ctx);
		});
		return { changed: true };
	} catch (error) {
		// Somebody else took it between the look and the write.
		if (isTaken(error)) return { refused: 'identifier-unusable' };
		throw error;
	}
}

/** A username is no address to write to. */
const addressesIn = (kind: ChangeableKind, value: string | undefined): string[] =>
	kind === 'username' || value === undefined ? [] : [value];

/** Removes an identifier that the description does not require. Refuses `identifier-required`, also for the last one. */
export async function remove(
	ctx: Context,
	personId: string,
	kind: ChangeableKind,
	afterwards = nothing
): Promise<{ removed: true } | { refused: 'identifier-required' }> {
	return transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, personId);
		if (!(await canRemove(ctx, personId, kind))) return { refused: 'identifier-required' };
		const old = (await identifiersOf(ctx, personId)).find((identifier) => identifier.kind === kind)?.value;
		await deleteIdentifier(ctx, personId, kind);
		await audit.record(ctx, personId, `${kind}-removed`);
		await contactChanges.note(ctx, personId);
		await tellEveryAddress(ctx, personId, 'address-changed', addressesIn(kind, old));
		await afterwards(ctx);
		return { removed: true };
	});
}
