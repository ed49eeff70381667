// All SQL of policies.
import type { Context } from '../context.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type { PolicyAnswerTable } from '../schema.ts';

export const selectAnswers = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('policyAnswer')
		.select(['version', 'answer', 'language', 'at'])
		.where('personId', '=', personId)
		.orderBy('at')
		.limit(1_000)
);

/** An answer given again keeps its first instant; answers whether it is new. */
export async function insertAnswer(ctx: Context, answer: PolicyAnswerTable): Promise<boolean> {
	const { numInsertedOrUpdatedRows } = await ctx.db
		.insertInto('policyAnswer')
		.values(answer)
		.onConflict((conflict) => conflict.doNothing())
		.executeTakeFirst();
	return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function deleteAnswers(ctx: Context, personId: string): Promise<number> {
	const { numDeletedRows } = await ctx.db
		.deleteFrom('policyAnswer')
		.where('personId', '=', personId)
		.executeTakeFirst();
	return Number(numDeletedRows);
}
