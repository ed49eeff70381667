// Promise: what the organisation brings in again changes what differs and nothing else, and the person can see that it did.
import type { KeyObject } from 'node:crypto';
import * as audit from '../audit/audit.ts';
import * as contactChanges from '../contact-changes/contact-changes.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { PersonTable } from '../schema.ts';
import { identifierPlace, normalise, useOf, type Use, type Uses } from './identifiers.ts';
import {
	find,
	isBelowConsent,
	isBelowMajority,
	personPlace,
	stateAfter,
	type SealedPerson
} from './people.ts';
import {
	deleteGuardian,
	deleteIdentifier,
	insertGuardian,
	insertMinor,
	selectByIdentifier,
	selectGuardians,
	selectIdentifiers,
	selectPerson,
	updateInState,
	updateUse,
	upsertIdentifier
} from './queries.ts';
import { tellEveryAddress } from './security-notice.ts';

type Kind = 'email' | 'phone' | 'username';

/** What is left out stays; null removes. */
export interface Amendment {
	role: string;
	language: string;
	timeZone: string;
	country: string;
	region?: string | null | undefined;
	bornOn?: string | null | undefined;
	identifiers: Partial<Record<Kind, string | null | undefined>>;
	/** What addresses may be used for from now on. */
	uses?: Uses | undefined;
}

export type AmendmentRefusal =
	'person-unknown' | 'person-leaving' | 'identifier-invalid' | 'identifier-taken' | 'identifier-required';

interface IdentifierStep {
	kind: Kind;
	/** Normalised; null removes. */
	value: string | null;
	/** What stood there until now. */
	old: string | undefined;
	/** What the one that is replaced was used for. */
	use: Use | undefined;
}

function changedColumns(
	ctx: Context,
	key: KeyObject,
	row: PersonTable,
	amendment: Amendment
): Partial<PersonTable> {
	const held = open<SealedPerson>(key, personPlace, row.sealed);
	const { role, language, timeZone, country, region = row.region, bornOn = held.bornOn } = amendment;
	const changes: Partial<PersonTable> = {};
	if (role !== row.role) changes.role = role;
	if (language !== row.language) changes.language = language;
	if (timeZone !== row.timeZone) changes.timeZone = timeZone;
	if (country !== row.country) changes.country = country;
	if (region !== row.region) changes.region = region;
	const needed = isBelowConsent(ctx, { ...held, country: row.country, timeZone: row.timeZone });
	const state = stateAfter(row.state, needed, isBelowConsent(ctx, { bornOn, country, timeZone }));
	if (state !== row.state) changes.state = state;
	if ((bornOn ?? undefined) !== held.bornOn)
		changes.sealed = seal(key, personPlace, { externalId: held.externalId, ...(bornOn && { bornOn }) });
	return changes;
}

async function planIdentifiers(
	ctx: Context,
	personId: string,
	key: KeyObject,
	{ identifiers, country }: Amendment
): Promise<{ steps: IdentifierStep[] } | { refused: AmendmentRefusal; field: Kind }> {
	const held = new Map(
		(await selectIdentifiers(ctx, personId)).map(({ kind, sealed, use }) => [
			kind,
			{ value: open<string>(key, identifierPlace(kind), sealed), use }
		])
	);
	const steps: IdentifierStep[] = [];
	for (const [name, given] of Object.entries(identifiers)) {
		const kind = name as Kind;
		if (given === undefined || given === '') continue;
		const required = ctx.organisation.identifiers.some(
			(identifier) => identifier.kind === kind && identifier.required
		);
		if (given === null && required) return { refused: 'identifier-required', field: kind };
		const value = given === null ? null : normalise(kind, given, country);
		if (value === undefined) return { refused: 'identifier-invalid', field: kind };
		if (value === (held.get(kind)?.value ?? null)) continue;
		const owner = value && (await selectByIdentifier(ctx, kind, ctx.keys.blindIndex(kind, value)));
		if (owner) return { refused: 'identifier-taken', field: kind };
		steps.push({ kind, value, old: held.get(kind)?.value, use: held.get(kind)?.use });
	}
	return { steps };
}

async function apply(
	ctx: Context,
	personId: string,
	key: KeyObject,
	{ kind, value, use }: IdentifierStep
): Promise<void> {
	if (value === null) return void (await deleteIdentifier(ctx, personId, kind));
	const now = instant(ctx.clock.now());
	const sealed = seal(key, identifierPlace(kind), value);
	await upsertIdentifier(ctx, {
		personId,
		kind,
		blind: ctx.keys.blindIndex(kind, value),
		sealed,
		verifiedAt: now,
		changedAt: now,
		use: useOf(ctx, kind, use)
	});
}

/** Answers how many addresses are for something else from now on. */
async function putUses(ctx: Context, personId: string, uses: Uses = {}): Promise<number> {
	let changed = 0;
	for (const [kind, use] of Object.entries(uses))
		if (use && (await updateUse(ctx, personId, kind as keyof Uses, use))) changed += 1;
	return changed;
}

/**
 * Brings a person up to what the organisation says. The same again writes nothing. A role that changes takes the person's
 * categories with it; what no longer belongs to the role stays held and shown until it is erased. A birthday or country that
 * changes decides anew whether a child waits for consent.
 * Refuses `person-unknown`, `person-leaving` (a withdrawal that runs is not undone by an import), `identifier-invalid`,
 * `identifier-taken` and `identifier-required` with the kind.
 */
export async function amend(
	ctx: Context,
	personId: string,
	amendment: Amendment
): Promise<{ changed: number } | { refused: AmendmentRefusal; field?: string }> {
	const row = await selectPerson(ctx, personId);
	const key = await ctx.keys.find(personId);
	if (!row || !key) return { refused: 'person-unknown' };
	if (row.state === 'erasing') return { refused: 'person-leaving' };
	const columns = changedColumns(ctx, key, row, amendment);
	const plan = await planIdentifiers(ctx, personId, key, amendment);
	if ('refused' in plan) return plan;
	const changed = Object.keys(columns).length + plan.steps.length;
	if (changed === 0 && !amendment.uses) return { changed };
	const written = await transaction(ctx, async (ctx) => {
		if (!(await updateInState(ctx, personId, row.state, columns))) return undefined;
		for (const step of plan.steps) await apply(ctx, personId, key, step);
		const used = await putUses(ctx, personId, amendment.uses);
		if (changed + used === 0) return { changed };
		if (columns.state === 'awaiting-consent') await insertMinor(ctx, personId, instant(ctx.clock.now()));
		await audit.record(ctx, personId, 'account-updated', { count: changed + used });
		await contactChanges.note(ctx, personId);
		if (plan.steps.length) {
			const old = plan.steps.flatMap((step) => (step.kind === 'username' ? [] : (step.old ?? [])));
			await tellEveryAddress(ctx, personId, 'address-changed', old);
		}
		return { changed: changed + used };
	});
	// Somebody who asked to leave meanwhile, or stayed after all: what follows from it is decided anew.
	return written ?? amend(ctx, personId, amendment);
}

/**
 * Makes these, and no others, the guardians (and schools) of a person; answers how many came or went. Nobody becomes the
 * guardian of somebody who is grown up, however often a file says so.
 */
export async function setGuardians(
	ctx: Context,
	personId: string,
	guardianIds: readonly string[]
): Promise<number> {
	const held = new Set((await selectGuardians(ctx, personId)).map(({ guardianId }) => guardianId));
	const person = await find(ctx, personId);
	const wanted = new Set(person && isBelowMajority(ctx, person) ? guardianIds : []);
	const coming = [...wanted].filter((id) => !held.has(id));
	const going = [...held].filter((id) => !wanted.has(id));
	if (coming.length + going.length === 0) return 0;
	return transaction(ctx, async (ctx) => {
		const since = instant(ctx.clock.now());
		for (const guardianId of coming) await insertGuardian(ctx, { personId, guardianId, since });
		for (const guardianId of going) await deleteGuardian(ctx, personId, guardianId);
		if (coming.length) await insertMinor(ctx, personId, since);
		await audit.record(ctx, personId, 'guardians-changed', { count: coming.length + going.length });
		return coming.length + going.length;
	});
}
