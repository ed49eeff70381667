// Promise: a person is an id, a role and a place in the world; everything that names them is sealed.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { ageOfConsent } from '../organisation/lookup.ts';
import { open } from '../platform/keys/keys.ts';
import type { PersonState, PersonTable } from '../schema.ts';
import { selectByIdentifier, selectPerson } from './queries.ts';

export interface Person {
	id: string;
	role: string;
	state: PersonState;
	language: string;
	timeZone: string;
	country: string;
	region: string | null;
	externalId: string;
	/** A day, where the organisation knows it. */
	bornOn: string | undefined;
	createdAt: string;
	pausedAt: string | null;
}

export interface SealedPerson {
	externalId: string;
	bornOn?: string | undefined;
}

export const personPlace = { table: 'person', column: 'sealed', row: '' };

/** Opens a row with the person's key. */
export function openPerson(row: PersonTable, key: KeyObject): Person {
	const { externalId, bornOn } = open<SealedPerson>(key, personPlace, row.sealed);
	const { personId: id, role, state, language, timeZone, country, region, createdAt, pausedAt } = row;
	return { id, role, state, language, timeZone, country, region, externalId, bornOn, createdAt, pausedAt };
}

/** Whole years between a day and an instant; undefined where the birthday is not known. */
export function ageOn(bornOn: string | undefined, now: Date): number | undefined {
	if (!bornOn) return undefined;
	const born = new Date(bornOn);
	const years = now.getUTCFullYear() - born.getUTCFullYear();
	const hadBirthday = now.toISOString().slice(5, 10) >= bornOn.slice(5, 10);
	return hadBirthday ? years : years - 1;
}

/** Whether somebody of this birthday and country waits until a guardian or school has agreed (CT6). */
export function isBelowConsent(
	{ organisation, clock }: Pick<Context, 'organisation' | 'clock'>,
	{ bornOn, country }: { bornOn?: string | null | undefined; country: string }
): boolean {
	const age = ageOn(bornOn ?? undefined, clock.now());
	return age !== undefined && age < ageOfConsent(organisation, country);
}

/**
 * The state after a birthday or a country was put right: a child that needed no consent before waits for it now. Whoever
 * needed one before and is active was agreed for, and stays so; a withdrawal that runs is left alone.
 */
export function stateAfter<State extends PersonState>(
	before: State,
	needed: boolean,
	needs: boolean
): State | 'active' | 'awaiting-consent' {
	if (before === 'awaiting-consent' && !needs) return 'active';
	return before === 'active' && needs && !needed ? 'awaiting-consent' : before;
}

/** The person with this id; undefined when there is none, or when their key is gone. */
export async function find(ctx: Context, personId: string): Promise<Person | undefined> {
	const key = await ctx.keys.find(personId);
	const row = await selectPerson(ctx, personId);
	return row && key ? openPerson(row, key) : undefined;
}

/** The person whom the organisation calls so; undefined when there is none, or when their key is gone. */
export async function findByExternalId(ctx: Context, externalId: string): Promise<Person | undefined> {
	const found = await selectByIdentifier(ctx, 'external', ctx.keys.blindIndex('external', externalId));
	return found && find(ctx, found.personId);
}
