// Promise: every decision about a child is written with the words that were read, and both who decided and the child can read that it was made.
import { guardianship } from '../accounts/accounts.ts';
import type { Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { instant } from '../platform/clock.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { ConsentScope, FamilyConsentTable } from '../schema.ts';
import { offerOf, type Offer } from './offer.ts';
import { insertConsent, selectConsents } from './queries.ts';

export interface SealedConsent extends Offer {
	/** What staff or a school wrote about the paper or the call: dates and relations, never another person's name. */
	note?: string | undefined;
}

export interface Decision extends Omit<FamilyConsentTable, 'sealed' | 'personId'>, SealedConsent {}

const place = (id: string) => ({ table: 'family_consent', column: 'sealed', row: id });

export interface NewDecision {
	scope: ConsentScope;
	decision: FamilyConsentTable['decision'];
	way: string;
	giver: FamilyConsentTable['giver'];
	giverId: string;
	language: string;
	evidence?: string | null | undefined;
	note?: string | undefined;
}

/** Writes one decision, in the caller's transaction. */
export async function append(
	ctx: Context,
	child: Pick<Person, 'id' | 'role'>,
	{ language, note, evidence = null, ...decision }: NewDecision
): Promise<string> {
	const id = ctx.ids.next();
	const offer = offerOf(ctx, child.role, decision.scope, language);
	const sealed = seal(await ctx.keys.of(child.id), place(id), { ...offer, ...(note && { note }) });
	const at = instant(ctx.clock.now());
	await insertConsent(ctx, { personId: child.id, id, ...decision, evidence, sealed, at });
	return id;
}

/** Every decision about the child with what was read, newest first. */
export async function history(ctx: Context, childId: string): Promise<Decision[]> {
	const key = await ctx.keys.of(childId);
	const rows = await selectConsents(ctx, childId);
	return rows
		.map(({ sealed, personId: _, ...row }) => ({
			...row,
			...open<SealedConsent>(key, place(row.id), sealed)
		}))
		.reverse();
}

/**
 * Writes down in the guardian's own Activity that they acted, by code and role: of the child nothing but its role stands
 * there.
 */
export async function noteActed(ctx: Context, personId: string, act: string, role: string): Promise<void> {
	await audit.record(ctx, personId, `family-acted-${act}`, { role });
}

/** Writes to everybody who may act for the child, but `except`. */
export async function tellGuardians<Name extends delivery.Template>(
	ctx: Context,
	childId: string,
	sending: delivery.Sending<Name>,
	except?: string
): Promise<void> {
	for (const { person } of await guardianship.guardiansOf(ctx, childId))
		if (person.id !== except) await delivery.send(ctx, person.id, sending);
}
