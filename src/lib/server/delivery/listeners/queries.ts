// All SQL of what listeners are told of everybody, and the one look at who a person is for them.
import type { Context } from '../../context.ts';
import type { ListenerCallTable } from '../../schema.ts';

export const selectExternalId = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('identifier')
		.select('sealed')
		.where('personId', '=', personId)
		.where('kind', '=', 'external')
		.executeTakeFirstOrThrow();

/** Written once for each listener and matter. */
export const insertListenerCall = (ctx: Context, call: ListenerCallTable) =>
	ctx.db
		.insertInto('listenerCall')
		.values(call)
		.onConflict((conflict) => conflict.columns(['listener', 'type', 'about']).doNothing())
		.execute();

/** One that is still to be delivered. */
export const selectListenerCall = (ctx: Context, id: string) =>
	ctx.db
		.selectFrom('listenerCall')
		.select(['listener', 'type', 'codes', 'createdAt'])
		.where('id', '=', id)
		.where('state', '=', 'waiting')
		.executeTakeFirst();

export const endListenerCall = (ctx: Context, id: string, ending: Pick<ListenerCallTable, 'state' | 'at'>) =>
	ctx.db
		.updateTable('listenerCall')
		.set({ ...ending, nextAttemptAt: null, leasedUntil: null })
		.where('id', '=', id)
		.execute();

export const postponeListenerCall = (ctx: Context, id: string, nextAttemptAt: string) =>
	ctx.db.updateTable('listenerCall').set({ nextAttemptAt, leasedUntil: null }).where('id', '=', id).execute();
