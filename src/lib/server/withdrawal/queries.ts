// All SQL of withdrawal.
import type { Context } from '../context.ts';
import type { PersonState, WithdrawalTable } from '../schema.ts';

const columns = [
	'personId',
	'id',
	'state',
	'requestedAt',
	'eraseAt',
	'reason',
	'sealed',
	'endedAt',
	'caseId',
	'reminders'
] as const;

export const insertWithdrawal = (ctx: Context, withdrawal: WithdrawalTable) =>
	ctx.db.insertInto('withdrawal').values(withdrawal).execute();

/** The withdrawal that runs; a person has at most one. */
export async function selectRunning(ctx: Context, personId: string) {
	const row = await ctx.db
		.selectFrom('withdrawal')
		.select([...columns, 'attempts', 'leasedUntil'])
		.where('personId', '=', personId)
		.where('state', 'in', ['grace', 'erasing'])
		.executeTakeFirst();
	return row && { ...row, caseId: row.caseId ?? '', leasedUntil: row.leasedUntil ?? '' };
}

export const selectAll = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('withdrawal').select(columns).where('personId', '=', personId).orderBy('id').execute();

/** Takes the withdrawal out of its grace period; false when it had already left it. */
export async function updateFromGrace(
	ctx: Context,
	personId: string,
	id: string,
	change: Partial<WithdrawalTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('withdrawal')
		.set(change)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', '=', 'grace')
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export async function updateWithdrawal(
	ctx: Context,
	personId: string,
	id: string,
	change: Partial<WithdrawalTable>
): Promise<void> {
	await ctx.db
		.updateTable('withdrawal')
		.set(change)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();
}

/** Moves a person between states; false when they were not in `from` (two tabs, two processes). */
export async function updateState(
	ctx: Context,
	personId: string,
	from: readonly PersonState[],
	to: PersonState
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('person')
		.set({ state: to })
		.where('personId', '=', personId)
		.where('state', 'in', from)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export async function updatePaused(ctx: Context, personId: string, pausedAt: string | null): Promise<void> {
	await ctx.db.updateTable('person').set({ pausedAt }).where('personId', '=', personId).execute();
}

export async function deleteWithdrawals(ctx: Context, personId: string): Promise<number> {
	const { numDeletedRows } = await ctx.db
		.deleteFrom('withdrawal')
		.where('personId', '=', personId)
		.executeTakeFirst();
	return Number(numDeletedRows);
}
