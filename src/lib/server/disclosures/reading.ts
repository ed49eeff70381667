// Promise: a person reads their own ledger, newest first, and nobody else's row is ever among it.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { open } from '../platform/keys/keys.ts';
import type { DisclosureTable } from '../schema.ts';
import {
	selectCounts,
	selectFlows,
	selectGiven,
	selectNewer,
	selectOlder,
	selectOne,
	selectReceived,
	selectRecipients,
	type Condition,
	type DisclosureRow,
	type Place
} from './queries.ts';
import { place, type SealedDisclosure } from './sealed.ts';

export interface Disclosure extends Omit<DisclosureTable, 'personId' | 'fields' | 'sealed' | 'dedupe'> {
	/** Codes `category.field`. */
	fields: string[];
	reference: string | null;
}

export interface Filter extends Condition {
	/** Places of an earlier page; one that is none is passed over. */
	before?: string | null | undefined;
	after?: string | null | undefined;
	limit: number;
}

export interface DisclosurePage {
	/** Newest first. */
	disclosures: Disclosure[];
	/** Places for `before` and `after`; missing where there is nothing further. */
	older?: string;
	newer?: string;
}

/** What flowed to a partner, of a category or of one field. */
export interface Flow {
	partner: string;
	category: string;
	field: string;
	disclosures: number;
	firstAt: string;
	lastAt: string;
}

const opened = (key: KeyObject, { fields, sealed, ...row }: DisclosureRow): Disclosure => ({
	...row,
	fields: fields.split(' '),
	reference: open<SealedDisclosure>(key, place(row.id), sealed).reference ?? null
});

/** A page of the person's ledger, newest first, of a partner, a purpose, a span of time, or all (GDPR Art. 15(1)(c)). */
export async function page(
	ctx: Context,
	personId: string,
	{ before, after, limit, ...condition }: Filter
): Promise<DisclosurePage> {
	const key = await ctx.keys.of(personId);
	const from = parsePlace(after);
	const until = parsePlace(before);
	const rows = from
		? await selectNewer(ctx, personId, condition, from, limit + 1)
		: await selectOlder(ctx, personId, condition, until, limit + 1);
	const more = rows.length > limit;
	const shown = from ? rows.slice(0, limit).reverse() : rows.slice(0, limit);
	const [first, last] = [shown[0], shown.at(-1)];
	return {
		disclosures: shown.map((row) => opened(key, row)),
		...(last && (from ? true : more) && { older: placeOf(last) }),
		...(first && (from ? more : until !== undefined) && { newer: placeOf(first) })
	};
}

/** The next rows before a place, for readers that walk all of them. */
export async function readOlder(
	ctx: Context,
	personId: string,
	before: Place | undefined,
	limit: number
): Promise<Disclosure[]> {
	const key = await ctx.keys.of(personId);
	return (await selectOlder(ctx, personId, {}, before, limit)).map((row) => opened(key, row));
}

/** One row of the person's ledger; undefined for one of somebody else. */
export async function find(ctx: Context, personId: string, id: string): Promise<Disclosure | undefined> {
	const row = await selectOne(ctx, personId, id);
	return row && opened(await ctx.keys.of(personId), row);
}

/** How often and when last each partner received something, the latest first. */
export async function summary(
	ctx: Context,
	personId: string
): Promise<{ partner: string; disclosures: number; lastAt: string }[]> {
	const counts = await selectCounts(ctx, personId);
	return counts.sort((a, b) => (a.lastAt < b.lastAt ? 1 : -1));
}

/** What flowed from each category to each partner. */
export const flows = (ctx: Context, personId: string): Promise<Flow[]> => selectFlows(ctx, personId);

/** Which fields one partner received: how often, first and last. */
export const received = (ctx: Context, personId: string, partner: string): Promise<Flow[]> =>
	selectReceived(ctx, personId, partner);

/** Partners that ever got the field `category.field`: whoever has it is told when it turns out wrong (GDPR Art. 19). */
export async function recipientsOf(ctx: Context, personId: string, code: string): Promise<string[]> {
	const [category = '', field = ''] = code.split('.');
	return (await selectRecipients(ctx, personId, category, field)).map(({ partner }) => partner);
}

/** What some partners received between two instants (the first one in, the last one out), by partner and list of fields. */
export async function givenBetween(
	ctx: Context,
	personId: string,
	partners: readonly string[],
	span: { from: string; until: string }
): Promise<{ partner: string; fields: string[]; disclosures: number; lastAt: string }[]> {
	if (!partners.length) return [];
	const rows = await selectGiven(ctx, personId, partners, span);
	return rows.map((row) => ({ ...row, fields: row.fields.split(' '), disclosures: Number(row.disclosures) }));
}

const placeOf = ({ at, id }: Place): string => `${at}/${id}`;

function parsePlace(text: string | null | undefined): Place | undefined {
	const match = /^(\d{4}-\d{2}-\d{2}T[\d:.]{12}Z)\/([0-9a-f-]{36})$/.exec(text ?? '');
	return match ? { at: match[1] as string, id: match[2] as string } : undefined;
}
