// All SQL of controls.
import type { Context } from '../context.ts';
import type { ControlDoneTable } from '../schema.ts';

export const insertDone = (ctx: Context, done: ControlDoneTable) =>
	ctx.db.insertInto('controlDone').values(done).execute();

/** The last day of each control. */
export const selectLastDone = (ctx: Context) =>
	ctx.db
		.selectFrom('controlDone')
		.select((of) => ['control', of.fn.max('doneOn').as('doneOn')])
		.groupBy('control')
		.execute();

/** Newest first; `before` is the id of the last one seen. */
export function selectDone(ctx: Context, control: string, before: string | undefined, limit: number) {
	const query = ctx.db
		.selectFrom('controlDone')
		.select(['id', 'doneOn', 'by', 'sealed'])
		.where('control', '=', control)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}
