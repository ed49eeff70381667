// All SQL of the delivery log: counts and codes of many people's messages, never who or what.
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { OutboxTable } from '../../schema.ts';

type State = OutboxTable['state'];

/** Messages in a state since an instant, by channel. */
export async function countIn(ctx: Context, state: State, since: string) {
	const rows = await ctx.db
		.selectFrom('outbox')
		.select(({ fn }) => ['channel', fn.countAll<number>().as('messages')])
		.where('state', '=', state)
		.where('createdAt', '>=', since)
		.groupBy('channel')
		.execute();
	return rows.map(({ channel, messages }) => ({ channel, messages: Number(messages) }));
}

const columns = ['id', 'channel', 'template', 'topic', 'createdAt', 'attempts', 'handedAt'] as const;

/** The newest in a state. */
export const selectNewest = (ctx: Context, state: State, limit: number) =>
	ctx.db
		.selectFrom('outbox')
		.select(columns)
		.select(({ ref }) =>
			sql<number>`case when ${ref('nextAttemptAt')} is null then 0 else 1 end`.as('isOpen')
		)
		.where('state', '=', state)
		.orderBy('createdAt', 'desc')
		.orderBy('id', 'desc')
		.limit(limit)
		.execute();

/** Whose it is, as long as its words are there and nobody can tell whether it arrived. */
export const selectUnconfirmed = (ctx: Context, id: string) =>
	ctx.db
		.selectFrom('outbox')
		.select(['personId', 'template', 'channel'])
		.where('id', '=', id)
		.where('state', '=', 'unconfirmed')
		.where('nextAttemptAt', 'is not', null)
		.executeTakeFirst();

/** Gives it back to those who send. False when its week has ended meanwhile, or somebody else was quicker. */
export async function offerAgain(ctx: Context, personId: string, id: string, now: string): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('outbox')
		.set({ state: 'waiting', handedAt: null, attempts: 0, nextAttemptAt: now, leasedUntil: null })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', '=', 'unconfirmed')
		.where('nextAttemptAt', 'is not', null)
		.executeTakeFirst();
	return numUpdatedRows === 1n;
}
