// All SQL of the profile.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type { ProfileValueTable } from '../schema.ts';

export const selectPerson = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('person').select(['role', 'country']).where('personId', '=', personId).executeTakeFirst();

export const selectValues = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('profileValue')
		.select(['field', 'sealed', 'origin', 'changedAt'])
		.where('personId', '=', personId)
);

export const selectFields = keptQuery((db: Context['db'], personId: string) =>
	db.selectFrom('profileValue').select('field').where('personId', '=', personId)
);

export async function upsertValue(ctx: Context, row: ProfileValueTable): Promise<void> {
	await ctx.db
		.insertInto('profileValue')
		.values(row)
		.onConflict((conflict) =>
			conflict.columns(['personId', 'field']).doUpdateSet((value) => ({
				sealed: value.ref('excluded.sealed'),
				origin: value.ref('excluded.origin'),
				changedAt: value.ref('excluded.changedAt')
			}))
		)
		.execute();
}

/** Writes only over the value that was seen (null: over none); answers whether it did. */
export async function replaceValue(
	ctx: Context,
	row: ProfileValueTable,
	seenAt: string | null
): Promise<boolean> {
	if (seenAt === null) {
		const { numInsertedOrUpdatedRows } = await ctx.db
			.insertInto('profileValue')
			.values(row)
			.onConflict((conflict) => conflict.doNothing())
			.executeTakeFirst();
		return Number(numInsertedOrUpdatedRows ?? 0) > 0;
	}
	const { sealed, origin, changedAt } = row;
	const { numUpdatedRows } = await ctx.db
		.updateTable('profileValue')
		.set({ sealed, origin, changedAt })
		.where('personId', '=', row.personId)
		.where('field', '=', row.field)
		.where('changedAt', '=', seenAt)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export async function deleteValue(
	ctx: Context,
	personId: string,
	field: string,
	seenAt?: string
): Promise<boolean> {
	const one = ctx.db.deleteFrom('profileValue').where('personId', '=', personId).where('field', '=', field);
	const { numDeletedRows } = await (seenAt ? one.where('changedAt', '=', seenAt) : one).executeTakeFirst();
	return numDeletedRows > 0n;
}

/** Deletes at most `limit` values; answers how many. */
export const deleteValues = (ctx: Context, personId: string, limit: number): Promise<number> =>
	deleteSome(ctx, { table: 'profile_value', key: 'field' }, personId, limit);
