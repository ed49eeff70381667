// All SQL of replies.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';

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
