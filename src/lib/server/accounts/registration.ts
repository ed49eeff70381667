// Promise: a person's key is committed before the person, so that nothing personal ever lies unsealed or half born.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { ageOfConsent } from '../organisation/lookup.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { seal } from '../platform/keys/keys.ts';
import type { IdentifierTable, PersonTable } from '../schema.ts';
import { identifierPlace, normalise, type IdentifierKind } from './identifiers.ts';
import { sealPassword } from './passwords.ts';
import { ageOn, personPlace } from './people.ts';
import { insertCredential, insertGuardian, insertIdentifier, insertPerson, selectByIdentifier } from './queries.ts';

export interface NewPerson {
	externalId: string;
	role: string;
	language: string;
	timeZone: string;
	country: string;
	region?: string | undefined;
	/** A day. */
	bornOn?: string | undefined;
	identifiers: Partial<Record<'email' | 'phone' | 'username', string>>;
	/** Ids of people already there. */
	guardianIds?: readonly string[] | undefined;
	createdAt?: Date | undefined;
	/** The organisation holds the consent that the person's age demands. */
	consentHeld?: boolean | undefined;
	/** Demonstration and benchmarks only: an import never brings passwords. */
	password?: string | undefined;
}

export type RegistrationRefusal = 'identifier-invalid' | 'identifier-taken' | 'external-id-invalid' | 'person-exists' | 'person-erased';

interface Prepared {
	person: NewPerson;
	identifiers: { kind: IdentifierKind; value: string; blind: Buffer }[];
}

/** Normalises and indexes; the first identifier that is none of its kind refuses. */
function prepare(ctx: Context, person: NewPerson): Prepared | { refused: RegistrationRefusal; field?: string } {
	const identifiers: Prepared['identifiers'] = [];
	for (const [kind, given] of Object.entries({ external: person.externalId, ...person.identifiers })) {
		if (!given) continue;
		const value = normalise(kind as IdentifierKind, given, person.country);
		if (!value) return { refused: kind === 'external' ? 'external-id-invalid' : 'identifier-invalid', field: kind };
		identifiers.push({ kind: kind as IdentifierKind, value, blind: ctx.keys.blindIndex(kind, value) });
	}
	return { person, identifiers };
}

async function conflict(ctx: Context, { person, identifiers }: Prepared): Promise<{ refused: RegistrationRefusal; field?: string } | undefined> {
	for (const { kind, blind } of identifiers)
		if (await selectByIdentifier(ctx, kind, blind)) return kind === 'external' ? { refused: 'person-exists' } : { refused: 'identifier-taken', field: kind };
	return (await ctx.keys.refuses('external', person.externalId)) ? { refused: 'person-erased' } : undefined;
}

/** A child below the age of consent of its country waits until a guardian or school has agreed (CT6). */
function stateOf(ctx: Context, person: NewPerson): PersonTable['state'] {
	const age = ageOn(person.bornOn, ctx.clock.now());
	const waits = age !== undefined && !person.consentHeld && age < ageOfConsent(ctx.organisation, person.country);
	return waits ? 'awaiting-consent' : 'active';
}

async function write(ctx: Context, id: string, key: KeyObject, { person, identifiers }: Prepared, credential: Buffer | undefined): Promise<void> {
	const createdAt = instant(person.createdAt ?? ctx.clock.now());
	const { externalId, bornOn, role, language, timeZone, country, region } = person;
	const sealed = seal(key, personPlace, { externalId, bornOn });
	await insertPerson(ctx, { personId: id, role, state: stateOf(ctx, person), language, timeZone, country, region: region ?? null, sealed, createdAt, pausedAt: null });
	for (const { kind, value, blind } of identifiers) {
		const row: IdentifierTable = { personId: id, kind, blind, sealed: seal(key, identifierPlace(kind), value), verifiedAt: createdAt, changedAt: createdAt };
		await insertIdentifier(ctx, row);
	}
	for (const guardianId of person.guardianIds ?? []) await insertGuardian(ctx, { personId: id, guardianId, since: createdAt });
	if (credential) await insertCredential(ctx, { personId: id, sealed: credential, changedAt: createdAt });
}

/**
 * Makes a person. Identifiers that the organisation vouches for count as verified.
 * Refuses `identifier-invalid` and `identifier-taken` (with the kind), `external-id-invalid`, `person-exists`, and
 * `person-erased` for an external id whose owner left.
 */
export async function register(ctx: Context, person: NewPerson): Promise<{ id: string } | { refused: RegistrationRefusal; field?: string }> {
	const prepared = prepare(ctx, person);
	if ('refused' in prepared) return prepared;
	const refused = await conflict(ctx, prepared);
	if (refused) return refused;
	const id = person.createdAt ? ctx.ids.at(person.createdAt) : ctx.ids.next();
	const key = await ctx.keys.birth(id);
	const credential = person.password ? await sealPassword(key, person.password) : undefined;
	await transaction(ctx, (ctx) => write(ctx, id, key, prepared, credential));
	return { id };
}
