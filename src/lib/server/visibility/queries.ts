// All SQL of visibility.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import type { FieldVisibilityTable } from '../schema.ts';

/** What the person decided themselves, by field. */
export const selectVisibilities = (
	ctx: Context,
	personId: string
): Promise<Omit<FieldVisibilityTable, 'personId'>[]> =>
	ctx.db
		.selectFrom('fieldVisibility')
		.select(['field', 'viewers', 'changedAt'])
		.where('personId', '=', personId)
		.orderBy('field')
		.execute();

export async function upsertVisibility(ctx: Context, row: FieldVisibilityTable): Promise<void> {
	const { viewers, changedAt } = row;
	await ctx.db
		.insertInto('fieldVisibility')
		.values(row)
		.onConflict((conflict) => conflict.columns(['personId', 'field']).doUpdateSet({ viewers, changedAt }))
		.execute();
}

export async function countVisibilities(ctx: Context, personId: string): Promise<number> {
	const { fields } = await ctx.db
		.selectFrom('fieldVisibility')
		.select((count) => count.fn.countAll<number>().as('fields'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(fields);
}

/** Deletes at most `limit` choices; answers how many. */
export const deleteVisibilities = (ctx: Context, personId: string, limit: number): Promise<number> =>
	deleteSome(ctx, { table: 'field_visibility', key: 'field' }, personId, limit);
