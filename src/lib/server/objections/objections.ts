// Promise: a purpose that a person objected to, or switched off, is off for every system that asks, from that moment.
import { isBelowConsent, type Aged } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import * as contactChanges from '../contact-changes/contact-changes.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { purposeOf } from '../organisation/lookup.ts';
import type { Purpose } from '../organisation/organisation.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { PersonState } from '../schema.ts';
import { insertChoice, selectNewest, selectNewestOf } from './queries.ts';

/** Ids of the purposes that the person objected to (GDPR Art. 21) or switched off; the newest choice counts. */
export const of = async (ctx: Context, personId: string): Promise<ReadonlySet<string>> =>
	new Set(
		(await selectNewest(ctx, personId)).filter(({ allowed }) => !allowed).map(({ purpose }) => purpose)
	);

/** The same of many people, with the instant since which each is off; whoever objected to nothing is left out. */
export async function offSince(
	ctx: Context,
	people: readonly string[]
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
	const off = new Map<string, Map<string, string>>();
	for (const { personId, purpose, allowed, at } of await selectNewestOf(ctx, people)) {
		if (allowed) continue;
		const purposes = off.get(personId);
		if (purposes) purposes.set(purpose, at);
		else off.set(personId, new Map([[purpose, at]]));
	}
	return off;
}

/** The same without the instants. */
export async function ofMany(
	ctx: Context,
	people: readonly string[]
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
	const off = await offSince(ctx, people);
	return new Map([...off].map(([personId, purposes]) => [personId, new Set(purposes.keys())]));
}

export type Origin = 'page' | 'consent' | 'gpc' | 'agent';

/**
 * The person objects to a purpose that rests on legitimate interests (GDPR Art. 21(1)), or switches one on or off that rests
 * on their consent; it counts at once, and partners that serve it and have a webhook are told. The same again changes nothing.
 * Refuses `purpose-unknown`, `purpose-not-refusable`, `person-leaving`; and of a child that wants to switch something on
 * `awaiting-consent` before anybody agreed, `guardian-decides` where the purpose rests on consent.
 */
export async function choose(
	ctx: Context,
	person: { id: string; externalId: string; state: PersonState } & Aged,
	{ purpose: id, allowed, origin = 'page' }: { purpose: string; allowed: boolean; origin?: Origin }
): Promise<
	| { changed: boolean }
	| {
			refused:
				| 'purpose-unknown'
				| 'purpose-not-refusable'
				| 'person-leaving'
				| 'awaiting-consent'
				| 'guardian-decides';
	  }
> {
	const purpose = purposeOf(ctx.organisation, id);
	if (!purpose) return { refused: 'purpose-unknown' };
	if (!purpose.refusable) return { refused: 'purpose-not-refusable' };
	if (allowed && person.state === 'awaiting-consent') return { refused: 'awaiting-consent' };
	if (allowed && purpose.basis === 'consent' && isBelowConsent(ctx, person))
		return { refused: 'guardian-decides' };
	const outcome = await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		const newest = (await selectNewest(ctx, person.id)).find((choice) => choice.purpose === id);
		const before = newest ? newest.allowed === 1 : purpose.basis === 'consent' ? undefined : true;
		if (before === allowed) return { changed: false };
		const choice = { id: ctx.ids.next(), purpose: id, allowed: allowed ? 1 : 0, origin };
		await insertChoice(ctx, { personId: person.id, ...choice, at: instant(ctx.clock.now()) });
		await contactChanges.note(ctx, person.id);
		await audit.record(ctx, person.id, kindOf(purpose, choice), { purpose: id });
		if (!allowed)
			for (const partner of ctx.organisation.partners)
				if (partner.purpose === id) await delivery.withholdValues(ctx, person.id, { partner: partner.id });
		await tellPartners(ctx, person, choice);
		await delivery.tellListeners(ctx, person.id, 'preference.changed', { purpose: id, allowed });
		return { changed: true };
	});
	return allowed ? outcome : delivery.whenSettled(ctx, person.id, outcome);
}

function kindOf({ basis }: Purpose, { allowed, origin }: { allowed: number; origin: Origin }): string {
	if (allowed) return 'purpose-on';
	if (origin === 'gpc') return 'purpose-off-by-signal';
	if (origin === 'agent') return 'purpose-off-by-agent';
	return basis === 'consent' ? 'purpose-off' : 'purpose-objected';
}

/**
 * Whoever agrees anew to a partner takes back that its purpose was switched off, in the caller's transaction; else the gate would
 * refuse what they have just agreed to.
 */
export async function takeBack(ctx: Context, personId: string, purpose: string): Promise<void> {
	if (!(await of(ctx, personId)).has(purpose)) return;
	const choice = { id: ctx.ids.next(), purpose, allowed: 1, origin: 'consent' as const };
	await insertChoice(ctx, { personId, ...choice, at: instant(ctx.clock.now()) });
	await contactChanges.note(ctx, personId);
	await audit.record(ctx, personId, 'purpose-on', { purpose });
}

async function tellPartners(
	ctx: Context,
	{ id, externalId }: { id: string; externalId: string },
	choice: { id: string; purpose: string; allowed: number }
): Promise<void> {
	const data = { externalId, purpose: choice.purpose, allowed: choice.allowed === 1 };
	for (const partner of ctx.organisation.partners)
		if (partner.purpose === choice.purpose && partner.webhook)
			await delivery.tellPartner(ctx, id, {
				partner: partner.id,
				type: 'preference.changed',
				data,
				about: `purpose:${choice.id}`
			});
}
