// Promise: who agreed to pass what on to whom, in which words and when, stands in one ledger, and is taken back as easily.
import { find as findPerson, isBelowConsent } from '../accounts/people.ts';
import { translationIn } from '../../i18n/catalogues.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import * as objections from '../objections/objections.ts';
import { recipientOf, type Recipient } from '../partners/partners.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { seal } from '../platform/keys/keys.ts';
import type { PersonState } from '../schema.ts';
import { history, place, writtenBy, type Decision, type GivenBy, type SealedDecision } from './decisions.ts';
import { circumstancesOf, offerOf } from './offer.ts';
import { insertConsent, selectEvidence } from './queries.ts';
import { stateOf } from './standing.ts';

export { find, history, type Decision, type GivenBy } from './decisions.ts';
export { evidence, evidenceContent, keepEvidence, type Evidence } from './evidence.ts';
export { offerOf, type Offer, type ShownField } from './offer.ts';
export { receiptOf, receiptText, receiptType, signedReceipt, type Receipt } from './receipts.ts';
export { selectAgreedAt as agreedAt } from './queries.ts';
export {
	agreementsOf,
	askingAgain,
	stateOf,
	type Agreement,
	type Asked,
	type ConsentState,
	type Standing
} from './standing.ts';

/** As much of a person as deciding takes; `Person` of accounts is one. */
export interface Consenting {
	id: string;
	role: string;
	state: PersonState;
	/** Where known: a child does not decide alone. */
	bornOn?: string | undefined;
	country?: string;
	timeZone?: string;
}

/** `page` unless it was decided elsewhere; `at` for what is written down later. */
export interface Deciding {
	language: string;
	/** The version of the list that stood on the page; a grant of another one is refused. */
	version?: string | undefined;
	origin?: 'page' | 'import';
	at?: Date;
	/** Who decides in the person's place; the caller has made sure that they may. */
	by?: GivenBy | undefined;
	/** The paper that shows it: what `keepEvidence` answered. */
	evidence?: string | undefined;
}

type Outcome<Refusal> = { changed: boolean } | { refused: Refusal };

/** A child does not decide alone (COPPA 16 CFR 312.5(a), GDPR Art. 8): whoever answers for them does. */
function childRefusal(
	ctx: Context,
	{ state, bornOn, country, timeZone }: Consenting,
	{ by, origin }: Deciding
): 'awaiting-consent' | 'guardian-decides' | undefined {
	if (by) return undefined;
	if (state === 'awaiting-consent') return state;
	const isChild =
		origin !== 'import' && country !== undefined && isBelowConsent(ctx, { bornOn, country, timeZone });
	return isChild ? 'guardian-decides' : undefined;
}

const isOnFile = async (ctx: Context, personId: string, evidence: string | undefined): Promise<boolean> =>
	evidence === undefined || (await selectEvidence(ctx, personId, evidence)) !== undefined;

/**
 * Agrees to what the directory says today; agreed already, nothing is written. Refuses `unknown-partner`,
 * `consent-not-needed` where the ground is another one, `list-changed` when another list was on the page,
 * `awaiting-consent` for a child for whom nobody has agreed yet, `guardian-decides` for one below the age of consent,
 * `evidence-unknown` for a paper that is not on the person's file, `person-leaving` once an erasure has begun.
 */
export async function grant(
	ctx: Context,
	person: Consenting,
	partnerId: string,
	deciding: Deciding
): Promise<
	Outcome<
		| 'unknown-partner'
		| 'consent-not-needed'
		| 'list-changed'
		| 'awaiting-consent'
		| 'guardian-decides'
		| 'evidence-unknown'
		| 'person-leaving'
	>
> {
	const { language, version } = deciding;
	const recipient = recipientOf(ctx.organisation, partnerId, person.role);
	if (!recipient) return { refused: 'unknown-partner' };
	if (!recipient.partner.consent) return { refused: 'consent-not-needed' };
	const refused = childRefusal(ctx, person, deciding);
	if (refused) return { refused };
	if (version !== undefined && version !== recipient.version) return { refused: 'list-changed' };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		if (!(await isOnFile(ctx, person.id, deciding.evidence))) return { refused: 'evidence-unknown' as const };
		const standing = (await stateOf(ctx, person)).get(partnerId);
		if (standing?.state === 'granted') return { changed: false };
		const about = circumstancesOf(ctx, recipient, translationIn(language));
		const offer = offerOf(ctx, recipient, language);
		await append(ctx, person.id, { ...offer, about, partner: partnerId, decision: 'granted' }, deciding);
		if (deciding.origin !== 'import' && !deciding.by && !(await standsBeside(ctx, person, recipient)))
			await objections.takeBack(ctx, person.id, recipient.partner.purpose);
		return { changed: true };
	});
}

/** Whether another agreement for the same purpose stands: that it was switched off holds for it, and is not taken back for this one. */
async function standsBeside(
	ctx: Context,
	person: Consenting,
	{ partner: { id, purpose } }: Recipient
): Promise<boolean> {
	const others = [...(await stateOf(ctx, person))].filter(
		([other, { state }]) => other !== id && (state === 'granted' || state === 'outdated')
	);
	const purposes = others.map(
		([other]) => ctx.organisation.partners.find((one) => one.id === other)?.purpose
	);
	return purposes.includes(purpose);
}

/**
 * Takes an agreement back, at any time and with no more effort than giving it (GDPR Art. 7(3)); from anybody who gave one,
 * also to a partner that the description has dropped. The partner is told. Not agreed, nothing is written. Refuses
 * `unknown-partner`, `consent-not-needed`, `person-leaving` once an erasure has begun.
 */
export async function withdraw(
	ctx: Context,
	person: Consenting,
	partnerId: string,
	deciding: Deciding
): Promise<Outcome<'unknown-partner' | 'consent-not-needed' | 'person-leaving'>> {
	const recipient = recipientOf(ctx.organisation, partnerId, person.role);
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		const standing = (await stateOf(ctx, person)).get(partnerId);
		if (!standing)
			return { refused: recipient ? ('consent-not-needed' as const) : ('unknown-partner' as const) };
		if (standing.state === 'never' || standing.state === 'withdrawn') return { changed: false };
		const [agreed] = await history(ctx, person.id, { partner: partnerId, limit: 1 });
		const { t } = translationIn(deciding.language);
		const words = t('sharing:consent.withdrawn-words', { partner: recipient?.partner.name ?? partnerId });
		const { fields = [], version = '', about } = agreed ?? {};
		const decision = { words, fields, version, about, partner: partnerId, decision: 'withdrawn' as const };
		await append(ctx, person.id, decision, deciding);
		return { changed: true };
	});
}

type NewDecision = Pick<Decision, 'words' | 'fields' | 'version' | 'about' | 'partner' | 'decision'>;

async function append(
	ctx: Context,
	personId: string,
	{ words, fields, about, ...row }: NewDecision,
	{ language, origin = 'page', at, by, evidence }: Deciding
): Promise<void> {
	const id = at ? ctx.ids.at(at) : ctx.ids.next();
	const key = await ctx.keys.of(personId);
	const shown: SealedDecision = { words, fields, ...(about && { about }), by: by?.name };
	await insertConsent(ctx, {
		personId,
		id,
		...row,
		language,
		origin,
		sealed: seal(key, place(id), shown),
		at: instant(at ?? ctx.clock.now()),
		givenBy: writtenBy(by),
		evidence: evidence ?? null
	});
	if (origin === 'import') return;
	const kind = `consent-${row.decision}${by ? `-by-${by.kind}` : ''}`;
	await audit.record(ctx, personId, kind, { partner: row.partner });
	await delivery.tellListeners(ctx, personId, `consent.${row.decision}`, {
		partner: row.partner,
		consent: id
	});
	if (row.decision === 'withdrawn') await delivery.withholdValues(ctx, personId, { partner: row.partner });
	await tell(ctx, personId, { id, ...row });
}

/** The matter under which `delivery.toldPartners` finds what a partner answered. */
export const matterOf = (decision: string): string => `consent:${decision}`;

/** A partner without a webhook hears of an agreement by being asked to; that it ended is written down as not told. */
async function tell(
	ctx: Context,
	personId: string,
	{ id, partner, decision, version }: Pick<Decision, 'id' | 'partner' | 'decision' | 'version'>
): Promise<void> {
	const webhook = ctx.organisation.partners.find((one) => one.id === partner)?.webhook;
	if (decision === 'granted' && !webhook) return;
	const person = (await findPerson(ctx, personId))?.externalId;
	const data = { person, partner, consent: id, version };
	await delivery.tellPartner(ctx, personId, {
		partner,
		type: `consent.${decision}`,
		data,
		about: matterOf(id)
	});
}
