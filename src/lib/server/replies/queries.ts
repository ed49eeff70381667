// All SQL of replies.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import type { ReplyTable } from '../schema.ts';

/** Newest first; `before` is the id of the last one seen. */
export function selectReplies(ctx: Context, personId: string, before: string | undefined, limit: number) {
	const query = ctx.db
		.selectFrom('reply')
		.select(['id', 'channel', 'kind', 'state', 'sealed', 'at', 'decidedAt'])
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}

export const insertReply = (ctx: Context, reply: ReplyTable) =>
	ctx.db.insertInto('reply').values(reply).execute();

export const selectReply = (ctx: Context, personId: string, id: string) =>
	ctx.db
		.selectFrom('reply')
		.select(['id', 'channel', 'kind', 'state', 'sealed', 'at', 'decidedAt'])
		.where('personId', '=', personId)
		.where('id', '=', id)
		.executeTakeFirst();

/** What keeps the person's address by that way from being written to: each waits to be read. */
export const selectUnread = (ctx: Context, personId: string, channel: ReplyTable['channel']) =>
	ctx.db
		.selectFrom('reply')
		.select(['id', 'at'])
		.where('personId', '=', personId)
		.where('channel', '=', channel)
		.where('kind', '=', 'stop-like')
		.where('state', '=', 'waiting')
		.execute();

const nothing = Buffer.alloc(0);

/** Its words go; false when somebody else was faster. */
export async function endReply(
	ctx: Context,
	personId: string,
	id: string,
	{ state, decidedAt }: { state: Exclude<ReplyTable['state'], 'waiting'>; decidedAt: string }
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('reply')
		.set({ state, decidedAt, sealed: nothing })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', '=', 'waiting')
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** The oldest that wait, without a word of them; `after` is the last one seen. */
export function selectQueue(
	ctx: Context,
	after: { at: string; id: string } | undefined,
	limit: number
): Promise<Pick<ReplyTable, 'personId' | 'id' | 'channel' | 'kind' | 'at'>[]> {
	const query = ctx.db
		.selectFrom('reply')
		.select(['personId', 'id', 'channel', 'kind', 'at'])
		.where('state', '=', 'waiting')
		.orderBy('at')
		.orderBy('id')
		.limit(limit);
	if (!after) return query.execute();
	return query
		.where((row) =>
			row.or([row('at', '>', after.at), row.and([row('at', '=', after.at), row('id', '>', after.id)])])
		)
		.execute();
}

/** Those that nobody is going to answer. */
export const selectUnanswered = (ctx: Context, before: string, limit: number) =>
	ctx.db
		.selectFrom('reply')
		.select(['personId', 'id'])
		.where('state', '=', 'waiting')
		.where('kind', '=', 'other')
		.where('channel', '=', 'sms')
		.where('at', '<', before)
		.orderBy('at')
		.limit(limit)
		.execute();

export const selectGatewayMessage = (ctx: Context, id: string) =>
	ctx.db.selectFrom('gatewayMessage').select('at').where('id', '=', id).executeTakeFirst();

/** False when the gateway has brought it before. */
export async function insertGatewayMessage(ctx: Context, id: string, at: string): Promise<boolean> {
	const { numInsertedOrUpdatedRows } = await ctx.db
		.insertInto('gatewayMessage')
		.values({ id, at })
		.onConflict((conflict) => conflict.column('id').doNothing())
		.executeTakeFirst();
	return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export const addToTally = (ctx: Context, day: string, outcome: string) =>
	ctx.db
		.insertInto('replyTally')
		.values({ day, outcome, messages: 1 })
		.onConflict((conflict) =>
			conflict
				.columns(['day', 'outcome'])
				.doUpdateSet((row) => ({ messages: row('replyTally.messages', '+', 1) }))
		)
		.execute();

export async function selectTally(
	ctx: Context,
	since: string
): Promise<{ outcome: string; messages: number }[]> {
	const rows = await ctx.db
		.selectFrom('replyTally')
		.select((row) => ['outcome', row.fn.sum<number>('messages').as('messages')])
		.where('day', '>=', since)
		.groupBy('outcome')
		.orderBy('outcome')
		.execute();
	return rows.map(({ outcome, messages }) => ({ outcome, messages: Number(messages) }));
}

export async function countReplies(ctx: Context, personId: string): Promise<number> {
	const { replies } = await ctx.db
		.selectFrom('reply')
		.select((count) => count.fn.countAll<number>().as('replies'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(replies);
}

/** Deletes at most `limit` replies; answers how many. */
export const deleteReplies = (ctx: Context, personId: string, limit: number): Promise<number> =>
	deleteSome(ctx, { table: 'reply' }, personId, limit);
