// All SQL of requests.
import type { Context } from '../context.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type { RequestMessageTable, RequestTable } from '../schema.ts';

const columns = ['id', 'kind', 'state', 'subject', 'rule', 'openedAt', 'dueAt', 'closedAt'] as const;

export const insertRequest = (ctx: Context, request: RequestTable) =>
	ctx.db.insertInto('request').values(request).execute();

export const insertMessage = (ctx: Context, message: RequestMessageTable) =>
	ctx.db.insertInto('requestMessage').values(message).execute();

export const selectPlace = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('person')
		.select(['country', 'region'])
		.where('personId', '=', personId)
		.executeTakeFirst();

export const selectRequest = (ctx: Context, personId: string, id: string) =>
	ctx.db
		.selectFrom('request')
		.select(columns)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.executeTakeFirst();

/** Newest first; `before` is the id of the last one seen. */
export function selectRequests(ctx: Context, personId: string, before: string | undefined, limit: number) {
	const query = ctx.db
		.selectFrom('request')
		.select(columns)
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}

/** Of the open ones, at most `limit`. */
export const selectOpen = keptQuery((db: Context['db'], personId: string, limit: number) =>
	db
		.selectFrom('request')
		.select(['id', 'dueAt'])
		.where('personId', '=', personId)
		.where('state', '=', 'open')
		.limit(limit)
);

/** Oldest first, a page at a time; `after` is the id of the last one seen. */
export function selectMessages(
	ctx: Context,
	personId: string,
	requestId: string,
	after: string | undefined,
	limit: number
) {
	const query = ctx.db
		.selectFrom('requestMessage')
		.select(['id', 'author', 'sealed', 'at'])
		.where('personId', '=', personId)
		.where('requestId', '=', requestId)
		.orderBy('id')
		.limit(limit);
	return (after ? query.where('id', '>', after) : query).execute();
}

/** Changes the state only from one of these; answers whether it did. */
export async function updateState(
	ctx: Context,
	personId: string,
	id: string,
	{
		from,
		to,
		closedAt
	}: { from: RequestTable['state'][]; to: RequestTable['state']; closedAt: string | null }
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('request')
		.set({ state: to, closedAt })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', 'in', from)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export async function updateDue(
	ctx: Context,
	personId: string,
	id: string,
	due: { dueAt: string; rule: string }
): Promise<void> {
	await ctx.db
		.updateTable('request')
		.set(due)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();
}

export async function countRequests(ctx: Context, personId: string): Promise<number> {
	const { requests } = await ctx.db
		.selectFrom('request')
		.select((count) => count.fn.countAll<number>().as('requests'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(requests);
}

/** Deletes at most `limit` rows, messages first; answers how many. */
export async function deleteSome(ctx: Context, personId: string, limit: number): Promise<number> {
	let deleted = 0;
	for (const table of ['requestMessage', 'request'] as const) {
		if (deleted >= limit) break;
		const some = ctx.db
			.selectFrom(table)
			.select('id')
			.where('personId', '=', personId)
			.limit(limit - deleted);
		const { numDeletedRows } = await ctx.db
			.deleteFrom(table)
			.where('personId', '=', personId)
			.where('id', 'in', some)
			.executeTakeFirst();
		deleted += Number(numDeletedRows);
	}
	return deleted;
}
