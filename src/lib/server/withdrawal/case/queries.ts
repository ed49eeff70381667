// All SQL of the cases of erasures.
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type {
	CaseRecipientTable,
	CaseSourceTable,
	CertificateTable,
	ErasureCaseTable
} from '../../schema.ts';

export const insertCase = (ctx: Context, row: ErasureCaseTable) =>
	ctx.db.insertInto('erasureCase').values(row).execute();

export const selectCase = (ctx: Context, id: string) =>
	ctx.db.selectFrom('erasureCase').selectAll().where('id', '=', id).executeTakeFirst();

export const selectCaseByClaim = (ctx: Context, claimHash: Buffer) =>
	ctx.db.selectFrom('erasureCase').selectAll().where('claimHash', '=', claimHash).executeTakeFirst();

export const updateCase = (ctx: Context, id: string, change: Partial<ErasureCaseTable>) =>
	ctx.db.updateTable('erasureCase').set(change).where('id', '=', id).execute();

export async function insertRecipients(ctx: Context, rows: readonly CaseRecipientTable[]): Promise<void> {
	for (const row of rows)
		await ctx.db
			.insertInto('caseRecipient')
			.values(row)
			.onConflict((conflict) => conflict.doNothing())
			.execute();
}

export const selectRecipients = (ctx: Context, caseId: string) =>
	ctx.db.selectFrom('caseRecipient').selectAll().where('caseId', '=', caseId).orderBy('partner').execute();

/** Of these cases those that are there and not over. */
export async function selectOpenCases(ctx: Context, ids: readonly string[]): Promise<string[]> {
	if (ids.length === 0) return [];
	const rows = await ctx.db
		.selectFrom('erasureCase')
		.select('id')
		.where('id', 'in', ids)
		.where('state', 'not in', ['closed', 'cancelled'])
		.execute();
	return rows.map(({ id }) => id);
}

/** Changes a recipient that is still waited for; false for one that is not. */
export async function updateRecipient(
	ctx: Context,
	{ caseId, partner }: Pick<CaseRecipientTable, 'caseId' | 'partner'>,
	change: Partial<CaseRecipientTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('caseRecipient')
		.set(change)
		.where('caseId', '=', caseId)
		.where('partner', '=', partner)
		.where('state', '=', 'waiting')
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** Those of whom nothing was heard until the end. */
export const updateSilent = (ctx: Context, caseId: string, at: string) =>
	ctx.db
		.updateTable('caseRecipient')
		.set({ state: 'silent', at })
		.where('caseId', '=', caseId)
		.where('state', '=', 'waiting')
		.execute();

export async function insertSources(ctx: Context, rows: readonly CaseSourceTable[]): Promise<void> {
	for (const row of rows)
		await ctx.db
			.insertInto('caseSource')
			.values(row)
			.onConflict((conflict) => conflict.doNothing())
			.execute();
}

export const selectSources = (ctx: Context, caseId: string) =>
	ctx.db.selectFrom('caseSource').selectAll().where('caseId', '=', caseId).orderBy('source').execute();

export const deleteSources = (ctx: Context, caseId: string) =>
	ctx.db.deleteFrom('caseSource').where('caseId', '=', caseId).execute();

/** Changes a source that is still waited for; false for one that is not. */
export async function updateSource(
	ctx: Context,
	{ caseId, source }: Pick<CaseSourceTable, 'caseId' | 'source'>,
	change: Partial<CaseSourceTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('caseSource')
		.set(change)
		.where('caseId', '=', caseId)
		.where('source', '=', source)
		.where('state', '=', 'waiting')
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** Sources that erasures wait for, the longest first, with the newest reason; cases that have not come so far are left out. */
export const selectWaitedFor = (ctx: Context, limit: number) =>
	ctx.db
		.selectFrom('caseSource')
		.innerJoin('erasureCase', 'erasureCase.id', 'caseSource.caseId')
		.select(['caseId', 'source', 'at', 'because', 'caseSource.attempts'])
		.where('caseSource.state', '=', 'waiting')
		.where('erasureCase.state', '=', 'erased')
		.orderBy('at')
		.orderBy('caseId')
		.limit(limit)
		.execute();

export const countWaitedFor = (ctx: Context) =>
	ctx.db
		.selectFrom('caseSource')
		.innerJoin('erasureCase', 'erasureCase.id', 'caseSource.caseId')
		.select((of) => ['source', of.fn.countAll<number>().as('cases'), of.fn.min('at').as('since')])
		.where('caseSource.state', '=', 'waiting')
		.where('erasureCase.state', '=', 'erased')
		.groupBy('source')
		.orderBy('source')
		.execute();

/** A version that is there stays as it was signed. */
export const insertCertificate = (ctx: Context, row: CertificateTable) =>
	ctx.db
		.insertInto('certificate')
		.values(row)
		.onConflict((conflict) => conflict.doNothing())
		.execute();

/** The newest version. */
export const selectCertificate = (ctx: Context, caseId: string) =>
	ctx.db
		.selectFrom('certificate')
		.selectAll()
		.where('caseId', '=', caseId)
		.orderBy('version', 'desc')
		.limit(1)
		.executeTakeFirst();

/** Rows of the tables that still name the person. */
export async function countLeft(ctx: Context, tables: readonly string[], personId: string): Promise<number> {
	const counts = tables.map(
		(table) => sql`(select count(*) from ${sql.table(table)} where person_id = ${personId})`
	);
	const { rows } = await sql<{ left: number }>`select ${sql.join(counts, sql` + `)} as "left"`.execute(
		ctx.db
	);
	return Number(rows[0]?.left ?? Number.NaN);
}
