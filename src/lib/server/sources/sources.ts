// Promise: what lies in a system outside is shown as it is there now, or it is said that it can't be asked; staff can switch it off.
import type { Context } from '../context.ts';
import { categoryOf, fieldsOf, sourceOf } from '../organisation/lookup.ts';
import type { Category } from '../organisation/organisation.ts';
import type { FieldValue } from '../organisation/field-value.ts';
import { SourceFailure, type Source, type SourceRow, type Within } from '../platform/sources/source.ts';
import { alarm } from './alarms.ts';
import { countIn, pagePatience } from './personal-data.ts';
import { rowCheck, type OutsideRecord } from './rows.ts';

export { proved, standings, switchOff, switchOn, type Standing } from './standings.ts';

/** It is broken, hangs, is switched off, or left alone after it failed too often: nothing was changed, nothing is shown. */
export interface Unavailable {
	refused: 'source-unavailable';
}

export interface OutsidePage {
	records: (Omit<OutsideRecord, 'place'> & { origin: string })[];
	older?: string;
	newer?: string;
	/** Rows of which something, or all, was not fit to be shown: another person's, or not what is described. */
	leftOut: number;
}

type Owner = { externalId: string; country: string; role: string };

const unavailable: Unavailable = { refused: 'source-unavailable' };

interface Lying {
	source: Source;
	category: Category;
}

function lyingIn(ctx: Context, category: string): Lying | undefined {
	const described = categoryOf(ctx.organisation, category);
	const source = ctx.sources.get(sourceOf(ctx.organisation, category)?.id ?? '');
	return described && source && { source, category: described };
}

async function unless<Answer>(answer: Promise<Answer>): Promise<Answer | Unavailable> {
	try {
		return await answer;
	} catch (error) {
		if (error instanceof SourceFailure) return unavailable;
		throw error;
	}
}

/** Only what belongs to the person and to their role; rows of somebody else raise the alarm. */
async function fit(ctx: Context, { source, category }: Lying, person: Owner, rows: readonly SourceRow[]) {
	const check = rowCheck(category, person);
	const own = new Set(fieldsOf(category, person.role).map(({ id }) => id));
	const records: OutsideRecord[] = [];
	let leftOut = 0;
	let foreign = 0;
	for (const row of rows) {
		const { record, left } = check(row);
		if (left) leftOut += 1;
		if (left === 'foreign') foreign += 1;
		if (!record) continue;
		const fields = Object.fromEntries(Object.entries(record.fields).filter(([id]) => own.has(id)));
		records.push({ ...record, fields });
	}
	if (foreign) await alarm(ctx, { source: source.id, category: category.id, rows: foreign });
	return { records, leftOut };
}

const placeOf = (record: OutsideRecord | undefined) => record && `${record.place}/${record.id}`;

function parsePlace(text: string | null | undefined): { at: string; id: string } | undefined {
	const match = /^(\d{4}-\d{2}-\d{2}[\dTZ:. +-]{0,30})\/([A-Za-z0-9._~:-]{1,100})$/.exec(text ?? '');
	return match ? { at: match[1] as string, id: match[2] as string } : undefined;
}

interface Wish {
	before?: string | null | undefined;
	after?: string | null | undefined;
	limit: number;
}

/** The same patience, and how many rows could not be read. */
function counting(within: Within): { within: Within; unreadable: () => number } {
	let count = 0;
	return { within: { ...within, unreadable: () => void (count += 1) }, unreadable: () => count };
}

/**
 * A page of a category that lies outside, newest first; `before` and `after` are places of an earlier page. Refuses
 * `category-unknown` for one of another role or one that is held here, and `source-unavailable`.
 */
export async function page(
	ctx: Context,
	person: Owner,
	category: string,
	{ before, after, limit }: Wish
): Promise<OutsidePage | { refused: 'category-unknown' } | Unavailable> {
	const lying = lyingIn(ctx, category);
	if (!lying || fieldsOf(lying.category, person.role).length === 0) return { refused: 'category-unknown' };
	const from = parsePlace(after);
	const until = from ? undefined : parsePlace(before);
	const place = { ...(from && { after: from }), ...(until && { before: until }), limit: limit + 1 };
	const { within, unreadable } = counting(pagePatience);
	const found = await unless(lying.source.page(category, person.externalId, place, within));
	if ('refused' in found) return found;
	// A row that could not be read was one of those that were asked for.
	const more = found.length + unreadable() > limit;
	const rows = from && found.length > limit ? found.slice(1) : found.slice(0, limit);
	const { records, leftOut } = await fit(ctx, lying, person, rows);
	// Of rows that came in alone: what is somebody else's stands in no link.
	const older = (from ? true : more) && placeOf(records.at(-1));
	const newer = (from ? more : until !== undefined) && placeOf(records[0]);
	return {
		records: records.map(({ place: _, ...record }) => ({ ...record, origin: originOf(lying) })),
		leftOut: leftOut + unreadable(),
		...(older && { older }),
		...(newer && { newer })
	};
}

const originOf = ({ category }: Lying): string => category.origins[0] as string;

/** One record; undefined where there is none. Refuses `source-unavailable`, also where what came is not fit to be shown. */
export async function find(
	ctx: Context,
	person: Owner,
	category: string,
	id: string,
	patience: Within = pagePatience
): Promise<OutsideRecord | undefined | Unavailable> {
	const lying = lyingIn(ctx, category);
	if (!lying) return undefined;
	const { within, unreadable } = counting(patience);
	const row = await unless(lying.source.find(category, person.externalId, id, within));
	if (row === unavailable) return unavailable;
	if (!row) return unreadable() ? unavailable : undefined;
	return (await fit(ctx, lying, person, [row as SourceRow])).records[0] ?? unavailable;
}

/** The one row of a profile category; undefined where there is none. Refuses `source-unavailable`, as `find` does. */
export async function profileRow(
	ctx: Context,
	person: Owner,
	category: string
): Promise<OutsideRecord | undefined | Unavailable> {
	const found = await page(ctx, person, category, { limit: 1 });
	if ('refused' in found) return found.refused === 'source-unavailable' ? unavailable : undefined;
	const [record] = found.records;
	if (!record) return found.leftOut > 0 ? unavailable : undefined;
	return { ...record, place: record.at };
}

/** How many values of a profile, or entries, lie there; undefined while it can't be asked. */
export async function amount(ctx: Context, person: Owner, category: Category): Promise<number | undefined> {
	if (category.kind === 'profile') {
		const row = await profileRow(ctx, person, category.id);
		if (row && 'refused' in row) return undefined;
		return Object.keys(row?.fields ?? {}).length;
	}
	const lying = lyingIn(ctx, category.id);
	if (!lying) return 0;
	const { records, unanswered } = await countIn(lying.source, category.id, person.externalId);
	return unanswered ? undefined : records;
}

/** Whether a field of a category that lies outside can be changed there. */
export const canEdit = (ctx: Context, category: string, field: string): boolean =>
	lyingIn(ctx, category)?.source.edits(category, field) ?? false;

/**
 * Writes one field where it lies, or erases it (null); never within a transaction. `unknown`: there is no such record, or
 * nobody described how it is changed. Refuses `source-unavailable`: nothing is known to have changed, or the source takes somebody
 * else's rows for theirs.
 */
export async function edit(
	ctx: Context,
	person: Owner,
	{
		category,
		record,
		field,
		value
	}: { category: string; record?: string; field: string; value: FieldValue | null }
): Promise<{ edited: true } | { problem: { code: 'unknown' } } | Unavailable> {
	const lying = lyingIn(ctx, category);
	if (!lying?.source.edits(category, field)) return { problem: { code: 'unknown' } };
	if ((await unless(isTheirsAlone(ctx, lying, person, record))) !== true) return unavailable;
	const change = { ...(record !== undefined && { record }), field, value };
	const done = await unless(lying.source.edit(category, person.externalId, change, editPatience));
	if (typeof done !== 'string') return done;
	return done === 'done' ? { edited: true } : { problem: { code: 'unknown' } };
}

/** Whether what is to be written on is the person's: a statement that finds somebody else too would write over theirs. */
async function isTheirsAlone(
	ctx: Context,
	{ source, category }: Lying,
	{ externalId }: Owner,
	record: string | undefined
): Promise<boolean> {
	const rows =
		record === undefined
			? await source.page(category.id, externalId, { limit: 2 }, editPatience)
			: [await source.find(category.id, externalId, record, editPatience)];
	const foreign = rows.filter((row) => row && row.person !== externalId).length;
	if (foreign) await alarm(ctx, { source: source.id, category: category.id, rows: foreign });
	return foreign === 0;
}

/** Somebody waits for it, and a page that fails has changed nothing that it tells. */
const editPatience: Within = { seconds: 10 };
