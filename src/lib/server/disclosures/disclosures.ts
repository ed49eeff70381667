// Promise: nothing of anybody goes out but through here, and what went out stands in their ledger: to whom, which fields, what for, on what ground, when.
import type { KeyObject } from 'node:crypto';
import * as audit from '../audit/audit.ts';
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import { partnerOf } from '../organisation/lookup.ts';
import { dayOf, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { DisclosureTable } from '../schema.ts';
import { decide, describe, type Asked, type FieldRefusal, type Judged } from './gate.ts';
import { standingsOf, type Standing } from './standing.ts';
import { newTally } from './tally.ts';
import { happenedOf, type Tried } from './told.ts';
import { rowOf, write, type Writing } from './writing.ts';

export { find, flows, givenBetween, page, received, recipientsOf, summary } from './reading.ts';
export type { Disclosure, DisclosurePage, Filter, Flow } from './reading.ts';
export type { FieldRefusal } from './gate.ts';
export { reasonsOf, sentences } from './sentences.ts';

export interface NewDisclosure extends Asked {
	/** When it happened; now where left out. An earlier instant is recorded as told afterwards. */
	at?: Date | undefined;
	/** Tells two transfers of the same content at the same instant apart. */
	key?: string | undefined;
	/** Release what may go even where some of the fields may not. */
	partial?: boolean | undefined;
}

export interface Released {
	id: string;
	/** False when the same disclosure was there already. */
	added: boolean;
	at: string;
	/** `afterwards`: it was told when it had happened; nothing was released. */
	recorded: DisclosureTable['recorded'];
	basis: string;
	country: string;
	/** The list that the person agreed to, where their agreement is the ground. */
	consentVersion: string | null;
	released: string[];
	refused: FieldRefusal[];
}

export type DisclosureOutcome =
	| Released
	| { refused: 'disclosure-refused'; fields: FieldRefusal[] }
	| { refused: 'person-unknown' | 'person-leaving' | 'at-in-future' };

export interface Asking {
	personId: string;
	disclosure: NewDisclosure;
}

/** How far the clock of whoever asks may be apart from ours, and how long the call may have been on its way. */
const patienceMs = 60_000;

/** Asked before it happens, or at once; else it is told afterwards. */
const isNew = (ctx: Context, { at }: NewDisclosure): boolean =>
	at === undefined || at.getTime() >= ctx.clock.now().getTime() - patienceMs;

const isAhead = (ctx: Context, { at }: NewDisclosure): boolean =>
	at !== undefined && at.getTime() > ctx.clock.now().getTime() + patienceMs;

/** People in one order for everybody, so that two batches never wait for each other. */
async function keysOf(ctx: Context, asked: readonly Asking[]): Promise<Map<string, KeyObject>> {
	const ids = [...new Set(asked.map(({ personId }) => personId))].sort();
	const found = await ctx.keys.findMany(ids);
	return new Map(ids.flatMap((id) => (found.has(id) ? [[id, found.get(id) as KeyObject]] : [])));
}

type Deciding = Tried & { writing?: Writing; outcome?: DisclosureOutcome };

/** The list that the person had agreed to when it happened; null where they had not. */
async function agreedThen(ctx: Context, personId: string, { partner, at }: NewDisclosure) {
	if (!at || !partnerOf(ctx.organisation, partner)?.consent) return null;
	const [then] = await consents.agreedAt(ctx, personId, partner, instant(at));
	return then?.decision === 'granted' ? then.version : null;
}

/** One of the batch: what becomes of it, before anything is written. */
async function judged(ctx: Context, standing: Standing, disclosure: NewDisclosure): Promise<Deciding> {
	const asksNow = isNew(ctx, disclosure);
	const { organisation } = ctx;
	const judgement = asksNow
		? decide(organisation, standing, disclosure, dayOf(ctx.clock.now()))
		: {
				...describe(organisation, standing, disclosure),
				consentVersion: await agreedThen(ctx, standing.personId, disclosure)
			};
	const { partner, released, refused } = judgement;
	const tried = { standing, disclosure, asksNow, refused };
	if (!partner || !released.length || (refused.length && !disclosure.partial))
		return { ...tried, outcome: { refused: 'disclosure-refused', fields: refused } };
	return { ...tried, writing: rowOf(ctx, tried, { ...judgement, partner } satisfies Judged) };
}

/**
 * The gate (DESIGN §3.5). Decides about each disclosure field by field and writes what goes out into the ledger, all in one
 * transaction; each is answered in its place. All or nothing a disclosure, unless `partial`: `disclosure-refused` carries a
 * code per field (`decide` in gate.ts names them), and the person finds it in their activity. An instant of the past is
 * written down as told `afterwards`, never as released; one more than a minute ahead is refused (`at-in-future`). The same
 * one again changes nothing. `person-unknown` for nobody, and for somebody whose key was destroyed; `person-leaving` once an
 * erasure has begun.
 */
export async function releaseMany(ctx: Context, asked: readonly Asking[]): Promise<DisclosureOutcome[]> {
	const keys = await keysOf(ctx, asked);
	return transaction(ctx, async (ctx) => {
		const held = await audit.holdPeople(ctx, [...keys.keys()]);
		const partners = [...new Set(asked.map(({ disclosure }) => disclosure.partner))];
		const standings = await standingsOf(ctx, keys, partners);
		const decided: (Deciding | { outcome: DisclosureOutcome })[] = [];
		for (const { personId, disclosure } of asked) {
			const known = standings.get(personId);
			const refused = !known
				? 'person-unknown'
				: !held.has(personId)
					? 'person-leaving'
					: isAhead(ctx, disclosure)
						? 'at-in-future'
						: undefined;
			decided.push(
				refused || !known
					? { outcome: { refused: refused ?? 'person-unknown' } }
					: await judged(ctx, known, disclosure)
			);
		}
		const tried = decided.filter((one): one is Deciding => 'standing' in one);
		const written = await write(
			ctx,
			tried.flatMap(({ writing }) => writing ?? [])
		);
		const tally = newTally();
		for (const { row, outcome } of written.values())
			if (outcome.added) tally.add(row.personId, row.partner, outcome.released, row.at);
		await tally.store(ctx);
		await audit.recordMany(ctx, happenedOf(tried, written));
		return decided.map((one) => {
			const row = 'writing' in one && one.writing ? written.get(one.writing)?.outcome : one.outcome;
			return row as DisclosureOutcome;
		});
	});
}

/** The same for one person. */
export const release = (
	ctx: Context,
	personId: string,
	disclosures: readonly NewDisclosure[]
): Promise<DisclosureOutcome[]> =>
	releaseMany(
		ctx,
		disclosures.map((disclosure) => ({ personId, disclosure }))
	);
