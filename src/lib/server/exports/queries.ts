// All SQL of exports.
import type { Context } from '../context.ts';
import type { ExportTable, ExportVolumeTable } from '../schema.ts';

export const insertExport = (ctx: Context, row: ExportTable) =>
	ctx.db.insertInto('export').values(row).execute();

export const selectExport = (ctx: Context, personId: string, id: string) =>
	ctx.db
		.selectFrom('export')
		.selectAll()
		.where('personId', '=', personId)
		.where('id', '=', id)
		.executeTakeFirst();

/** The newest twenty. */
export const selectExports = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('export')
		.selectAll()
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(20)
		.execute();

/** All of them: a few a day at most, and those of a year ago are rows without a file. */
export const selectAllExports = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('export').selectAll().where('personId', '=', personId).orderBy('id', 'desc').execute();

export async function countSince(ctx: Context, personId: string, createdAt: string): Promise<number> {
	const { exports } = await ctx.db
		.selectFrom('export')
		.select((build) => build.fn.countAll<number>().as('exports'))
		.where('personId', '=', personId)
		.where('createdAt', '>', createdAt)
		.executeTakeFirstOrThrow();
	return Number(exports);
}

/**
 * Changes an export that is in `state`; false when it was in another (two tabs, two processes), or when `held` says otherwise
 * than the row: whose lease it is, or whether it is locked.
 */
export async function updateExport(
	ctx: Context,
	row: Pick<ExportTable, 'personId' | 'id'>,
	state: ExportTable['state'],
	change: Partial<ExportTable>,
	held: { leasedUntil?: string | null; locked?: 0 | 1 } = {}
): Promise<boolean> {
	const { leasedUntil, locked } = held;
	const { numUpdatedRows } = await ctx.db
		.updateTable('export')
		.set(change)
		.where('personId', '=', row.personId)
		.where('id', '=', row.id)
		.where('state', '=', state)
		.$if(leasedUntil === null, (update) => update.where('leasedUntil', 'is', null))
		.$if(typeof leasedUntil === 'string', (update) => update.where('leasedUntil', '=', leasedUntil as string))
		.$if(locked !== undefined, (update) => update.where('locked', '=', locked ?? 0))
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export const selectVolumes = (ctx: Context, personId: string, exportId: string) =>
	ctx.db
		.selectFrom('exportVolume')
		.selectAll()
		.where('personId', '=', personId)
		.where('exportId', '=', exportId)
		.orderBy('number')
		.execute();

/** Of all exports of the person: a few each, and only of those that are still there. */
export const selectVolumesOf = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('exportVolume')
		.selectAll()
		.where('personId', '=', personId)
		.orderBy('exportId')
		.orderBy('number')
		.execute();

/** Those that fetch what another one lacked. */
export const selectCompleting = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('export')
		.selectAll()
		.where('personId', '=', personId)
		.where('completes', 'is not', null)
		.execute();

export const insertVolumes = (ctx: Context, rows: readonly ExportVolumeTable[]) =>
	ctx.db
		.insertInto('exportVolume')
		.values([...rows])
		.execute();

export async function updateVolume(
	ctx: Context,
	{ personId, exportId, number, ...change }: Omit<ExportVolumeTable, 'records'>
): Promise<void> {
	await ctx.db
		.updateTable('exportVolume')
		.set(change)
		.where('personId', '=', personId)
		.where('exportId', '=', exportId)
		.where('number', '=', number)
		.execute();
}

export async function deleteVolumes(ctx: Context, personId: string, exportId: string): Promise<void> {
	await ctx.db
		.deleteFrom('exportVolume')
		.where('personId', '=', personId)
		.where('exportId', '=', exportId)
		.execute();
}

/** With its volumes. */
export async function deleteExport(ctx: Context, personId: string, id: string): Promise<void> {
	await deleteVolumes(ctx, personId, id);
	await ctx.db.deleteFrom('export').where('personId', '=', personId).where('id', '=', id).execute();
}
