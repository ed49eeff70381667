// All SQL of a message's way through the outbox: claimed, begun, handed over, ended.
import { sql, type SqlBool } from 'kysely';
import type { Context } from '../../context.ts';
import { isPostgres } from '../../platform/database/columns.ts';
import { keptQuery } from '../../platform/database/kept.ts';
import { listed } from '../../platform/database/listed.ts';
import { transaction } from '../../platform/database/transaction.ts';
import type { OutboxTable } from '../../schema.ts';
import { aboutSafety } from '../letters.ts';

/** A message that nobody else gets until `leasedUntil`. */
export type Claimed = Omit<OutboxTable, 'sentAt' | 'nextAttemptAt' | 'key' | 'leasedUntil'> & {
	leasedUntil: string;
};

export interface Wanted {
	channel: OutboxTable['channel'];
	/** Codes, which run out, and notices about the safety of an account leave beside everything else. */
	urgent: boolean;
	limit: number;
	now: string;
	/** Until when they are leased. */
	until: string;
}

const safety = sql.join(aboutSafety);

/** Templates of codes end in `-code` (letters.ts). */
const isUrgent = (urgent: boolean) =>
	urgent
		? sql<SqlBool>`(template like '%-code' or template in (${safety}))`
		: sql<SqlBool>`template not like '%-code' and template not in (${safety})`;

/** Leases what is due, in the order in which it became due. */
export async function claim(
	ctx: Context,
	{ channel, urgent, limit, now, until }: Wanted
): Promise<Claimed[]> {
	return transaction(ctx, async ({ db }) => {
		const due = db
			.selectFrom('outbox')
			.select(['personId', 'id', 'channel', 'template', 'state', 'sealed', 'createdAt'])
			.select(['topic', 'handedAt', 'attempts'])
			.where('nextAttemptAt', '<=', now)
			.where((where) => where.or([where('leasedUntil', 'is', null), where('leasedUntil', '<', now)]))
			.where('channel', '=', channel)
			.where(isUrgent(urgent))
			.orderBy('nextAttemptAt')
			.orderBy('id')
			.limit(limit);
		const rows = await (isPostgres(db as never) ? due.forUpdate().skipLocked() : due).execute();
		const ids = JSON.stringify(rows.map(({ id }) => id));
		if (rows.length)
			await db.updateTable('outbox').set({ leasedUntil: until }).where('id', 'in', listed(db, ids)).execute();
		return rows.map((row) => ({ ...row, leasedUntil: until }));
	});
}

const isWaiting = (db: Context['db'], personId: string, channel: string, id: string, now: string) =>
	db
		.selectFrom('outbox')
		.select('nextAttemptAt')
		.where('personId', '=', personId)
		.where('channel', '=', channel as OutboxTable['channel'])
		.where('id', '<', id)
		// Behind `coalesce` the engine can not use the index of states, in which everybody's messages stand.
		.where(sql<SqlBool>`coalesce(state, '') in ('waiting', 'sending')`)
		.where(isUrgent(false))
		// One that may not leave at this hour waits for the morning, and holds up nothing that may.
		.where((where) => where.or([where('attempts', '>', 0), where('nextAttemptAt', '<=', now)]))
		.orderBy('id')
		.limit(1);

const earlier = keptQuery(isWaiting);
const earlierWithoutTopic = keptQuery((...values: Parameters<typeof isWaiting>) =>
	isWaiting(...values).where('topic', 'is', null)
);

/**
 * When the person's message of that way that was written before this one is tried again; undefined where none is left. One that
 * can not be refused does not wait for one that can.
 */
export const selectEarlier = async (
	ctx: Context,
	{ personId, channel, id, topic }: Pick<Claimed, 'personId' | 'channel' | 'id' | 'topic'>,
	now: string
): Promise<string | undefined> => {
	const select = topic === null ? earlierWithoutTopic : earlier;
	return (await select(ctx, personId, channel, id, now))[0]?.nextAttemptAt ?? undefined;
};

type Held = Pick<Claimed, 'personId' | 'id' | 'leasedUntil'>;

const sending = keptQuery(
	(db: Context['db'], personId: string, id: string, leasedUntil: string, attempts: number, until: string) =>
		db
			.updateTable('outbox')
			.set({ state: 'sending', handedAt: null, attempts, leasedUntil: until })
			.where('personId', '=', personId)
			.where('id', '=', id)
			.where('leasedUntil', '=', leasedUntil)
			.returning('id')
);

/** False when the lease ran out and somebody else has the message. */
export const markSending = async (
	ctx: Context,
	{ personId, id, leasedUntil }: Held,
	{ attempts, until }: { attempts: number; until: string }
): Promise<boolean> => (await sending(ctx, personId, id, leasedUntil, attempts, until)).length === 1;

const handed = keptQuery(
	(db: Context['db'], personId: string, id: string, leasedUntil: string, now: string) =>
		db
			.updateTable('outbox')
			.set({ handedAt: now })
			.where('personId', '=', personId)
			.where('id', '=', id)
			.where('state', '=', 'sending')
			.where('leasedUntil', '=', leasedUntil)
			.where('leasedUntil', '>', now)
			.where('handedAt', 'is', null)
			.returning('id')
);

/** False when the message was taken back, its lease has run out, or it was handed over already. */
export const markHanded = async (
	ctx: Context,
	{ personId, id, leasedUntil }: Held,
	now: string
): Promise<boolean> => (await handed(ctx, personId, id, leasedUntil, now)).length === 1;

const nothing = Buffer.alloc(0);

const sent = keptQuery((db: Context['db'], personId: string, id: string, now: string) =>
	db
		.updateTable('outbox')
		.set({ state: 'sent', sentAt: now, sealed: nothing, nextAttemptAt: null, leasedUntil: null })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.returning('id')
);

/** The other side has said so: that holds, whoever has the lease by now. */
export const markSent = (ctx: Context, { personId, id }: Held, now: string) => sent(ctx, personId, id, now);

/** What else may become of a message whose lease we hold. */
export const update = (
	ctx: Context,
	{ personId, id, leasedUntil }: Held,
	changes: Partial<Pick<OutboxTable, 'state' | 'nextAttemptAt' | 'attempts' | 'handedAt' | 'sealed'>>
) =>
	ctx.db
		.updateTable('outbox')
		.set({ ...changes, leasedUntil: null })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('leasedUntil', '=', leasedUntil)
		.execute();

/** The end of its way without having arrived: its body goes. */
export const end = (ctx: Context, held: Held, state: OutboxTable['state']) =>
	update(ctx, held, { state, sealed: nothing, nextAttemptAt: null });

const underWay = keptQuery((db: Context['db'], personId: string, now: string) =>
	db
		.selectFrom('outbox')
		.select('id')
		.where('personId', '=', personId)
		.where('state', '=', 'sending')
		.where('leasedUntil', '>=', now)
		.limit(1)
);

/** Whether anybody is about to send something to the person. */
export const isUnderWay = async (ctx: Context, personId: string, now: string): Promise<boolean> =>
	(await underWay(ctx, personId, now)).length > 0;

/** Takes back what has not been handed over: whoever is sending it finds that out before its last bytes leave. */
export const takeBack = (ctx: Context, personId: string) =>
	ctx.db
		.updateTable('outbox')
		.set({ state: 'waiting', leasedUntil: null })
		.where('personId', '=', personId)
		.where('state', '=', 'sending')
		.where('handedAt', 'is', null)
		.execute();
