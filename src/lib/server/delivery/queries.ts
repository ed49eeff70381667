// All SQL of the outbox.
import type { Context } from '../context.ts';
import type { OutboxTable } from '../schema.ts';

export const insertMessage = (ctx: Context, message: OutboxTable) =>
	ctx.db.insertInto('outbox').values(message).execute();

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
		.select(['kind', 'sealed'])
		.where('personId', '=', personId)
		.where('kind', 'in', ['email', 'phone'])
		.where('verifiedAt', 'is not', null)
		.execute();

export const selectMessage = (ctx: Context, personId: string, id: string) =>
	ctx.db
		.selectFrom('outbox')
		.select(['channel', 'template', 'sealed', 'createdAt'])
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', '=', 'waiting')
		.executeTakeFirst();

export const selectWaiting = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('outbox')
		.select('id')
		.where('personId', '=', personId)
		.where('state', '=', 'waiting')
		.limit(1)
		.executeTakeFirst();

/** Newest first; `before` is the id of the last one seen. */
export function selectMessages(ctx: Context, personId: string, before: string | undefined, limit: number) {
	const query = ctx.db
		.selectFrom('outbox')
		.select(['id', 'channel', 'template', 'state', 'createdAt', 'sentAt'])
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}

type Ending = Pick<OutboxTable, 'state' | 'sentAt'>;

/** The end of a message's way: its body is emptied, and only that it was sent (or not) stays. */
export const endMessage = (ctx: Context, personId: string, id: string, ending: Ending) =>
	ctx.db
		.updateTable('outbox')
		.set({ ...ending, sealed: Buffer.alloc(0), nextAttemptAt: null, leasedUntil: null })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();

export const postpone = (
	ctx: Context,
	personId: string,
	id: string,
	later: { nextAttemptAt: string; attempts: number }
) =>
	ctx.db
		.updateTable('outbox')
		.set({ ...later, leasedUntil: null })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();

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
