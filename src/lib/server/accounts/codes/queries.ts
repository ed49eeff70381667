// All SQL of one-time codes.
import type { Context } from '../../context.ts';
import type { OneTimeCodeTable } from '../../schema.ts';

export const insertCode = (ctx: Context, code: OneTimeCodeTable) =>
	ctx.db.insertInto('oneTimeCode').values(code).execute();

/** Older codes of the same purpose are void once a newer one is made. */
export const deleteCodes = (ctx: Context, personId: string, purpose: string) =>
	ctx.db.deleteFrom('oneTimeCode').where('personId', '=', personId).where('purpose', '=', purpose).execute();

export const selectOpenCode = (ctx: Context, personId: string, purpose: string, now: string) =>
	ctx.db
		.selectFrom('oneTimeCode')
		.select(['id', 'sealed', 'tries', 'expiresAt'])
		.where('personId', '=', personId)
		.where('purpose', '=', purpose)
		.where('usedAt', 'is', null)
		.where('expiresAt', '>', now)
		.orderBy('id', 'desc')
		.executeTakeFirst();

/**
 * Takes one try of a code that is still good and answers its hash; undefined when there is none. The counting is one
 * statement, so that two tabs together have no more tries than one.
 */
export const takeTry = (
	ctx: Context,
	code: { personId: string; id: string; purpose: string; now: string; tries: number }
) =>
	ctx.db
		.updateTable('oneTimeCode')
		.set((row) => ({ tries: row('tries', '+', 1) }))
		.where('personId', '=', code.personId)
		.where('id', '=', code.id)
		.where('purpose', '=', code.purpose)
		.where('usedAt', 'is', null)
		.where('expiresAt', '>', code.now)
		.where('tries', '<', code.tries)
		.returning(['hash', 'sealed'])
		.executeTakeFirst();

/** Answers whether it was this call that used the code. */
export async function updateUsed(
	ctx: Context,
	personId: string,
	id: string,
	usedAt: string
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('oneTimeCode')
		.set({ usedAt })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('usedAt', 'is', null)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** Deletes a code that was used after `since`; answers whether there was one: what it opened, opens once. */
export async function deleteUsed(
	ctx: Context,
	personId: string,
	id: string,
	since: string
): Promise<boolean> {
	const { numDeletedRows } = await ctx.db
		.deleteFrom('oneTimeCode')
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('usedAt', '>', since)
		.executeTakeFirst();
	return numDeletedRows > 0n;
}
