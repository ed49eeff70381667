// All SQL of tokens and of the answers kept for them.
import type { Context } from '../context.ts';
import type { ApiTokenTable, IdempotentAnswerTable } from '../schema.ts';

const columns = ['id', 'name', 'scopes', 'networks', 'createdAt', 'expiresAt', 'revokedAt'] as const;

export const insertToken = (ctx: Context, row: ApiTokenTable) =>
	ctx.db.insertInto('apiToken').values(row).execute();

export const selectToken = (ctx: Context, hash: Buffer) =>
	ctx.db.selectFrom('apiToken').select(columns).where('hash', '=', hash).executeTakeFirst();

export const selectTokens = (ctx: Context) =>
	ctx.db.selectFrom('apiToken').select(columns).orderBy('id').limit(1_000).execute();

export async function updateRevoked(ctx: Context, id: string, revokedAt: string): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('apiToken')
		.set({ revokedAt })
		.where('id', '=', id)
		.where('revokedAt', 'is', null)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** Claims a key; false when somebody has it. */
export async function insertAnswer(ctx: Context, row: IdempotentAnswerTable): Promise<boolean> {
	const { numInsertedOrUpdatedRows } = await ctx.db
		.insertInto('idempotentAnswer')
		.values(row)
		.onConflict((conflict) => conflict.doNothing())
		.executeTakeFirst();
	return Number(numInsertedOrUpdatedRows ?? 0) > 0;
}

export const selectAnswer = (ctx: Context, tokenId: string, key: string) =>
	ctx.db
		.selectFrom('idempotentAnswer')
		.selectAll()
		.where('tokenId', '=', tokenId)
		.where('key', '=', key)
		.executeTakeFirst();

export async function updateAnswer(
	ctx: Context,
	tokenId: string,
	key: string,
	status: number,
	answer: string
): Promise<void> {
	await ctx.db
		.updateTable('idempotentAnswer')
		.set({ status, answer })
		.where('tokenId', '=', tokenId)
		.where('key', '=', key)
		.execute();
}

/** Frees a key; where `createdAt` is given, only if nobody has claimed it since. */
export async function deleteAnswer(
	ctx: Context,
	tokenId: string,
	key: string,
	createdAt?: string
): Promise<void> {
	const one = ctx.db.deleteFrom('idempotentAnswer').where('tokenId', '=', tokenId).where('key', '=', key);
	await (createdAt ? one.where('createdAt', '=', createdAt) : one).execute();
}
