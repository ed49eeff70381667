// All SQL of restrictions in systems outside.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import type { SourceRestrictionTable } from '../schema.ts';

/** The newest wish counts. A lease that runs stays: whoever has it sees that the wish is another one now. */
export const upsertWish = (ctx: Context, row: SourceRestrictionTable) =>
	ctx.db
		.insertInto('sourceRestriction')
		.values(row)
		.onConflict((conflict) => {
			const { isOn, state, at, because, nextAttemptAt, attempts } = row;
			return conflict
				.columns(['personId', 'id'])
				.doUpdateSet({ isOn, state, at, because, nextAttemptAt, attempts });
		})
		.execute();

export const selectOne = (ctx: Context, personId: string, id: string) =>
	ctx.db
		.selectFrom('sourceRestriction')
		.selectAll()
		.where('personId', '=', personId)
		.where('id', '=', id)
		.executeTakeFirst();

export const selectAllOf = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('sourceRestriction').selectAll().where('personId', '=', personId).orderBy('id').execute();

export const selectOpenOf = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('sourceRestriction')
		.select(['id', 'isOn', 'state', 'at'])
		.where('personId', '=', personId)
		.where('state', '!=', 'done')
		.orderBy('id')
		.execute();

/** Everybody who pauses, by id, those after `after`. */
export async function selectPaused(ctx: Context, after: string, limit: number): Promise<string[]> {
	const rows = await ctx.db
		.selectFrom('person')
		.select('personId')
		.where('pausedAt', 'is not', null)
		.where('personId', '>', after)
		.orderBy('personId')
		.limit(limit)
		.execute();
	return rows.map(({ personId }) => personId);
}

export const countOpen = (ctx: Context) =>
	ctx.db
		.selectFrom('sourceRestriction')
		.select((of) => [
			'id as source',
			'state',
			of.fn.countAll<number>().as('people'),
			of.fn.min('at').as('since')
		])
		.where('state', 'in', ['waiting', 'by-hand'])
		.groupBy(['id', 'state'])
		.orderBy('id')
		.orderBy('state')
		.execute();

type Wish = Pick<SourceRestrictionTable, 'personId' | 'id' | 'isOn' | 'at'>;

/** False where the person wants something else by now. */
export async function updateWish(
	ctx: Context,
	{ personId, id, isOn, at }: Wish,
	change: Partial<SourceRestrictionTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('sourceRestriction')
		.set(change)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('isOn', '=', isOn)
		.where('at', '=', at)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** Lets go of a lease, whatever the wish is by now. */
export const release = (ctx: Context, { personId, id }: Pick<Wish, 'personId' | 'id'>) =>
	ctx.db
		.updateTable('sourceRestriction')
		.set({ leasedUntil: null })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();

/** Tried again later, where it is still to be told. */
export const postpone = (ctx: Context, { personId, id }: Pick<Wish, 'personId' | 'id'>, until: string) =>
	ctx.db
		.updateTable('sourceRestriction')
		.set({ leasedUntil: null, nextAttemptAt: until })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', '=', 'waiting')
		.execute();

/** Deletes at most `limit`; answers how many. */
export const deleteWishes = (ctx: Context, personId: string, limit: number): Promise<number> =>
	deleteSome(ctx, { table: 'source_restriction' }, personId, limit);
