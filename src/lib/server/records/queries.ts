// All SQL of records.
import type { Context } from '../context.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type { RecordTable, RetentionRuleTable } from '../schema.ts';

/** Rows a statement: one text for all full chunks, so that it is prepared once. */
const chunkRows = 50;

export interface Keyset {
	at: string;
	id: string;
}

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
	for (let start = 0; start < items.length; start += chunkRows) yield items.slice(start, start + chunkRows);
}

export const selectPerson = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('person').select(['role', 'country']).where('personId', '=', personId).executeTakeFirst();

/** Which of these ids are there already. */
export async function selectKnown(
	ctx: Context,
	personId: string,
	category: string,
	ids: readonly string[]
): Promise<Set<string>> {
	const known = new Set<string>();
	for (const some of chunks(ids)) {
		const rows = await ctx.db
			.selectFrom('record')
			.select('id')
			.where('personId', '=', personId)
			.where('category', '=', category)
			.where('id', 'in', some)
			.execute();
		for (const { id } of rows) known.add(id);
	}
	return known;
}

/** Inserts rows of different keys; a row of the same key is replaced. */
export async function upsertRecords(ctx: Context, rows: readonly RecordTable[]): Promise<void> {
	for (const some of chunks(rows))
		await ctx.db
			.insertInto('record')
			.values([...some])
			.onConflict((conflict) =>
				conflict.columns(['personId', 'category', 'id']).doUpdateSet((row) => ({
					at: row.ref('excluded.at'),
					sealed: row.ref('excluded.sealed'),
					origin: row.ref('excluded.origin')
				}))
			)
			.execute();
}

/** Makes the row that counts, and holds it until the transaction ends: two writers of one category take turns. */
export async function lockCount(ctx: Context, personId: string, category: string): Promise<void> {
	await ctx.db
		.insertInto('recordCount')
		.values({ personId, category, records: 0, oldestAt: null })
		.onConflict((conflict) =>
			conflict
				.columns(['personId', 'category'])
				.doUpdateSet((row) => ({ records: row.ref('recordCount.records') }))
		)
		.execute();
}

/** Adds to the count and asks the index again for the oldest. */
export async function updateCount(
	ctx: Context,
	personId: string,
	category: string,
	added: number
): Promise<void> {
	const oldest = await ctx.db
		.selectFrom('record')
		.select('at')
		.where('personId', '=', personId)
		.where('category', '=', category)
		.orderBy('at')
		.orderBy('id')
		.limit(1)
		.executeTakeFirst();
	await ctx.db
		.updateTable('recordCount')
		.set((row) => ({ records: row('records', '+', added), oldestAt: oldest?.at ?? null }))
		.where('personId', '=', personId)
		.where('category', '=', category)
		.execute();
}

export const selectCounts = keptQuery((db: Context['db'], personId: string) =>
	db.selectFrom('recordCount').select(['category', 'records']).where('personId', '=', personId)
);

const recordColumns = ['id', 'at', 'sealed', 'origin'] as const;

/**
 * Newest first; `before` leaves out what is newer than or the same as that place. None of these columns has a name that
 * would have to be translated, so the rows come without the plugin that does it: over a million rows it costs a second.
 */
export async function selectOlder(
	ctx: Context,
	personId: string,
	category: string,
	before: Keyset | undefined,
	limit: number
) {
	const query = ctx.db
		.selectFrom('record')
		.select(recordColumns)
		.where('personId', '=', personId)
		.where('category', '=', category)
		.orderBy('at', 'desc')
		.orderBy('id', 'desc')
		.limit(limit);
	const placed = before
		? query.where((row) => row(row.refTuple('at', 'id'), '<', row.tuple(before.at, before.id)))
		: query;
	return (await ctx.db.withoutPlugins().executeQuery(placed.compile())).rows;
}

export const selectRecord = (ctx: Context, personId: string, category: string, id: string) =>
	ctx.db
		.selectFrom('record')
		.select(recordColumns)
		.where('personId', '=', personId)
		.where('category', '=', category)
		.where('id', '=', id)
		.executeTakeFirst();

/** Oldest first, from just after that place. */
export const selectNewer = (ctx: Context, personId: string, category: string, after: Keyset, limit: number) =>
	ctx.db
		.selectFrom('record')
		.select(recordColumns)
		.where('personId', '=', personId)
		.where('category', '=', category)
		.where((row) => row(row.refTuple('at', 'id'), '>', row.tuple(after.at, after.id)))
		.orderBy('at')
		.orderBy('id')
		.limit(limit)
		.execute();

/** People with records of the category from before `at`. */
export const selectExpired = (ctx: Context, category: string, at: string, limit: number) =>
	ctx.db
		.selectFrom('recordCount')
		.select('personId')
		.where('category', '=', category)
		.where('oldestAt', '<=', at)
		.limit(limit)
		.execute();

/** Deletes at most `limit` records of the category from before `at`, one replaced meanwhile not among them; answers how many. */
export async function deleteOlder(
	ctx: Context,
	personId: string,
	category: string,
	at: string,
	limit: number
): Promise<number> {
	const some = ctx.db
		.selectFrom('record')
		.select('id')
		.where('personId', '=', personId)
		.where('category', '=', category)
		.where('at', '<=', at)
		.limit(limit);
	const { numDeletedRows } = await ctx.db
		.deleteFrom('record')
		.where('personId', '=', personId)
		.where('category', '=', category)
		.where('at', '<=', at)
		.where('id', 'in', some)
		.executeTakeFirst();
	return Number(numDeletedRows);
}

/** How many records of the category are from before `at`. */
export async function countOlder(ctx: Context, category: string, at: string): Promise<number> {
	const { records } = await ctx.db
		.selectFrom('recordCount')
		.innerJoin('record', (join) =>
			join
				.onRef('record.personId', '=', 'recordCount.personId')
				.onRef('record.category', '=', 'recordCount.category')
		)
		.select((count) => count.fn.countAll<number>().as('records'))
		.where('recordCount.category', '=', category)
		.where('recordCount.oldestAt', '<=', at)
		.where('record.at', '<=', at)
		.executeTakeFirstOrThrow();
	return Number(records);
}

/** In the order in which they came. */
export const selectRules = (ctx: Context) =>
	ctx.db
		.selectFrom('retentionRule')
		.select(['category', 'since', 'duration'])
		.orderBy('since')
		.orderBy('category')
		.execute();

/** Two processes may see a rule for the first time at once. */
export const insertRule = (ctx: Context, rule: RetentionRuleTable) =>
	ctx.db
		.insertInto('retentionRule')
		.values(rule)
		.onConflict((conflict) => conflict.doNothing())
		.execute();

/** Deletes all records of a category; answers how many. */
export async function deleteCategory(ctx: Context, personId: string, category: string): Promise<number> {
	const { numDeletedRows } = await ctx.db
		.deleteFrom('record')
		.where('personId', '=', personId)
		.where('category', '=', category)
		.executeTakeFirst();
	return Number(numDeletedRows);
}

export async function deleteCount(ctx: Context, personId: string, category: string): Promise<void> {
	await ctx.db
		.deleteFrom('recordCount')
		.where('personId', '=', personId)
		.where('category', '=', category)
		.execute();
}
