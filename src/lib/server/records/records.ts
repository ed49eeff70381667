// Promise: every dated entry held about a person is sealed under their key, counted as it comes, and read a page at a time.
import type { KeyObject } from 'node:crypto';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import type { FieldValue } from '../organisation/field-value.ts';
import { categoryOf, fieldsOf } from '../organisation/lookup.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { RecordTable } from '../schema.ts';
import { checkRecord, type CheckedRecord, type NewRecord, type RecordProblem } from './check.ts';
import {
	lockCount,
	selectCounts,
	selectKnown,
	selectNewer,
	selectOlder,
	selectPerson,
	selectRecord,
	updateCount,
	upsertRecords,
	type Keyset
} from './queries.ts';
import { keptUntil, rulesOf } from './rules.ts';

export type { NewRecord, RecordProblem } from './check.ts';
export type { Keyset } from './queries.ts';

export interface HeldRecord {
	id: string;
	at: string;
	fields: Record<string, FieldValue>;
	origin: string;
}

export interface RecordPage {
	/** Newest first. */
	records: HeldRecord[];
	/** Places for `before` and `after`; missing where there is nothing further. */
	older?: string;
	newer?: string;
}

const sealedIn = { table: 'record', column: 'sealed' };

const place = (category: string, id: string) => ({ ...sealedIn, row: `${category}/${id}` });

/** Where the records of a category are sealed, up to their id. */
export const placeOfAll = (category: string) => ({ ...sealedIn, rowPrefix: `${category}/` });

/**
 * Stores records of one person; one of the same category and id is replaced, and running it twice changes nothing.
 * What fits is stored in one transaction with its counts; `problems` tells by position what does not fit and why.
 * Refuses `person-unknown` for nobody, and for somebody whose key was destroyed; `person-leaving` once an erasure has begun.
 */
export async function put(
	ctx: Context,
	personId: string,
	records: readonly NewRecord[]
): Promise<
	| { added: number; replaced: number; problems: (RecordProblem & { index: number })[] }
	| { refused: 'person-unknown' | 'person-leaving' }
> {
	const person = await selectPerson(ctx, personId);
	const key = await ctx.keys.find(personId);
	if (!person || !key) return { refused: 'person-unknown' };

	const problems: (RecordProblem & { index: number })[] = [];
	const byCategory = new Map<string, Map<string, CheckedRecord>>();
	records.forEach((record, index) => {
		const checked = checkRecord(ctx, person, record);
		if ('problem' in checked) return problems.push({ ...checked.problem, index });
		const category = byCategory.get(checked.category) ?? new Map<string, CheckedRecord>();
		byCategory.set(checked.category, category.set(checked.id, checked));
	});
	const stored = await store(ctx, personId, key, byCategory);
	return 'refused' in stored ? stored : { ...stored, problems };
}

/** Which of these are held already, as `category/id`: `put` replaces them. */
export async function held(
	ctx: Context,
	personId: string,
	records: readonly Pick<NewRecord, 'category' | 'id'>[]
): Promise<Set<string>> {
	const names = new Set<string>();
	for (const [category, some] of Map.groupBy(records, (record) => record.category))
		for (const id of await selectKnown(
			ctx,
			personId,
			category,
			some.map((record) => record.id)
		))
			names.add(`${category}/${id}`);
	return names;
}

async function store(
	ctx: Context,
	personId: string,
	key: KeyObject,
	byCategory: Map<string, Map<string, CheckedRecord>>
): Promise<{ added: number; replaced: number } | { refused: 'person-leaving' }> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		let added = 0;
		let replaced = 0;
		// In one order for everybody, so that two writers never wait for each other.
		for (const [category, records] of [...byCategory].sort(([a], [b]) => (a < b ? -1 : 1))) {
			await lockCount(ctx, personId, category);
			const known = await selectKnown(ctx, personId, category, [...records.keys()]);
			await upsertRecords(
				ctx,
				[...records.values()].map((record) => sealed(personId, key, record))
			);
			await updateCount(ctx, personId, category, records.size - known.size);
			added += records.size - known.size;
			replaced += known.size;
		}
		return { added, replaced };
	});
}

const sealed = (
	personId: string,
	key: KeyObject,
	{ category, id, at, fields, origin }: CheckedRecord
): RecordTable => ({
	personId,
	category,
	id,
	at,
	sealed: seal(key, place(category, id), fields),
	origin
});

/**
 * A page of a category, newest first. `before` and `after` are places of an earlier page; a place that is none is passed
 * over. Refuses `category-unknown` for a category of another role, or of no records.
 */
export async function page(
	ctx: Context,
	person: { id: string; role: string },
	category: string,
	{
		before,
		after,
		limit
	}: { before?: string | null | undefined; after?: string | null | undefined; limit: number }
): Promise<RecordPage | { refused: 'category-unknown' }> {
	const described = categoryOf(ctx.organisation, category);
	if (described?.kind !== 'records' || fieldsOf(described, person.role).length === 0)
		return { refused: 'category-unknown' };

	const from = parsePlace(after);
	const until = parsePlace(before);
	const rows = from
		? await readNewer(ctx, person.id, category, from, limit + 1)
		: await readOlder(ctx, person.id, category, until, limit + 1);
	const more = rows.length > limit;
	const shown = from ? rows.slice(0, limit).reverse() : rows.slice(0, limit);
	const first = shown[0];
	const last = shown.at(-1);
	return {
		records: shown,
		...(last && (from ? true : more) && { older: placeOf(last) }),
		...(first && (from ? more : until !== undefined) && { newer: placeOf(first) })
	};
}

/** Records of a category, newest first, from just before a place; for readers that walk all of them. */
export async function readOlder(
	ctx: Context,
	personId: string,
	category: string,
	before: Keyset | undefined,
	limit: number
): Promise<HeldRecord[]> {
	const key = await ctx.keys.of(personId);
	return (await selectOlder(ctx, personId, category, before, limit)).map((row) => opened(key, category, row));
}

/** One record; undefined where there is none. */
export async function find(
	ctx: Context,
	personId: string,
	category: string,
	id: string
): Promise<HeldRecord | undefined> {
	const row = await selectRecord(ctx, personId, category, id);
	return row && opened(await ctx.keys.of(personId), category, row);
}

async function readNewer(
	ctx: Context,
	personId: string,
	category: string,
	after: Keyset,
	limit: number
): Promise<HeldRecord[]> {
	const key = await ctx.keys.of(personId);
	return (await selectNewer(ctx, personId, category, after, limit)).map((row) => opened(key, category, row));
}

const opened = (
	key: KeyObject,
	category: string,
	{ id, at, sealed, origin }: Omit<RecordTable, 'personId' | 'category'>
): HeldRecord => ({
	id,
	at,
	origin,
	fields: open(key, place(category, id), sealed)
});

/** How many records the person has in each category; counted as they came, so that asking costs nothing. */
export async function counts(ctx: Context, personId: string): Promise<Map<string, number>> {
	const rows = await selectCounts(ctx, personId);
	return new Map(rows.map(({ category, records }) => [category, records]));
}

const placeOf = ({ at, id }: Keyset): string => `${at}/${id}`;

function parsePlace(text: string | null | undefined): Keyset | undefined {
	const match = /^(\d{4}-\d{2}-\d{2}T[\d:.]{12}Z)\/([A-Za-z0-9._~:-]{1,100})$/.exec(text ?? '');
	return match ? { at: match[1] as string, id: match[2] as string } : undefined;
}

/** When each of these records is destroyed; undefined for as long as the person stays. */
export async function keptUntilOf(
	ctx: Context,
	category: string,
	records: readonly { at: string }[]
): Promise<(string | undefined)[]> {
	const rules = (await rulesOf(ctx)).get(category) ?? [];
	return records.map(({ at }) => keptUntil(ctx, rules, at));
}
