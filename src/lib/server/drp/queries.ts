// All SQL of the Data Rights Protocol.
import type { Context } from '../context.ts';
import type { DrpRequestTable, DrpSignatureTable, DrpTokenTable } from '../schema.ts';

/** A new token takes the place of the one before. */
export const upsertToken = (ctx: Context, token: DrpTokenTable) =>
	ctx.db
		.insertInto('drpToken')
		.values(token)
		.onConflict((conflict) => conflict.column('agentId').doUpdateSet(token))
		.execute();

export const selectToken = (ctx: Context, hash: Buffer) =>
	ctx.db.selectFrom('drpToken').select('agentId').where('hash', '=', hash).executeTakeFirst();

/** Answers whether it is the first time that these words come. */
export async function insertSignature(ctx: Context, signature: DrpSignatureTable): Promise<boolean> {
	const { numInsertedOrUpdatedRows } = await ctx.db
		.insertInto('drpSignature')
		.values(signature)
		.onConflict((conflict) => conflict.doNothing())
		.executeTakeFirst();
	return Number(numInsertedOrUpdatedRows ?? 0) > 0;
}

export const insertRequest = (ctx: Context, request: DrpRequestTable) =>
	ctx.db.insertInto('drpRequest').values(request).execute();

export const selectRequest = (ctx: Context, id: string) =>
	ctx.db.selectFrom('drpRequest').selectAll().where('id', '=', id).executeTakeFirst();

/** Those that still may change, a page at a time. */
export const selectOpen = (ctx: Context, after: string, limit: number) =>
	ctx.db
		.selectFrom('drpRequest')
		.selectAll()
		.where('closedAt', 'is', null)
		.where('id', '>', after)
		.orderBy('id')
		.limit(limit)
		.execute();

/** Changes one that is not closed yet. */
export async function updateOpen(
	ctx: Context,
	id: string,
	change: Partial<DrpRequestTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('drpRequest')
		.set(change)
		.where('id', '=', id)
		.where('closedAt', 'is', null)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export async function updateDue(
	ctx: Context,
	id: string,
	due: Pick<DrpRequestTable, 'nextAttemptAt' | 'leasedUntil'>
): Promise<void> {
	await ctx.db.updateTable('drpRequest').set(due).where('id', '=', id).execute();
}
