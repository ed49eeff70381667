// Promise: a guardian agrees by a way that can be verified, for the use and for passing on apart, and takes it back with one click.
import { contactProof, guardianship } from '../accounts/accounts.ts';
import { isBelowConsent, type Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import { consentWayOf } from '../organisation/lookup.ts';
import * as delivery from '../delivery/delivery.ts';
import { transaction } from '../platform/database/transaction.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import type { ConsentScope } from '../schema.ts';
import { append, noteActed, type NewDecision } from './ledger.ts';
import type { Ward } from './rights.ts';
import { standingOf } from './standing.ts';
import { waysFor } from './ways.ts';

const perGuardian: Limit = { name: 'family-ask', points: 10, seconds: 86_400 };

export interface Asking {
	way: string;
	scopes: readonly ConsentScope[];
	language: string;
	/** The signed paper; it is put on the child's file. */
	paper?: Uint8Array | undefined;
}

type Refusal = 'way-unknown' | 'way-too-weak' | 'child-decides' | 'nothing-chosen' | 'paper-missing';
/** What `consents.keepEvidence` refuses, and somebody being erased. */
export type PaperRefusal =
	| Extract<Awaited<ReturnType<typeof consents.keepEvidence>>, { refused: string }>['refused']
	| 'person-leaving';
type Throttled = { refused: 'too-many-tries'; waitSeconds: number };

function refusalOf(ctx: Context, ward: Ward, { way, scopes, paper }: Asking): Refusal | undefined {
	if (ward.decidesAlone) return 'child-decides';
	const described = waysFor(ctx.organisation, ward.capacity).find(({ id }) => id === way);
	if (!described) return 'way-unknown';
	if (!scopes.includes('use')) return 'nothing-chosen';
	if (!scopes.every((scope) => described.covers.includes(scope))) return 'way-too-weak';
	return described.paper && paper === undefined ? 'paper-missing' : undefined;
}

/** What a code confirms: everything that was chosen when it was asked for. */
const matterOf = (childId: string, { way, scopes, language }: Asking): string =>
	JSON.stringify([childId, way, scopes, language]);

/**
 * A guardian agrees. By code: one goes to the guardian's own verified address, and nothing is agreed before it is typed. By
 * another way: it waits until staff have seen the evidence. Refuses `way-unknown`, `way-too-weak` for what the way does not
 * cover, `child-decides` for one that is old enough, `nothing-chosen`, `paper-missing`, what `consents.keepEvidence` refuses,
 * `no-address`, `too-many-tries` (10 a day, for all children together).
 */
export async function ask(
	ctx: Context,
	guardian: Pick<Person, 'id'>,
	ward: Ward,
	asking: Asking
): Promise<
	{ state: 'code' } | { state: 'asked' } | { refused: Refusal | PaperRefusal | 'no-address' } | Throttled
> {
	const refused = refusalOf(ctx, ward, asking);
	if (refused) return { refused };
	const wait = await take(ctx, perGuardian, ctx.keys.blindIndex('throttle', `family-ask ${guardian.id}`));
	if (wait) return { refused: 'too-many-tries', ...wait };
	const proof = consentWayOf(ctx.organisation, asking.way)?.proof;
	if (proof === 'email-code' || proof === 'sms-code') {
		const channel = proof === 'email-code' ? 'email' : 'sms';
		const sent = await contactProof.begin(ctx, guardian.id, channel, matterOf(ward.child.id, asking));
		return 'refused' in sent ? sent : { state: 'code' };
	}
	return transaction(ctx, async (ctx) => {
		if (!(await guardianship.holdAll(ctx, ward.child.id, guardian.id)))
			return { refused: 'person-leaving' as const };
		const { way, language, paper, scopes } = asking;
		const kept = paper && (await consents.keepEvidence(ctx, ward.child.id, paper));
		if (kept && 'refused' in kept) return kept;
		const evidence = kept?.id;
		const given = { way, language, evidence, giver: 'guardian' as const, giverId: guardian.id };
		for (const scope of scopes) await append(ctx, ward.child, { ...given, scope, decision: 'asked' });
		await audit.record(ctx, ward.child.id, 'family-consent-asked', { way: asking.way });
		await noteActed(ctx, guardian.id, 'consent', ward.child.role);
		return { state: 'asked' as const };
	});
}

/** The child for whom a code waits to be typed; undefined when none does. */
export async function awaited(ctx: Context, guardianId: string): Promise<string | undefined> {
	const matter = await contactProof.waiting(ctx, guardianId);
	return matter === undefined ? undefined : (JSON.parse(matter) as [string])[0];
}

/** Agrees with the code that was sent. Refuses `code-wrong` (also for another child's), `child-decides`, `too-many-tries`. */
export async function confirmByCode(
	ctx: Context,
	guardian: Pick<Person, 'id'>,
	ward: Ward,
	code: string
): Promise<{ granted: true } | { refused: Refusal | 'code-wrong' | 'person-leaving' } | Throttled> {
	const proved = await contactProof.use(ctx, guardian.id, code);
	if ('refused' in proved) return proved;
	const [childId, way, scopes, language] = JSON.parse(proved.matter) as [
		string,
		string,
		ConsentScope[],
		string
	];
	if (childId !== ward.child.id) return { refused: 'code-wrong' };
	const refused = refusalOf(ctx, ward, { way, scopes, language });
	if (refused) return { refused };
	return transaction(ctx, async (ctx) => {
		if (!(await guardianship.holdAll(ctx, ward.child.id, guardian.id)))
			return { refused: 'person-leaving' as const };
		await grant(ctx, ward.child, { way, scopes, language, giver: 'guardian', giverId: guardian.id });
		await noteActed(ctx, guardian.id, 'consent', ward.child.role);
		// The "plus" of email plus: a second message tells what was agreed and how it is taken back (16 CFR 312.5(b)(2)(vi)).
		await delivery.send(ctx, guardian.id, { template: 'family-consent-given', path: `/family/${childId}` });
		return { granted: true as const };
	});
}

type Granting = Omit<NewDecision, 'scope' | 'decision'> & { scopes: readonly ConsentScope[] };

/** Writes the consent and lets the child in, in the caller's transaction, which holds the child. */
export async function grant(
	ctx: Context,
	child: Pick<Person, 'id' | 'role'>,
	{ scopes, ...given }: Granting
): Promise<void> {
	for (const scope of scopes) await append(ctx, child, { ...given, scope, decision: 'granted' });
	const begins = scopes.includes('use') && (await guardianship.letUse(ctx, child.id));
	await guardianship.watch(ctx, child.id);
	await audit.record(ctx, child.id, `family-consent-by-${given.giver}`, { way: given.way });
	if (begins && given.giver !== 'person') await delivery.send(ctx, child.id, { template: 'family-begins' });
}

/**
 * Takes a consent back, at once and without a code (GDPR Art. 7(3), COPPA 16 CFR 312.6(a)(2)). Without the use the account
 * waits; without passing on, or the use, every agreement with a partner ends too. A school takes back its own only. Not
 * agreed, nothing is written. Refuses `child-decides`, `not-yours`, `person-leaving`.
 */
export async function withdraw(
	ctx: Context,
	person: Pick<Person, 'id'>,
	ward: Ward,
	{ scope, language }: { scope: ConsentScope; language: string }
): Promise<{ changed: boolean } | { refused: 'child-decides' | 'not-yours' | 'person-leaving' }> {
	const { child, capacity } = ward;
	if (ward.decidesAlone) return { refused: 'child-decides' };
	return transaction(ctx, async (ctx) => {
		if (!(await guardianship.holdAll(ctx, child.id, person.id)))
			return { refused: 'person-leaving' as const };
		const standing = await standingOf(ctx, child.id);
		const held = standing[scope].decision;
		if (capacity === 'school' && held?.giverId !== person.id) return { refused: 'not-yours' as const };
		const ending = scope === 'use' ? (['use', 'sharing'] as const) : (['sharing'] as const);
		const ended = ending.filter((one) => standing[one].state === 'granted');
		// A child whose consent the organisation holds itself has no row here; its guardian may end it all the same.
		if (!ended.length && !(scope === 'use' && child.state === 'active')) return { changed: false };
		const by = { giver: capacity, giverId: person.id, way: held?.way ?? 'own' };
		for (const one of ended.length ? ended : ending)
			await append(ctx, child, { ...by, scope: one, decision: 'withdrawn', language });
		if (scope === 'use') await guardianship.letWait(ctx, child.id);
		await endPartners(ctx, child, { language, by: { kind: capacity, id: person.id } });
		await audit.record(ctx, child.id, `family-withdrawn-${scope}`);
		await noteActed(ctx, person.id, 'withdraw', child.role);
		return { changed: true };
	});
}

async function endPartners(ctx: Context, child: Person, deciding: consents.Deciding): Promise<void> {
	for (const [partner, { state }] of await consents.stateOf(ctx, child))
		if (state === 'granted' || state === 'outdated') await consents.withdraw(ctx, child, partner, deciding);
}

/**
 * A guardian decides about one partner for the child. Refuses `sharing-not-agreed` before passing on was agreed to at all,
 * `not-yours` for a school, `child-decides`, and what `consents.grant` refuses.
 */
export async function decidePartner(
	ctx: Context,
	guardian: Pick<Person, 'id'>,
	{ child, capacity, decidesAlone }: Ward,
	{
		partner,
		grant,
		language,
		version
	}: { partner: string; grant: boolean; language: string; version?: string | undefined }
) {
	if (decidesAlone) return { refused: 'child-decides' as const };
	if (capacity !== 'guardian') return { refused: 'not-yours' as const };
	return transaction(ctx, async (ctx) => {
		if (!(await guardianship.holdAll(ctx, child.id, guardian.id)))
			return { refused: 'person-leaving' as const };
		const { sharing } = await standingOf(ctx, child.id);
		if (grant && sharing.state !== 'granted') return { refused: 'sharing-not-agreed' as const };
		const deciding = { language, version, by: { kind: 'guardian' as const, id: guardian.id } };
		const outcome = grant
			? await consents.grant(ctx, child, partner, deciding)
			: await consents.withdraw(ctx, child, partner, deciding);
		if ('changed' in outcome && outcome.changed) await noteActed(ctx, guardian.id, 'partner', child.role);
		return outcome;
	});
}

/**
 * Somebody who is old enough decides for themselves what a guardian was asked before: the account opens by this step and no
 * other; not keeping the passing on ends every agreement with a partner. Refuses `guardian-decides` below the age of consent,
 * `nothing-chosen`, `person-leaving`.
 */
export async function decideAlone(
	ctx: Context,
	person: Person,
	{ scopes, language }: { scopes: readonly ConsentScope[]; language: string }
): Promise<{ granted: true } | { refused: 'guardian-decides' | 'nothing-chosen' | 'person-leaving' }> {
	if (isBelowConsent(ctx, person)) return { refused: 'guardian-decides' };
	if (!scopes.includes('use')) return { refused: 'nothing-chosen' };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		await grant(ctx, person, { way: 'own', scopes, language, giver: 'person', giverId: person.id });
		const { sharing } = await standingOf(ctx, person.id);
		if (!scopes.includes('sharing') && sharing.state === 'granted') {
			const own = { way: 'own', giver: 'person' as const, giverId: person.id, language };
			await append(ctx, person, { ...own, scope: 'sharing', decision: 'withdrawn' });
			await endPartners(ctx, person, { language });
		}
		return { granted: true as const };
	});
}
