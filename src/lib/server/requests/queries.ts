// All SQL of requests.
import { sql, type SqlBool } from 'kysely';
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type { RequestAttachmentTable, RequestKind, RequestMessageTable, RequestTable } from '../schema.ts';

const columns = [
	'id',
	'kind',
	'state',
	'subject',
	'rule',
	'openedAt',
	'dueAt',
	'closedAt',
	'channel',
	'receivedAt',
	'asks',
	'extendedAt',
	'decision',
	'ground',
	'decidedAt',
	'appealOf',
	'remindedAt',
	'alarmedAt'
] as const;

export const insertRequest = (ctx: Context, request: RequestTable) =>
	ctx.db.insertInto('request').values(request).execute();

export const insertMessage = (ctx: Context, message: RequestMessageTable) =>
	ctx.db.insertInto('requestMessage').values(message).execute();

export const insertAttachment = (ctx: Context, attachment: RequestAttachmentTable) =>
	ctx.db.insertInto('requestAttachment').values(attachment).execute();

export const selectAttachments = (ctx: Context, personId: string, requestId: string) =>
	ctx.db
		.selectFrom('requestAttachment')
		.select(['id', 'messageId', 'type', 'bytes', 'sealed'])
		.where('personId', '=', personId)
		.where('requestId', '=', requestId)
		.orderBy('id')
		.limit(1_000)
		.execute();

export const selectAttachment = (ctx: Context, personId: string, requestId: string, id: string) =>
	ctx.db
		.selectFrom('requestAttachment')
		.select(['type', 'content'])
		.where('personId', '=', personId)
		.where('requestId', '=', requestId)
		.where('id', '=', id)
		.executeTakeFirst();

export async function selectAttachedBytes(ctx: Context, personId: string): Promise<number> {
	const { bytes } = await ctx.db
		.selectFrom('requestAttachment')
		.select((sum) => sum.fn.sum<number | null>('bytes').as('bytes'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(bytes ?? 0);
}

/** The request that this very mail opened. */
export async function selectByMail(
	ctx: Context,
	personId: string,
	mailKey: Buffer
): Promise<{ id: string; dueOn: string; rule: string } | undefined> {
	const row = await ctx.db
		.selectFrom('request')
		.select(['id', 'dueAt', 'rule'])
		.where('personId', '=', personId)
		.where('mailKey', '=', mailKey)
		.executeTakeFirst();
	return row && { id: row.id, dueOn: row.dueAt.slice(0, 10), rule: row.rule };
}

/** The appeal against the decision of a request. */
export const selectAppeal = (ctx: Context, personId: string, requestId: string) =>
	ctx.db
		.selectFrom('request')
		.select('id')
		.where('personId', '=', personId)
		.where('appealOf', '=', requestId)
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
		.where('state', 'in', ['open', 'waiting-for-proof'])
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

/** Changes a request that is in one of these states; answers whether it was. */
export async function updateRequest(
	ctx: Context,
	personId: string,
	id: string,
	from: readonly RequestTable['state'][],
	change: Partial<RequestTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('request')
		.set(change)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', 'in', from)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
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
	let deleted = 0;
	for (const table of ['request_attachment', 'request_message', 'request'])
		if (deleted < limit) deleted += await deleteSome(ctx, { table }, personId, limit - deleted);
	return deleted;
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
	for (const table of ['requestMessage', 'requestAttachment'] as const)
		await ctx.db.deleteFrom(table).where('personId', '=', personId).where('requestId', '=', id).execute();
	return true;
}

/** People with open requests of these kinds, a page at a time. */
export async function selectFulfillable(
	ctx: Context,
	kinds: readonly RequestKind[],
	after: string,
	limit: number
): Promise<string[]> {
	const rows = await ctx.db
		.selectFrom('request')
		.select('personId')
		.distinct()
		.where('state', '=', 'open')
		.where('kind', 'in', kinds)
		.where('personId', '>', after)
		.orderBy('personId')
		.limit(limit)
		.execute();
	return rows.map(({ personId }) => personId);
}

/** The person's open requests of these kinds. */
export const selectOpenOf = (ctx: Context, personId: string, kinds: readonly RequestKind[]) =>
	ctx.db
		.selectFrom('request')
		.select(['id', 'kind', 'openedAt'])
		.where('personId', '=', personId)
		.where('state', '=', 'open')
		.where('kind', 'in', kinds)
		.limit(100)
		.execute();

export interface DueRow extends Pick<RequestTable, 'personId' | 'id' | 'state' | 'dueAt' | 'rule'> {
	timeZone: string;
}

const dueRows = (ctx: Context, limit: number) =>
	ctx.db
		.selectFrom('request')
		.innerJoin('person', 'person.personId', 'request.personId')
		.select([
			'request.personId',
			'request.id',
			'request.state',
			'request.dueAt',
			'request.rule',
			'person.timeZone'
		])
		.where('person.state', '!=', 'erasing')
		.orderBy('request.dueAt')
		.limit(limit);

/** Past their time with no alarm yet, or never proved. */
export const selectOverdue = (ctx: Context, now: string, limit: number): Promise<DueRow[]> =>
	dueRows(ctx, limit)
		.where('request.state', 'in', ['open', 'waiting-for-proof'])
		.where('request.dueAt', '<', now)
		.where('request.alarmedAt', 'is', null)
		.execute();

/** Due between now and soon, with nobody reminded yet. */
export const selectToRemind = (ctx: Context, now: string, soon: string, limit: number): Promise<DueRow[]> =>
	dueRows(ctx, limit)
		.where('request.state', '=', 'open')
		.where('request.dueAt', '>=', now)
		.where('request.dueAt', '<=', soon)
		.where('request.remindedAt', 'is', null)
		.execute();

/** Marks an open request once; answers whether it was the first. */
export async function updateDueMark(
	ctx: Context,
	{ personId, id }: Pick<RequestTable, 'personId' | 'id'>,
	mark: 'remindedAt' | 'alarmedAt',
	at: string
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('request')
		.set({ [mark]: at })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', '=', 'open')
		.where(mark, 'is', null)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export interface QueuePlace {
	dueAt: string;
	id: string;
}

/** The earliest due first; one condition over people, for staff alone. */
export function selectQueue(
	ctx: Context,
	{ state, kind }: { state: RequestTable['state']; kind?: RequestKind | undefined },
	from: QueuePlace | undefined,
	limit: number
) {
	let query = ctx.db
		.selectFrom('request')
		.innerJoin('person', 'person.personId', 'request.personId')
		.select([
			'request.id',
			'request.kind',
			'request.state',
			'request.rule',
			'request.dueAt',
			'request.receivedAt',
			'request.channel',
			'request.extendedAt',
			'person.timeZone'
		])
		.where('request.state', '=', state)
		.where('person.state', '!=', 'erasing')
		.orderBy('request.dueAt')
		.orderBy('request.id')
		.limit(limit);
	if (kind) query = query.where('request.kind', '=', kind);
	if (from) query = query.where(sql<SqlBool>`(request.due_at, request.id) > (${from.dueAt}, ${from.id})`);
	return query.execute();
}

/** Whose request it is. */
export async function selectOwner(ctx: Context, id: string): Promise<string | undefined> {
	const row = await ctx.db.selectFrom('request').select('personId').where('id', '=', id).executeTakeFirst();
	return row?.personId;
}

/** Counts a mail by what became of it. */
export async function addToMailTally(ctx: Context, day: string, outcome: string): Promise<void> {
	await ctx.db
		.insertInto('mailTally')
		.values({ day, outcome, mails: 1 })
		.onConflict((conflict) =>
			conflict.columns(['day', 'outcome']).doUpdateSet((row) => ({ mails: row('mailTally.mails', '+', 1) }))
		)
		.execute();
}

export async function selectMailTally(
	ctx: Context,
	since: string
): Promise<{ outcome: string; mails: number }[]> {
	const rows = await ctx.db
		.selectFrom('mailTally')
		.select((row) => ['outcome', row.fn.sum<number>('mails').as('mails')])
		.where('day', '>=', since)
		.groupBy('outcome')
		.orderBy('outcome')
		.execute();
	return rows.map(({ outcome, mails }) => ({ outcome, mails: Number(mails) }));
}
