// All SQL of the outbox.
import type { Context } from '../context.ts';
import type { OutboxTable } from '../schema.ts';

/** False when the person has a message of the same key already: then nothing is written. */
export async function insertMessage(ctx: Context, message: OutboxTable): Promise<boolean> {
	const { numInsertedOrUpdatedRows } = await ctx.db
		.insertInto('outbox')
		.values(message)
		.onConflict((conflict) => conflict.columns(['personId', 'key']).doNothing())
		.executeTakeFirst();
	return numInsertedOrUpdatedRows === 1n;
}

/** The message that the person has by that key. */
export const selectByKey = (ctx: Context, personId: string, key: string) =>
	ctx.db
		.selectFrom('outbox')
		.select(['id', 'channel'])
		.where('personId', '=', personId)
		.where('key', '=', key)
		.executeTakeFirstOrThrow();

/** Language and time zone of a person; the only look of this ledger at somebody else's table but the next. */
export const selectReader = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('person')
		.select(['language', 'timeZone'])
		.where('personId', '=', personId)
		.executeTakeFirst();

/** The person's verified addresses, as accounts keeps them. */
export const selectAddresses = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('identifier')
		.select(['kind', 'sealed', 'use'])
		.where('personId', '=', personId)
		.where('kind', 'in', ['email', 'phone'])
		.where('verifiedAt', 'is not', null)
		.execute();

export const selectWaiting = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('outbox')
		.select('id')
		.where('personId', '=', personId)
		.where('state', 'in', ['waiting', 'sending'])
		.limit(1)
		.executeTakeFirst();

/** Newest first; `before` is the id of the last one seen. */
export function selectMessages(ctx: Context, personId: string, before: string | undefined, limit: number) {
	const query = ctx.db
		.selectFrom('outbox')
		.select(['id', 'channel', 'template', 'topic', 'state', 'createdAt', 'sentAt'])
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}

export const selectWrittenSince = (
	ctx: Context,
	personId: string,
	templates: readonly string[],
	since: string
) =>
	ctx.db
		.selectFrom('outbox')
		.select('id')
		.where('personId', '=', personId)
		.where('template', 'in', templates)
		.where('createdAt', '>', since)
		.limit(1)
		.executeTakeFirst();

/** What became of it is left open where nobody knows whether it arrived. */
export const selectLastTopic = (ctx: Context, personId: string, channel: OutboxTable['channel']) =>
	ctx.db
		.selectFrom('outbox')
		.select('topic')
		.where('personId', '=', personId)
		.where('channel', '=', channel)
		.where('topic', 'is not', null)
		.where('state', 'in', ['sent', 'sending', 'unconfirmed'])
		.orderBy('id', 'desc')
		.limit(1)
		.executeTakeFirst();

export const deleteMessage = (ctx: Context, personId: string, id: string) =>
	ctx.db.deleteFrom('outbox').where('personId', '=', personId).where('id', '=', id).execute();

export async function countMessages(ctx: Context, personId: string): Promise<number> {
	const { messages } = await ctx.db
		.selectFrom('outbox')
		.select((count) => count.fn.countAll<number>().as('messages'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(messages);
}

/** Deletes at most `limit` messages; answers which. */
export async function deleteMessages(ctx: Context, personId: string, limit: number): Promise<string[]> {
	const some = ctx.db.selectFrom('outbox').select('id').where('personId', '=', personId).limit(limit);
	const rows = await ctx.db
		.deleteFrom('outbox')
		.where('personId', '=', personId)
		.where('id', 'in', some)
		.returning('id')
		.execute();
	return rows.map(({ id }) => id);
}

/** A message that left, by its name alone: whoever reports on it knows no person. */
export const selectHandedOver = (ctx: Context, id: string) =>
	ctx.db
		.selectFrom('outbox')
		.select(['personId', 'channel', 'topic'])
		.where('id', '=', id)
		.where('state', 'in', ['sending', 'sent', 'unconfirmed'])
		.executeTakeFirst();
