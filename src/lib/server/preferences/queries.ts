// All SQL of preferences.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { insertMany, type Inserting } from '../platform/database/insert-many.ts';
import { keptQuery } from '../platform/database/kept.ts';
import { listed } from '../platform/database/listed.ts';
import type { PreferenceChangeTable, ShownWordsTable } from '../schema.ts';

const columns = ['id', 'channel', 'topic', 'allowed', 'origin', 'changeSet', 'at'] as const;

export type ChangeRow = Pick<PreferenceChangeTable, (typeof columns)[number]>;

export const insertChange = (ctx: Context, change: PreferenceChangeTable) =>
	ctx.db.insertInto('preferenceChange').values(change).execute();

/** The same words again change nothing. */
export const insertWords = (ctx: Context, words: ShownWordsTable) =>
	ctx.db
		.insertInto('shownWords')
		.values(words)
		.onConflict((conflict) => conflict.doNothing())
		.execute();

const latest = keptQuery((db: Context['db'], personId: string, except: string) => {
	const newest = db
		.selectFrom('preferenceChange')
		.select((built) => built.fn.max('id').as('id'))
		.where('personId', '=', personId)
		.where('changeSet', 'not in', listed(db, except))
		.groupBy(['channel', 'topic']);
	return db
		.selectFrom('preferenceChange')
		.select(columns)
		.where('personId', '=', personId)
		.where('id', 'in', newest);
});

/** The newest change of each cell that was ever changed; with `except`, as it was without those change sets. */
export const selectLatest = (
	ctx: Context,
	personId: string,
	except: readonly string[] = []
): Promise<ChangeRow[]> => latest(ctx, personId, JSON.stringify(except));

const newestId = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('preferenceChange')
		.select('id')
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(1)
);

export const selectNewestId = async (ctx: Context, personId: string): Promise<string | undefined> =>
	(await newestId(ctx, personId))[0]?.id;

const newestIds = keptQuery((db: Context['db'], people: string) =>
	db
		.selectFrom('preferenceChange')
		.select(['personId', (built) => built.fn.max('id').as('id')])
		.where('personId', 'in', listed(db, people))
		.groupBy('personId')
);

/** The same of many people; whoever has none is left out. */
export const selectNewestIds = async (
	ctx: Context,
	people: readonly string[]
): Promise<Map<string, string>> =>
	new Map((await newestIds(ctx, JSON.stringify(people))).map(({ personId, id }) => [personId, id]));

const changesOfMany: Inserting = {
	table: 'preference_change',
	columns: ['person_id', 'id', 'channel', 'topic', 'allowed', 'origin', 'change_set', 'at', 'words']
};

export const insertChanges = (ctx: Context, changes: readonly PreferenceChangeTable[]) =>
	insertMany(
		ctx,
		changesOfMany,
		changes.map(({ personId, id, channel, topic, allowed, origin, changeSet, at, words }) => [
			personId,
			id,
			channel,
			topic,
			allowed,
			origin,
			changeSet,
			at,
			words
		])
	);

/** Stops and starts of everything by a way, newest first. */
export const selectStops = (ctx: Context, personId: string, channel: string): Promise<ChangeRow[]> =>
	ctx.db
		.selectFrom('preferenceChange')
		.select(columns)
		.where('personId', '=', personId)
		.where('channel', '=', channel)
		.where('topic', '=', '*')
		.orderBy('id', 'desc')
		.limit(100)
		.execute();

/** With what stood beside the switch. */
export type ShownChangeRow = ChangeRow & { words: string | null; language: string | null };

const changes = keptQuery((db: Context['db'], personId: string, before: string, limit: number) =>
	db
		.selectFrom('preferenceChange')
		.leftJoin('shownWords', 'shownWords.id', 'preferenceChange.words')
		.select([
			'preferenceChange.id',
			'channel',
			'topic',
			'allowed',
			'origin',
			'changeSet',
			'at',
			'shownWords.text as words',
			'shownWords.language'
		])
		.where('personId', '=', personId)
		.where('preferenceChange.id', '<', before)
		.orderBy('preferenceChange.id', 'desc')
		.limit(limit)
);

/** Comes after every id. */
const behindAll = 'g';

/** Newest first; `before` is the id of the last one seen. */
export const selectChanges = (
	ctx: Context,
	personId: string,
	before: string | undefined,
	limit: number
): Promise<ShownChangeRow[]> => changes(ctx, personId, before ?? behindAll, limit);

export const selectSet = (ctx: Context, personId: string, changeSet: string): Promise<ChangeRow[]> =>
	ctx.db
		.selectFrom('preferenceChange')
		.select(columns)
		.where('personId', '=', personId)
		.where('changeSet', '=', changeSet)
		.execute();

export const selectAt = (ctx: Context, personId: string, at: string) =>
	ctx.db
		.selectFrom('preferenceChange')
		.select(['channel', 'topic'])
		.where('personId', '=', personId)
		.where('at', '=', at)
		.execute();

export async function countChanges(ctx: Context, personId: string): Promise<number> {
	const { changes } = await ctx.db
		.selectFrom('preferenceChange')
		.select((count) => count.fn.countAll<number>().as('changes'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(changes);
}

const tables = [
	{ table: 'preference_change' },
	{ table: 'contact_change' },
	{ table: 'address_block', key: 'because' },
	{ table: 'reconfirmation' },
	{ table: 'decision_notice' }
];

/** Deletes at most `limit` rows; answers how many. */
export async function deleteChanges(ctx: Context, personId: string, limit: number): Promise<number> {
	let deleted = 0;
	for (const table of tables)
		if (deleted < limit) deleted += await deleteSome(ctx, table, personId, limit - deleted);
	return deleted;
}
