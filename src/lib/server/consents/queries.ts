// All SQL of consents.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import type { ConsentTable } from '../schema.ts';

const columns = ['id', 'partner', 'decision', 'version', 'language', 'sealed', 'origin', 'at'] as const;

export type ConsentRow = Pick<ConsentTable, (typeof columns)[number]>;

export const insertConsent = (ctx: Context, consent: ConsentTable) =>
	ctx.db.insertInto('consent').values(consent).execute();

/** The newest decision about each partner that was ever decided about. */
export function selectLatest(ctx: Context, personId: string): Promise<ConsentRow[]> {
	const newest = ctx.db
		.selectFrom('consent')
		.select((built) => built.fn.max('id').as('id'))
		.where('personId', '=', personId)
		.groupBy('partner');
	return ctx.db
		.selectFrom('consent')
		.select(columns)
		.where('personId', '=', personId)
		.where('id', 'in', newest)
		.execute();
}

/** Newest first; `before` is the id of the last one seen. */
export function selectConsents(
	ctx: Context,
	personId: string,
	{ partner, before, limit }: { partner?: string | undefined; before?: string | undefined; limit: number }
): Promise<ConsentRow[]> {
	let query = ctx.db
		.selectFrom('consent')
		.select(columns)
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	if (partner !== undefined) query = query.where('partner', '=', partner);
	if (before !== undefined) query = query.where('id', '<', before);
	return query.execute();
}

export async function countConsents(ctx: Context, personId: string): Promise<number> {
	const { consents } = await ctx.db
		.selectFrom('consent')
		.select((count) => count.fn.countAll<number>().as('consents'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(consents);
}

/** Deletes at most `limit` decisions; answers how many. */
export const deleteConsents = (ctx: Context, personId: string, limit: number): Promise<number> =>
	deleteSome(ctx, { table: 'consent' }, personId, limit);
