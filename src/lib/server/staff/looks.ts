// Promise: nobody of the staff sees anything of a person without saying why, and the person reads who looked, when and why.
import { find as findPerson, findByExternalId, lookUp, type Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { countHeld, type Count } from '../personal-data-contract.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open, seal } from '../platform/keys/keys.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import * as profile from '../profile/profile.ts';
import { log } from './log.ts';
import type { Member } from './members.ts';
import { may } from './permissions.ts';
import { insertLook, selectLook } from './queries.ts';

/** Why somebody looks; `staff:reason.<code>` says it. */
export const reasons = ['request', 'contact', 'correction', 'security', 'law'] as const;
export type Reason = (typeof reasons)[number];

/** How long a reason counts. */
const lookMinutes = 15;
const perMember: Limit = { name: 'staff-search', points: 60, seconds: 3_600 };

export interface Why {
	reason: Reason;
	/** In the member's own words, such as the number of the case. */
	note: string;
}

const place = (id: string) => ({ table: 'staff_look', column: 'sealed', row: id });

/** Somebody who can be looked at: there, with a key, and not being erased, which can't begin before the transaction ends. */
async function visible(ctx: Context, personId: string | undefined): Promise<Person | undefined> {
	if (personId === undefined || !(await audit.holdPerson(ctx, personId))) return undefined;
	return findPerson(ctx, personId);
}

/**
 * Finds the person with exactly this email, phone, username or external id, for a reason that counts for 15 minutes; the
 * staff's log says so, of whoever is found and of nobody.
 * Refuses `nobody-found` alike for nobody, somebody erased and somebody being erased; `not-permitted`; `too-many-tries`
 * after 60 an hour.
 */
export async function search(
	ctx: Context,
	member: Member,
	{ identifier, reason, note }: Why & { identifier: string }
): Promise<
	| { personId: string }
	| { refused: 'nobody-found' | 'not-permitted' }
	| { refused: 'too-many-tries'; waitSeconds: number }
> {
	if (!may(member, 'look')) return { refused: 'not-permitted' };
	const wait = await take(ctx, perMember, ctx.keys.blindIndex('throttle', `staff ${member.id}`));
	if (wait) return { refused: 'too-many-tries', ...wait };
	const found = (await lookUp(ctx, identifier))?.personId ?? (await findByExternalId(ctx, identifier))?.id;
	const personId = await transaction(ctx, (ctx) => noteReason(ctx, member, found, { reason, note }));
	if (personId) return { personId };
	await log(ctx, member.id, 'found-nobody');
	return { refused: 'nobody-found' };
}

async function noteReason(
	ctx: Context,
	member: Member,
	found: string | undefined,
	why: Why
): Promise<string | undefined> {
	const person = await visible(ctx, found);
	if (!person) return undefined;
	const [id, now, key] = [ctx.ids.next(), ctx.clock.now(), await ctx.keys.of(person.id)];
	await insertLook(ctx, {
		personId: person.id,
		id,
		staffId: member.id,
		sealed: seal(key, place(id), why),
		at: instant(now),
		expiresAt: instant(after(now, lookMinutes, 'minutes'))
	});
	await log(ctx, member.id, 'found', person.id);
	return person.id;
}

export interface Look {
	person: Person;
	/** How much is held, by category. */
	held: Count[];
	/** What the profile says; undefined for whoever may not see it. */
	values: Map<string, profile.HeldValue> | undefined;
	why: Why;
	until: string;
}

/**
 * What the member may see of a person whom they searched for lately. Each time is written down with its reason, for the
 * person and in the staff's log, before anything is read. Refuses `look-refused` alike for whoever gave no reason, and for
 * a person who is not there, being erased, or erased.
 */
export async function view(
	ctx: Context,
	member: Member,
	personId: string
): Promise<Look | { refused: 'look-refused' }> {
	const seen = await transaction(ctx, async (ctx) => {
		const look =
			may(member, 'look') && (await selectLook(ctx, personId, member.id, instant(ctx.clock.now())));
		const person = look ? await visible(ctx, personId) : undefined;
		if (!look || !person) {
			await log(ctx, member.id, 'look-refused', personId);
			return { refused: 'look-refused' as const };
		}
		const why = open<Why>(await ctx.keys.of(personId), place(look.id), look.sealed);
		await audit.record(ctx, personId, 'staff-looked', { staff: member.id, ...why });
		await log(ctx, member.id, 'looked', personId);
		return { person, why, until: look.expiresAt };
	});
	// Afterwards: systems outside are asked too, for which no transaction waits.
	if ('refused' in seen) return { refused: 'look-refused' };
	return { ...seen, ...(await whatIsShown(ctx, member, seen.person)) };
}

async function whatIsShown(ctx: Context, member: Member, person: Person) {
	return {
		held: await countHeld(ctx, person.id),
		values: may(member, 'values') ? await profile.values(ctx, person) : undefined
	};
}

/**
 * Leave to look at somebody whose matter the member works on, without a search. Written down with its reason, for the
 * person and in the staff's log, once in the 15 minutes that it counts. Refuses `look-refused` for whoever may not look,
 * and for a person who is not there, being erased, or erased.
 */
export async function lookAt(
	ctx: Context,
	member: Member,
	personId: string,
	why: Why
): Promise<{ person: Person } | { refused: 'look-refused' }> {
	return transaction(ctx, async (ctx) => {
		const person = may(member, 'look') ? await visible(ctx, personId) : undefined;
		if (!person) return { refused: 'look-refused' as const };
		if (await selectLook(ctx, personId, member.id, instant(ctx.clock.now()))) return { person };
		await noteReason(ctx, member, personId, why);
		await audit.record(ctx, personId, 'staff-looked', { staff: member.id, ...why });
		return { person };
	});
}
