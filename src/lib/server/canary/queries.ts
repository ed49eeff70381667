// All SQL of the canary: when it last walked, and what it found.
import type { Context } from '../context.ts';
import type { CanaryRunTable } from '../schema.ts';

export const insertRun = (ctx: Context, row: CanaryRunTable) =>
	ctx.db
		.insertInto('canaryRun')
		.values(row)
		.onConflict((conflict) => conflict.doNothing())
		.execute();

export const selectRun = (ctx: Context, id: string) =>
	ctx.db.selectFrom('canaryRun').selectAll().where('id', '=', id).executeTakeFirst();

/** Only while nobody walks. */
export const updateResting = (ctx: Context, id: string, now: string, change: Partial<CanaryRunTable>) =>
	ctx.db
		.updateTable('canaryRun')
		.set(change)
		.where('id', '=', id)
		.where((where) => where.or([where('leasedUntil', 'is', null), where('leasedUntil', '<', now)]))
		.execute();

/** By whoever walks; false when somebody else does by now. */
export async function updateLeased(
	ctx: Context,
	id: string,
	leasedUntil: string,
	change: Partial<CanaryRunTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('canaryRun')
		.set(change)
		.where('id', '=', id)
		.where('leasedUntil', '=', leasedUntil)
		.executeTakeFirst();
	return numUpdatedRows === 1n;
}
