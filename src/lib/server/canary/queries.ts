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

export const updateRun = (ctx: Context, id: string, change: Partial<CanaryRunTable>) =>
	ctx.db.updateTable('canaryRun').set(change).where('id', '=', id).execute();
