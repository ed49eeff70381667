// All SQL of the archive.
import type { Context } from '../context.ts';
import type { ArchiveEntryTable } from './tables.ts';

/** Writes an entry that is not there yet; one that is there (the step ran before) stays as it is. */
export const insertEntry = (ctx: Context, entry: ArchiveEntryTable) =>
	ctx.archive
		.insertInto('archiveEntry')
		.values(entry)
		.onConflict((conflict) => conflict.doNothing())
		.execute();

export const selectEntry = (ctx: Context, id: string) =>
	ctx.archive.selectFrom('archiveEntry').selectAll().where('id', '=', id).executeTakeFirst();

/** Everything but the seals, by end date; `after` is the last one seen. */
export function selectEntries(
	ctx: Context,
	after: { endsOn: string; id: string } | undefined,
	limit: number
) {
	const query = ctx.archive
		.selectFrom('archiveEntry')
		.select(['id', 'ground', 'endsOn', 'records', 'createdAt', 'heldBy', 'heldWhy', 'heldAt', 'destroyedAt'])
		.orderBy('endsOn')
		.orderBy('id')
		.limit(limit);
	if (!after) return query.execute();
	return query
		.where((row) => row(row.refTuple('endsOn', 'id'), '>', row.tuple(after.endsOn, after.id)))
		.execute();
}

/** Entries whose day has come and that nobody holds. */
export const selectEnded = (ctx: Context, today: string, limit: number) =>
	ctx.archive
		.selectFrom('archiveEntry')
		.select(['id', 'ground', 'records'])
		.where('endsOn', '<=', today)
		.where('destroyedAt', 'is', null)
		.where('heldAt', 'is', null)
		.orderBy('endsOn')
		.limit(limit)
		.execute();

export async function countEnded(ctx: Context, today: string): Promise<number> {
	const { entries } = await ctx.archive
		.selectFrom('archiveEntry')
		.select((count) => count.fn.countAll<number>().as('entries'))
		.where('endsOn', '<=', today)
		.where('destroyedAt', 'is', null)
		.where('heldAt', 'is', null)
		.executeTakeFirstOrThrow();
	return Number(entries);
}

/** Empties an entry whose day has come; false when it is held, or was destroyed already. */
export async function destroyEntry(ctx: Context, id: string, today: string, now: string): Promise<boolean> {
	const { numUpdatedRows } = await ctx.archive
		.updateTable('archiveEntry')
		.set({ sealed: Buffer.alloc(0), destroyedAt: now })
		.where('id', '=', id)
		.where('endsOn', '<=', today)
		.where('destroyedAt', 'is', null)
		.where('heldAt', 'is', null)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** Sets a hold where there is none, or takes it away; false for an entry that is unknown or destroyed, or held before. */
export async function updateHold(
	ctx: Context,
	id: string,
	hold: Pick<ArchiveEntryTable, 'heldBy' | 'heldWhy' | 'heldAt'>
): Promise<boolean> {
	const query = ctx.archive
		.updateTable('archiveEntry')
		.set(hold)
		.where('id', '=', id)
		.where('destroyedAt', 'is', null);
	const { numUpdatedRows } = await (
		hold.heldAt === null ? query : query.where('heldAt', 'is', null)
	).executeTakeFirst();
	return numUpdatedRows > 0n;
}
