// All SQL of the outbox of calls to partners.
import type { Context } from '../../context.ts';
import { deleteSome } from '../../platform/database/delete-some.ts';
import type { PartnerCallTable, PartnerWebhookTable } from '../../schema.ts';

export const insertCall = (ctx: Context, call: PartnerCallTable) =>
	ctx.db.insertInto('partnerCall').values(call).execute();

/** One that is still to be delivered. */
export const selectCall = (ctx: Context, personId: string, id: string) =>
	ctx.db
		.selectFrom('partnerCall')
		.select(['partner', 'type', 'sealed', 'createdAt'])
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', '=', 'waiting')
		.executeTakeFirst();

/** All that are still to be delivered. */
export const selectWaitingCalls = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('partnerCall')
		.select(['id', 'partner', 'sealed'])
		.where('personId', '=', personId)
		.where('state', '=', 'waiting')
		.execute();

export const updateSealed = (ctx: Context, personId: string, id: string, sealed: Buffer) =>
	ctx.db
		.updateTable('partnerCall')
		.set({ sealed })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', '=', 'waiting')
		.execute();

/** The end of a call's way: its body is emptied, and only what became of it stays. */
export const endCall = (
	ctx: Context,
	personId: string,
	id: string,
	ending: Pick<PartnerCallTable, 'state' | 'at'>
) =>
	ctx.db
		.updateTable('partnerCall')
		.set({ ...ending, sealed: Buffer.alloc(0), nextAttemptAt: null, leasedUntil: null })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();

export const postponeCall = (ctx: Context, personId: string, id: string, nextAttemptAt: string) =>
	ctx.db
		.updateTable('partnerCall')
		.set({ nextAttemptAt, leasedUntil: null })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();

export const deleteCall = (ctx: Context, personId: string, id: string) =>
	ctx.db.deleteFrom('partnerCall').where('personId', '=', personId).where('id', '=', id).execute();

/** Whether this very address said that nobody listens there any more. */
export const isDisabled = async (ctx: Context, partner: string, url: string): Promise<boolean> =>
	(await ctx.db
		.selectFrom('partnerWebhook')
		.select('partner')
		.where('partner', '=', partner)
		.where('url', '=', url)
		.executeTakeFirst()) !== undefined;

export const upsertDisabled = (ctx: Context, { partner, url, disabledAt }: PartnerWebhookTable) =>
	ctx.db
		.insertInto('partnerWebhook')
		.values({ partner, url, disabledAt })
		.onConflict((conflict) => conflict.column('partner').doUpdateSet({ url, disabledAt }))
		.execute();

/** What became of each call about a matter, oldest first. */
export const selectTold = (ctx: Context, personId: string, about: string) =>
	ctx.db
		.selectFrom('partnerCall')
		.select(['partner', 'state', 'at'])
		.where('personId', '=', personId)
		.where('about', '=', about)
		.orderBy('id')
		.execute();

/** Newest first; `before` is the id of the last one seen. */
export function selectCalls(ctx: Context, personId: string, before: string | undefined, limit: number) {
	const query = ctx.db
		.selectFrom('partnerCall')
		.select(['id', 'partner', 'type', 'about', 'state', 'createdAt', 'at'])
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}

export async function countCalls(ctx: Context, personId: string): Promise<number> {
	const { calls } = await ctx.db
		.selectFrom('partnerCall')
		.select((count) => count.fn.countAll<number>().as('calls'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(calls);
}

/** Deletes at most `limit` calls; answers how many. */
export const deleteCalls = (ctx: Context, personId: string, limit: number): Promise<number> =>
	deleteSome(ctx, { table: 'partner_call' }, personId, limit);
