// All SQL of the outbox of calls to partners.
import type { Context } from '../../context.ts';
import { deleteSome } from '../../platform/database/delete-some.ts';
import type { PartnerCallTable } from '../../schema.ts';

export const insertCall = (ctx: Context, call: PartnerCallTable) =>
	ctx.db.insertInto('partnerCall').values(call).execute();

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
