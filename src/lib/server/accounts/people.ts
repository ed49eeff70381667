// Promise: a person is an id, a role and a place in the world; everything that names them is sealed.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { ageOfConsent, ageOfMajority } from '../organisation/lookup.ts';
import { localDay } from '../platform/clock.ts';
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

/** As much of a person as their age takes. */
export interface Aged {
	bornOn?: string | null | undefined;
	country: string;
	/** Birthdays begin at midnight there; UTC where it is left out. */
	timeZone?: string | undefined;
}

type Rules = Pick<Context, 'organisation' | 'clock'>;

/** Whole years on the day that it is in the person's time zone; undefined where the birthday is not known. */
export function ageOf(
	{ clock }: Pick<Context, 'clock'>,
	{ bornOn, timeZone = 'UTC' }: Aged
): number | undefined {
	if (!bornOn) return undefined;
	const today = localDay(clock.now(), timeZone);
	const years = Number(today.slice(0, 4)) - Number(bornOn.slice(0, 4));
	return today.slice(5) >= bornOn.slice(5) ? years : years - 1;
}

/** Whether somebody waits until a guardian or school has agreed (CT6). */
export function isBelowConsent(rules: Rules, person: Aged): boolean {
	const age = ageOf(rules, person);
	return age !== undefined && age < ageOfConsent(rules.organisation, person.country);
}

/** Whether guardians and schools may have rights for somebody; whose birthday is not known may be a child. */
export function isBelowMajority(rules: Rules, person: Aged): boolean {
	const age = ageOf(rules, person);
	return age === undefined || age < ageOfMajority(rules.organisation, person.country);
}

/**
 * The state after a birthday or a country was put right: a child that needed no consent before waits for it now, and one
 * that never needed it waits no more. Whoever needed one before and is active was agreed for, and stays so; whoever grew up
 * while waiting is asked, and decides alone; a withdrawal that runs is left alone.
 */
export function stateAfter<State extends PersonState>(
	before: State,
	needed: boolean,
	needs: boolean
): State | 'active' | 'awaiting-consent' {
	if (before === 'awaiting-consent' && needed && !needs) return 'active';
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
