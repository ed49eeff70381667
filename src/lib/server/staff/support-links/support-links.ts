// Promise: support can send a person to the right page; the link is no credential, and tells nobody else whose it is.
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import { transaction } from '../../platform/database/transaction.ts';
import type { SupportLinkTable } from '../../schema.ts';
import { isPersonalPage } from './pages.ts';
import {
	insertLink,
	selectLinkByHash,
	selectLinks,
	selectOpenLinks,
	selectPerson,
	selectPersonByExternalId,
	updateConfirmed,
	updateOpened,
	updateTries
} from './queries.ts';

export { personalPages } from './pages.ts';

const day = 86_400;
const tries = 5;

const codeLength = 6;

export interface NewSupportLink {
	personId?: string | undefined;
	externalId?: string | undefined;
	/** A page of `personalPages`, `/data/<category>` or `/sharing/<partner>`. */
	page: string;
	/** A language of the description; the person's own without it. */
	language?: string | undefined;
	/** Seconds: a minute to 30 days; a week without it. */
	expiresIn?: number | undefined;
	/** Who asked for it, as a code; the actor without it. */
	madeBy?: string | undefined;
}

export type SupportLinkRefusal =
	'person-unknown' | 'page-unknown' | 'language-unknown' | 'expiry-out-of-range';

export interface MadeSupportLink {
	id: string;
	url: string;
	/** Six characters to read out. */
	code: string;
	expiresAt: string;
}

/** What a code as typed may mean: capitals, without blanks and hyphens. */
const normaliseCode = (typed: string): string => typed.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '');

const codeHash = (ctx: Context, personId: string, code: string): Buffer =>
	ctx.keys.blindIndex('support-link-code', `${personId} ${code}`);

async function personFor(ctx: Context, { personId, externalId }: NewSupportLink) {
	const person = personId
		? await selectPerson(ctx, personId)
		: externalId
			? await selectPersonByExternalId(ctx, ctx.keys.blindIndex('external', externalId))
			: undefined;
	return person && person.state !== 'erasing' && (await ctx.keys.find(person.personId)) ? person : undefined;
}

/**
 * Makes a link for one person and one page, and its code. The link itself is kept as a keyed hash only; the making shows
 * under the person's Activity. Refuses `person-unknown`, `page-unknown` (for this person's role), `language-unknown` and
 * `expiry-out-of-range`.
 */
export async function make(
	ctx: Context,
	wish: NewSupportLink
): Promise<MadeSupportLink | { refused: SupportLinkRefusal }> {
	const person = await personFor(ctx, wish);
	if (!person) return { refused: 'person-unknown' };
	if (!isPersonalPage(ctx.organisation, person.role, wish.page)) return { refused: 'page-unknown' };
	const language = wish.language ?? person.language;
	if (!ctx.organisation.languages.includes(language)) return { refused: 'language-unknown' };
	const seconds = wish.expiresIn ?? 7 * day;
	if (!Number.isInteger(seconds) || seconds < 60 || seconds > 30 * day)
		return { refused: 'expiry-out-of-range' };

	const [id, token, code, now] = [
		ctx.ids.next(),
		ctx.ids.secret(24),
		ctx.ids.spokenCode(codeLength),
		ctx.clock.now()
	];
	const expiresAt = instant(after(now, seconds, 'seconds'));
	const { personId } = person;
	await transaction(ctx, async (ctx) => {
		await insertLink(ctx, {
			personId,
			id,
			page: wish.page,
			language,
			hash: ctx.keys.blindIndex('support-link', token),
			code: codeHash(ctx, personId, code),
			tries: 0,
			madeBy: wish.madeBy ?? ctx.actor,
			createdAt: instant(now),
			expiresAt,
			openedAt: null,
			confirmedAt: null
		});
		await audit.record(ctx, personId, 'support-link-made', { page: wish.page });
	});
	return { id, url: `${ctx.settings.origin}/link/${token}`, code, expiresAt };
}

export interface OpenedLink {
	personId: string;
	page: string;
	language: string;
}

const isLive = (ctx: Context, link: Pick<SupportLinkTable, 'expiresAt'>): boolean =>
	link.expiresAt > instant(ctx.clock.now());

/** Where a token leads, and for whom; `link-gone` alike for one that expired and one that never was. */
export async function find(
	ctx: Context,
	token: string
): Promise<(OpenedLink & { id: string; openedAt: string | null }) | { refused: 'link-gone' }> {
	const link = await selectLinkByHash(ctx, ctx.keys.blindIndex('support-link', token.slice(0, 100)));
	if (!link || !isLive(ctx, link)) return { refused: 'link-gone' };
	const { personId, id, page, language, openedAt } = link;
	return { personId, id, page, language, openedAt };
}

/**
 * The signed-in person opens a link. Refuses `link-gone`, and `link-for-another` without saying for whom. The first
 * opening shows under Activity; opening it again changes nothing.
 */
export async function open(
	ctx: Context,
	personId: string,
	token: string
): Promise<OpenedLink | { refused: 'link-gone' | 'link-for-another' }> {
	const link = await find(ctx, token);
	if ('refused' in link) return link;
	if (link.personId !== personId) return { refused: 'link-for-another' };
	await transaction(ctx, async (ctx) => {
		if (await updateOpened(ctx, personId, link.id, instant(ctx.clock.now())))
			await audit.record(ctx, personId, 'support-link-opened', { page: link.page });
	});
	return { personId, page: link.page, language: link.language };
}

/**
 * The signed-in person types the code that the agent reads out: both are then known to speak of the same link. A wrong
 * code counts against each of the person's open links; after five none of them takes a code. Refuses `code-wrong`.
 */
export async function confirm(
	ctx: Context,
	personId: string,
	typed: string
): Promise<OpenedLink | { refused: 'code-wrong' }> {
	const hash = codeHash(ctx, personId, normaliseCode(typed).slice(0, 40));
	return transaction(ctx, async (ctx) => {
		const open = await selectOpenLinks(ctx, personId, instant(ctx.clock.now()), tries);
		const link = open.find(({ code }) => code.equals(hash));
		if (!link) {
			await updateTries(
				ctx,
				personId,
				open.map(({ id }) => id)
			);
			return { refused: 'code-wrong' as const };
		}
		if (await updateConfirmed(ctx, personId, link.id, instant(ctx.clock.now())))
			await audit.record(ctx, personId, 'support-link-confirmed', { page: link.page });
		return { personId, page: link.page, language: link.language };
	});
}

export interface SupportLinkSummary {
	id: string;
	page: string;
	language: string;
	madeBy: string;
	createdAt: string;
	expiresAt: string;
	openedAt: string | null;
	confirmedAt: string | null;
}

/** The person's links, newest first, without anything that opens one. */
export const list = (ctx: Context, personId: string): Promise<SupportLinkSummary[]> =>
	selectLinks(ctx, personId);
