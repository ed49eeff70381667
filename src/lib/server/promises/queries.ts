// All SQL of evidence: counts and instants of many, never a value and never a person. It looks into the tables of others,
// because nothing of theirs but numbers is wanted; each query stops at a limit.
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Schema } from '../schema.ts';

/** Beyond this a number is told as "more than". */
export const most = 10_000;
/** A median over as many. */
const sample = 1_000;

type Table = keyof Schema & string;

/** How many rows of a table, at most one more than `most`; `where` is a condition on one column. */
export async function countUpTo(
	ctx: Context,
	table: Table,
	where?: { column: string; is: readonly (string | number)[] }
): Promise<number> {
	const condition = where ? sql`where ${sql.ref(where.column)} in (${sql.join(where.is)})` : sql``;
	const { rows } = await sql<{ rows: number }>`select count(*) as rows from
		(select 1 from ${sql.table(table)} ${condition} limit ${most + 1}) as counted`.execute(ctx.db);
	return Number(rows[0]?.rows ?? 0);
}

interface Span {
	from: string;
	to: string;
}

/** When things began and ended, of the newest by `newest` that ended. */
async function spans(
	ctx: Context,
	{
		table,
		from,
		to,
		newest,
		kinds
	}: { table: Table; from: string; to: string; newest: string; kinds?: readonly string[] }
): Promise<Span[]> {
	const ofKind = kinds ? sql`and kind in (${sql.join(kinds)})` : sql``;
	const { rows } = await sql<Span>`select ${sql.ref(from)} as "from", ${sql.ref(to)} as "to"
		from ${sql.table(table)} where ${sql.ref(to)} is not null ${ofKind}
		order by ${sql.ref(newest)} desc limit ${sample}`.execute(ctx.db);
	return rows;
}

export const requestSpans = (ctx: Context, kinds?: readonly string[]) =>
	spans(ctx, { table: 'request', from: 'receivedAt', to: 'closedAt', newest: 'id', ...(kinds && { kinds }) });
export const correctionSpans = (ctx: Context) =>
	spans(ctx, { table: 'correction', from: 'openedAt', to: 'decidedAt', newest: 'id' });
export const exportSpans = (ctx: Context) =>
	spans(ctx, { table: 'export', from: 'createdAt', to: 'readyAt', newest: 'id' });
export const erasureSpans = (ctx: Context) =>
	spans(ctx, { table: 'erasureCase', from: 'requestedAt', to: 'erasedAt', newest: 'id' });

/** Since when those that are open wait, oldest first, at most one more than `most`. */
export async function waitingSince(
	ctx: Context,
	table: 'request' | 'correction',
	kinds?: readonly string[]
): Promise<string[]> {
	const since = sql.ref(table === 'request' ? 'receivedAt' : 'openedAt');
	const ofKind = kinds ? sql`and kind in (${sql.join(kinds)})` : sql``;
	const { rows } = await sql<{ since: string }>`select ${since} as since from ${sql.table(table)}
		where state = 'open' ${ofKind} order by ${since} limit ${most + 1}`.execute(ctx.db);
	return rows.map((row) => row.since);
}

export async function sumTold(ctx: Context): Promise<number> {
	const { told } = await ctx.db
		.selectFrom('policyAnnouncement')
		.select(({ fn }) => fn.sum<number | null>('told').as('told'))
		.executeTakeFirstOrThrow();
	return Number(told ?? 0);
}

/** When drills were recorded, newest first. */
export const selectDrills = (ctx: Context) =>
	ctx.db
		.selectFrom('incident')
		.select('recordedAt')
		.where('drill', '=', 1)
		.orderBy('id', 'desc')
		.limit(sample)
		.execute();

/** Since when the passwords of active staff count, oldest first. */
export const selectStaffPasswords = (ctx: Context) =>
	ctx.db
		.selectFrom('staffMember')
		.select('passwordAt')
		.where('state', '=', 'active')
		.orderBy('passwordAt')
		.limit(sample)
		.execute();
