// All SQL of requests.
import { sql, type SqlBool } from 'kysely';
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
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
export async function deleteRequests(ctx: Context, personId: string, limit: number): Promise<number> {
	const messages = await deleteSome(ctx, { table: 'request_message' }, personId, limit);
	if (messages >= limit) return messages;
	return messages + (await deleteSome(ctx, { table: 'request' }, personId, limit - messages));
}

/** Closed by then, or answered with nothing written since. */
const isOver = (until: string) => sql<SqlBool>`(closed_at <= ${until} or (state = 'answered' and not exists (
	select 1 from request_message where request_message.person_id = request.person_id
	and request_message.request_id = request.id and request_message.at > ${until})))`;

export const selectOver = (ctx: Context, until: string, limit: number) =>
	ctx.db.selectFrom('request').select(['personId', 'id']).where(isOver(until)).limit(limit).execute();

export async function countOver(ctx: Context, until: string): Promise<number> {
	const { requests } = await ctx.db
		.selectFrom('request')
		.select((count) => count.fn.countAll<number>().as('requests'))
		.where(isOver(until))
		.executeTakeFirstOrThrow();
	return Number(requests);
}

/** Deletes the request with its messages, if it is over still; answers whether it was. */
export async function deleteOver(
	ctx: Context,
	personId: string,
	id: string,
	until: string
): Promise<boolean> {
	const { numDeletedRows } = await ctx.db
		.deleteFrom('request')
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where(isOver(until))
		.executeTakeFirst();
	if (numDeletedRows === 0n) return false;
	await ctx.db
		.deleteFrom('requestMessage')
		.where('personId', '=', personId)
		.where('requestId', '=', id)
		.execute();
	return true;
}
