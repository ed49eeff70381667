// Promise: who agreed to pass what on to whom, in which words and when, stands in one ledger, and is taken back as easily.
import type { KeyObject } from 'node:crypto';
import { translationIn } from '../../i18n/catalogues.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { purposeOf } from '../organisation/lookup.ts';
import { directory, recipientOf, type Recipient } from '../partners/partners.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { ConsentTable, PersonState } from '../schema.ts';
import { insertConsent, selectConsents, selectLatest, type ConsentRow } from './queries.ts';

/** As much of a person as deciding takes; `Person` of accounts is one. */
export interface Consenting {
	id: string;
	role: string;
	state: PersonState;
}

/** A field as it was named to the person. */
export interface ShownField {
	/** `category.field` */
	code: string;
	label: string;
}

/** What the person reads before deciding, and what is kept as the proof of it. */
export interface Offer {
	words: string;
	fields: ShownField[];
	version: string;
}

export interface Decision extends Offer {
	id: string;
	partner: string;
	decision: ConsentTable['decision'];
	language: string;
	origin: string;
	at: string;
}

/** `outdated`: agreed, and since then the partner asks for more; what is new is not covered. */
export type ConsentState = 'never' | 'granted' | 'outdated' | 'withdrawn';

export interface Standing {
	state: ConsentState;
	/** When it was decided. */
	since?: string;
	/** For `outdated`: codes of the fields that the person has not agreed to. */
	missing: readonly string[];
}

/** `page` unless it was decided elsewhere; `at` for what is written down later. */
export interface Deciding {
	language: string;
	/** The version of the list that stood on the page; a grant of another one is refused. */
	version?: string | undefined;
	origin?: 'page' | 'import';
	at?: Date;
}

type Outcome<Refusal> = { changed: boolean } | { refused: Refusal };
type Sealed = Pick<Offer, 'words' | 'fields'>;

const place = (id: string) => ({ table: 'consent', column: 'sealed', row: id });
const opened = (key: KeyObject, { sealed, ...row }: ConsentRow): Decision => ({
	...row,
	...open<Sealed>(key, place(row.id), sealed)
});
const codesOf = (fields: readonly ShownField[]) => fields.map(({ code }) => code);

/** The words and fields for one partner, in a language; exactly these are kept when the person agrees (GDPR Art. 7(1)). */
export function offerOf(
	{ organisation }: Pick<Context, 'organisation'>,
	{ partner, given, version }: Recipient,
	language: string
): Offer {
	const { t, text, country } = translationIn(language);
	const fields = given.flatMap(({ category, fields }) =>
		fields.map(({ id, label }) => ({
			code: `${category.id}.${id}`,
			label: `${text(category.label)}: ${text(label)}`
		}))
	);
	const names = { organisation: text(organisation.organisation.name), partner: partner.name };
	const purpose = text(purposeOf(organisation, partner.purpose)?.label);
	return {
		words: t('sharing:consent.words', { ...names, purpose, country: country(partner.country) }),
		fields,
		version
	};
}

/** How the person stands to each partner that needs their consent, or ever had it. */
export async function stateOf(
	ctx: Context,
	person: Pick<Consenting, 'id' | 'role'>
): Promise<Map<string, Standing>> {
	const key = await ctx.keys.of(person.id);
	const latest = new Map((await selectLatest(ctx, person.id)).map((row) => [row.partner, row]));
	const asked = directory(ctx.organisation, person.role)
		.flatMap(({ recipients }) => recipients)
		.filter(({ partner }) => partner.consent);
	const standings = new Map<string, Standing>();
	for (const recipient of asked) {
		const { id } = recipient.partner;
		standings.set(id, standingOf(key, recipient, latest.get(id)));
	}
	for (const [id, { decision, at }] of latest)
		if (!standings.has(id)) standings.set(id, { state: decision, since: at, missing: [] });
	return standings;
}

function standingOf(
	key: KeyObject,
	{ fields, version }: Recipient,
	latest: ConsentRow | undefined
): Standing {
	if (!latest) return { state: 'never', missing: [] };
	const { decision, at: since } = latest;
	if (decision === 'withdrawn' || latest.version === version) return { state: decision, since, missing: [] };
	const agreed = new Set(codesOf(opened(key, latest).fields));
	const missing = fields.filter((code) => !agreed.has(code));
	return { state: missing.length ? 'outdated' : 'granted', since, missing };
}

/**
 * Agrees to what the directory says today; agreed already, nothing is written. Refuses `unknown-partner`,
 * `consent-not-needed` where the ground is another one, `list-changed` when another list was on the page, and
 * `awaiting-consent` for a child for whom nobody has agreed yet (COPPA 16 CFR 312.5(a)).
 */
export async function grant(
	ctx: Context,
	person: Consenting,
	partnerId: string,
	{ language, version, origin = 'page', at }: Deciding
): Promise<Outcome<'unknown-partner' | 'consent-not-needed' | 'list-changed' | 'awaiting-consent'>> {
	const recipient = recipientOf(ctx.organisation, partnerId, person.role);
	if (!recipient) return { refused: 'unknown-partner' };
	if (!recipient.partner.consent) return { refused: 'consent-not-needed' };
	if (person.state === 'awaiting-consent') return { refused: 'awaiting-consent' };
	if (version !== undefined && version !== recipient.version) return { refused: 'list-changed' };
	return transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, person.id);
		const standing = (await stateOf(ctx, person)).get(partnerId);
		if (standing?.state === 'granted') return { changed: false };
		const offer = offerOf(ctx, recipient, language);
		await append(ctx, person.id, { ...offer, partner: partnerId, decision: 'granted', language, origin }, at);
		return { changed: true };
	});
}

/**
 * Takes an agreement back, at any time and with no more effort than giving it (GDPR Art. 7(3)); from anybody who gave one,
 * also to a partner that the description has dropped. Not agreed, nothing is written. Refuses `unknown-partner`,
 * `consent-not-needed`.
 */
export async function withdraw(
	ctx: Context,
	person: Consenting,
	partnerId: string,
	{ language, origin = 'page', at }: Deciding
): Promise<Outcome<'unknown-partner' | 'consent-not-needed'>> {
	const recipient = recipientOf(ctx.organisation, partnerId, person.role);
	return transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, person.id);
		const standing = (await stateOf(ctx, person)).get(partnerId);
		if (!standing)
			return { refused: recipient ? ('consent-not-needed' as const) : ('unknown-partner' as const) };
		if (standing.state === 'never' || standing.state === 'withdrawn') return { changed: false };
		const [agreed] = await history(ctx, person.id, { partner: partnerId, limit: 1 });
		const { t } = translationIn(language);
		const words = t('sharing:consent.withdrawn-words', { partner: recipient?.partner.name ?? partnerId });
		const { fields = [], version = '' } = agreed ?? {};
		await append(
			ctx,
			person.id,
			{ words, fields, version, partner: partnerId, decision: 'withdrawn', language, origin },
			at
		);
		return { changed: true };
	});
}

async function append(
	ctx: Context,
	personId: string,
	decision: Omit<Decision, 'id' | 'at'>,
	past?: Date
): Promise<void> {
	const { words, fields, ...row } = decision;
	const id = past ? ctx.ids.at(past) : ctx.ids.next();
	const key = await ctx.keys.of(personId);
	const sealed = seal(key, place(id), { words, fields } satisfies Sealed);
	await insertConsent(ctx, { personId, id, ...row, sealed, at: instant(past ?? ctx.clock.now()) });
	if (row.origin !== 'import')
		await audit.record(ctx, personId, `consent-${row.decision}`, { partner: row.partner });
}

/** Every decision with the words that were read, newest first, a page at a time; `before` is the id of the last one seen. */
export async function history(
	ctx: Context,
	personId: string,
	page: { partner?: string; before?: string | undefined; limit: number }
): Promise<Decision[]> {
	const key = await ctx.keys.of(personId);
	return (await selectConsents(ctx, personId, page)).map((row) => opened(key, row));
}
