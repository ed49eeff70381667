// All SQL of notices.
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { keptQuery } from '../../platform/database/kept.ts';
import type { NoticeTable, Round } from '../../schema.ts';

export type RoundTable = 'policyAnnouncement' | 'incident';

/** As much of a table of rounds as this ledger looks at; the rest is its domain's. */
const rounds = (table: RoundTable): 'policyAnnouncement' => table as 'policyAnnouncement';

export const selectRound = (ctx: Context, table: RoundTable, id: string) =>
	ctx.db
		.selectFrom(rounds(table))
		.select(['id', 'phase', 'lastPerson', 'found', 'told'])
		.where('id', '=', id)
		.executeTakeFirst();

export const updateRound = (ctx: Context, table: RoundTable, id: string, changes: Partial<Round>) =>
	ctx.db.updateTable(rounds(table)).set(changes).where('id', '=', id).execute();

/** Adds people who are to be told; whoever is there already stays as they are. Answers how many are new. */
export async function insertNotices(
	ctx: Context,
	about: string,
	personIds: readonly string[],
	at: string
): Promise<number> {
	if (!personIds.length) return 0;
	const rows = personIds.map((personId) => ({
		personId,
		about,
		state: 'waiting' as const,
		channel: null,
		messageId: null,
		at,
		readAt: null
	}));
	const { numInsertedOrUpdatedRows } = await ctx.db
		.insertInto('notice')
		.values(rows)
		.onConflict((conflict) => conflict.doNothing())
		.executeTakeFirst();
	return Number(numInsertedOrUpdatedRows ?? 0n);
}

/** People whose turn it is, with what a letter to them needs to know. */
export const selectWaiting = (ctx: Context, about: string, limit: number) =>
	ctx.db
		.selectFrom('notice')
		.innerJoin('person', 'person.personId', 'notice.personId')
		.select(['notice.personId', 'person.language', 'person.country', 'person.region'])
		.where('about', '=', about)
		.where('notice.state', '=', 'waiting')
		.orderBy('notice.personId')
		.limit(limit)
		.execute();

export const updateNotice = (
	ctx: Context,
	personId: string,
	about: string,
	changes: Partial<NoticeTable>
): Promise<unknown> =>
	ctx.db
		.updateTable('notice')
		.set(changes)
		.where('personId', '=', personId)
		.where('about', '=', about)
		.execute();

/** Those whose message left the outbox, with its end; the one look at the outbox from here. */
export const selectEnded = (ctx: Context, about: string, limit: number) =>
	ctx.db
		.selectFrom('notice')
		.innerJoin('outbox', (join) =>
			join.onRef('outbox.personId', '=', 'notice.personId').onRef('outbox.id', '=', 'notice.messageId')
		)
		.select(['notice.personId', 'outbox.state', 'outbox.sentAt'])
		.where('about', '=', about)
		.where('notice.state', '=', 'queued')
		.where('outbox.state', 'in', ['sent', 'failed', 'withheld', 'unconfirmed'])
		.limit(limit)
		.execute();

export const selectQueued = (ctx: Context, about: string) =>
	ctx.db
		.selectFrom('notice')
		.select('personId')
		.where('about', '=', about)
		.where('state', '=', 'queued')
		.limit(1)
		.executeTakeFirst();

export async function countStates(ctx: Context, about: string) {
	const rows = await ctx.db
		.selectFrom('notice')
		.select(({ fn }) => ['state', fn.countAll<number>().as('people'), fn.count<number>('readAt').as('read')])
		.where('about', '=', about)
		.groupBy('state')
		.execute();
	return rows.map(({ state, people, read }) => ({ state, people: Number(people), read: Number(read) }));
}

/** By person id, after the last one seen. */
export function selectNotices(
	ctx: Context,
	about: string,
	{
		state,
		after,
		limit
	}: { state?: NoticeTable['state'] | undefined; after?: string | undefined; limit: number }
) {
	let query = ctx.db
		.selectFrom('notice')
		.select(['personId', 'state', 'channel', 'at', 'readAt'])
		.where('about', '=', about)
		.orderBy('personId')
		.limit(limit);
	if (state) query = query.where('state', '=', state);
	if (after) query = query.where('personId', '>', after);
	return query.execute();
}

export const selectNoticesTo = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('notice')
		.select(['about', 'state', 'channel', 'at', 'readAt'])
		.where('personId', '=', personId)
		.orderBy('about', 'desc')
		.limit(1_000)
);

export async function deleteNotices(ctx: Context, personId: string, limit: number): Promise<number> {
	const some = ctx.db.selectFrom('notice').select('about').where('personId', '=', personId).limit(limit);
	const { numDeletedRows } = await ctx.db
		.deleteFrom('notice')
		.where('personId', '=', personId)
		.where('about', 'in', some)
		.executeTakeFirst();
	return Number(numDeletedRows);
}

/** Takes the row of a round for the rest of the transaction, so that its counters are nobody else's. */
export const lockRound = (ctx: Context, table: RoundTable, id: string) =>
	ctx.db
		.updateTable(rounds(table))
		.set({ attempts: sql<number>`attempts` })
		.where('id', '=', id)
		.execute();
