// Promise: a person's key is committed before the person, so that nothing personal ever lies unsealed or half born.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { seal } from '../platform/keys/keys.ts';
import type { IdentifierTable, PersonTable } from '../schema.ts';
import { identifierPlace, normalise, useOf, type IdentifierKind, type Uses } from './identifiers.ts';
import { sealHash, sealPassword } from './passwords.ts';
import { isBelowConsent, personPlace } from './people.ts';
import {
	insertCredential,
	insertGuardian,
	insertIdentifier,
	insertMinor,
	insertPerson,
	selectByBlinds,
	selectByIdentifier
} from './queries.ts';

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
	/** What each address may be used for; what the description says where it is left out. */
	uses?: Uses | undefined;
	/** Ids of people already there. */
	guardianIds?: readonly string[] | undefined;
	createdAt?: Date | undefined;
	/** The organisation holds the consent that the person's age demands. */
	consentHeld?: boolean | undefined;
	/** Demonstration and benchmarks only: an import never brings passwords. */
	password?: string | undefined;
	/** The same, hashed once for many. */
	passwordHash?: string | undefined;
	/** The canary itself, in a portal apart. */
	invented?: boolean | undefined;
	/** The person signed up anew after an erasure: the tombstone of the external id does not refuse. */
	signedUpAnew?: boolean | undefined;
}

export type Registered = { id: string } | { refused: RegistrationRefusal; field?: string };

export type RegistrationRefusal =
	| 'identifier-invalid'
	| 'identifier-taken'
	| 'external-id-invalid'
	| 'external-id-reserved'
	| 'person-exists'
	| 'person-erased';

/** What every system outside calls the canary. Whoever else bore it would be erased there each night. */
export const inventedId = 'candor-canary';

/** In any letters: to some systems they are one. */
const isReserved = ({ externalId, invented }: NewPerson): boolean =>
	!invented && externalId.normalize('NFKC').trim().toLowerCase() === inventedId;

interface Prepared {
	person: NewPerson;
	identifiers: { kind: IdentifierKind; value: string; blind: Buffer }[];
}

/** Normalises and indexes; the first identifier that is none of its kind refuses. */
function prepare(
	ctx: Context,
	person: NewPerson
): Prepared | { refused: RegistrationRefusal; field?: string } {
	if (isReserved(person)) return { refused: 'external-id-reserved' };
	const identifiers: Prepared['identifiers'] = [];
	for (const [kind, given] of Object.entries({ external: person.externalId, ...person.identifiers })) {
		if (!given) continue;
		const value = normalise(kind as IdentifierKind, given, person.country);
		if (!value)
			return { refused: kind === 'external' ? 'external-id-invalid' : 'identifier-invalid', field: kind };
		identifiers.push({ kind: kind as IdentifierKind, value, blind: ctx.keys.blindIndex(kind, value) });
	}
	return { person, identifiers };
}

async function conflict(
	ctx: Context,
	{ person, identifiers }: Prepared
): Promise<{ refused: RegistrationRefusal; field?: string } | undefined> {
	for (const { kind, blind } of identifiers)
		if (await selectByIdentifier(ctx, kind, blind))
			return kind === 'external'
				? { refused: 'person-exists' }
				: { refused: 'identifier-taken', field: kind };
	return isErased(ctx, person);
}

async function isErased(
	ctx: Context,
	{ externalId, signedUpAnew }: NewPerson
): Promise<{ refused: 'person-erased' } | undefined> {
	return !signedUpAnew && (await ctx.keys.refuses('external', externalId))
		? { refused: 'person-erased' }
		: undefined;
}

/** A child below the age of consent of its country waits until a guardian or school has agreed (CT6). */
function stateOf(ctx: Context, person: NewPerson): PersonTable['state'] {
	return !person.consentHeld && isBelowConsent(ctx, person) ? 'awaiting-consent' : 'active';
}

async function write(
	ctx: Context,
	id: string,
	key: KeyObject,
	{ person, identifiers }: Prepared,
	credential: Buffer | undefined
): Promise<void> {
	const createdAt = instant(person.createdAt ?? ctx.clock.now());
	const { externalId, bornOn, role, language, timeZone, country, region } = person;
	const sealed = seal(key, personPlace, { externalId, bornOn });
	const state = stateOf(ctx, person);
	await insertPerson(ctx, {
		personId: id,
		role,
		state,
		language,
		timeZone,
		country,
		region: region ?? null,
		sealed,
		createdAt,
		pausedAt: null
	});
	for (const { kind, value, blind } of identifiers) {
		const row: IdentifierTable = {
			personId: id,
			kind,
			blind,
			sealed: seal(key, identifierPlace(kind), value),
			verifiedAt: createdAt,
			changedAt: createdAt,
			use: useOf(ctx, kind, person.uses?.[kind as keyof Uses])
		};
		await insertIdentifier(ctx, row);
	}
	for (const guardianId of person.guardianIds ?? [])
		await insertGuardian(ctx, { personId: id, guardianId, since: createdAt });
	if (state === 'awaiting-consent' || person.guardianIds?.length)
		await insertMinor(ctx, id, instant(ctx.clock.now()));
	if (credential) await insertCredential(ctx, { personId: id, sealed: credential, changedAt: createdAt });
}

/**
 * Makes a person. Identifiers that the organisation vouches for count as verified.
 * Refuses `identifier-invalid` and `identifier-taken` (with the kind), `external-id-invalid`, `external-id-reserved` for the
 * canary's, `person-exists`, and `person-erased` for an external id whose owner left.
 */
export async function register(ctx: Context, person: NewPerson): Promise<Registered> {
	const prepared = prepare(ctx, person);
	if ('refused' in prepared) return prepared;
	const refused = await conflict(ctx, prepared);
	if (refused) return refused;
	const id = idFor(ctx, person);
	const key = await ctx.keys.birth(id);
	const credential = await credentialOf(key, person);
	await transaction(ctx, (ctx) => write(ctx, id, key, prepared, credential));
	return { id };
}

const idFor = (ctx: Context, { createdAt }: NewPerson) =>
	createdAt ? ctx.ids.at(createdAt) : ctx.ids.next();

async function credentialOf(
	key: KeyObject,
	{ password, passwordHash }: NewPerson
): Promise<Buffer | undefined> {
	if (passwordHash) return sealHash(key, passwordHash);
	return password ? sealPassword(key, password) : undefined;
}

/** Prepares everybody and refuses, by position, whom a row of the database or an earlier one of the batch contradicts. */
async function sift(
	ctx: Context,
	people: readonly NewPerson[]
): Promise<(Prepared | Exclude<Registered, { id: string }>)[]> {
	const prepared = people.map((person) => prepare(ctx, person));
	const taken = new Set<string>();
	for (const kind of ['external', 'email', 'phone', 'username'] as const) {
		const blinds = prepared.flatMap((one) =>
			'refused' in one
				? []
				: one.identifiers.filter((identifier) => identifier.kind === kind).map(({ blind }) => blind)
		);
		if (blinds.length)
			for (const { blind } of await selectByBlinds(ctx, kind, blinds))
				taken.add(`${kind} ${blind.toString('base64')}`);
	}
	const sifted: (Prepared | Exclude<Registered, { id: string }>)[] = [];
	for (const one of prepared) {
		if ('refused' in one) sifted.push(one);
		else sifted.push(conflictAmong(taken, one) ?? (await isErased(ctx, one.person)) ?? one);
	}
	return sifted;
}

function conflictAmong(
	taken: Set<string>,
	{ identifiers }: Prepared
): { refused: RegistrationRefusal; field?: string } | undefined {
	const names = identifiers.map(({ kind, blind }) => ({ kind, name: `${kind} ${blind.toString('base64')}` }));
	const conflict = names.find(({ name }) => taken.has(name));
	if (conflict)
		return conflict.kind === 'external'
			? { refused: 'person-exists' }
			: { refused: 'identifier-taken', field: conflict.kind };
	for (const { name } of names) taken.add(name);
	return undefined;
}

/**
 * `register` for many, in the same order, at most some hundreds a call: the keys are committed in one transaction, then
 * the people in another. Who is refused does not hold up the others; somebody else's registration of the same person at
 * the same moment throws, and nobody of the batch is there.
 */
export async function registerMany(ctx: Context, people: readonly NewPerson[]): Promise<Registered[]> {
	const sifted = (await sift(ctx, people)).map((one) =>
		'refused' in one ? one : { ...one, id: idFor(ctx, one.person) }
	);
	const accepted = sifted.filter((one) => 'id' in one);
	const keys = await ctx.keys.birthMany(accepted.map(({ id }) => id));
	const ready: { id: string; key: KeyObject; prepared: Prepared; credential: Buffer | undefined }[] = [];
	for (const { id, ...prepared } of accepted) {
		const key = keys.get(id) as KeyObject;
		ready.push({ id, key, prepared, credential: await credentialOf(key, prepared.person) });
	}
	await transaction(ctx, async (ctx) => {
		for (const { id, key, prepared, credential } of ready) await write(ctx, id, key, prepared, credential);
	});
	return sifted.map((one) => ('id' in one ? { id: one.id } : one));
}

/** The ids of those who have these external ids, by external id. */
export async function idsByExternal(
	ctx: Context,
	externalIds: readonly string[]
): Promise<Map<string, string>> {
	const byBlind = new Map(
		externalIds.map((externalId) => [
			ctx.keys.blindIndex('external', externalId).toString('base64'),
			externalId
		])
	);
	const ids = new Map<string, string>();
	if (byBlind.size === 0) return ids;
	const blinds = [...byBlind.keys()].map((blind) => Buffer.from(blind, 'base64'));
	for (const { personId, blind } of await selectByBlinds(ctx, 'external', blinds))
		ids.set(byBlind.get(blind.toString('base64')) as string, personId);
	return ids;
}
