// Promise: what is over is found by one condition, whether it is counted or destroyed, so that a dry run tells the truth.
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import { beforeDuration, instant, type Clock } from '../clock.ts';
import type { WorkKind } from './work.ts';

/** Rows that are over by now, by rule. */
export interface Over {
	rule: string;
	rows: number;
}

/** Due work that destroys what has outlived its time. */
export interface Ending<Context> extends WorkKind<Context> {
	/** What `run` would destroy now; touches nothing. */
	over(ctx: Context): Promise<Over[]>;
}

export const isEnding = <Context>(kind: WorkKind<Context>): kind is Ending<Context> => 'over' in kind;

/** When the rows of a table are over. */
export interface End {
	rule: string;
	table: string;
	/** What tells rows apart. */
	key: readonly string[];
	/** The column with the instant from which they are kept, null for those that have not got so far. */
	from: string;
	/** For so long after it (ISO 8601). */
	keptFor: string;
	/** States in which they end; all without it. */
	states?: readonly string[];
}

type Standing = { db: unknown; clock: Clock };

const batch = 500;
/** A day's end may be told to the day: nobody needs a look at whole tables by the second. */
const everyMilliseconds = 60_000;

function isOver(clock: Clock, { from, keptFor, states }: End): RawBuilder<SqlBool> {
	const until = instant(beforeDuration(clock.now(), keptFor));
	const inState = states ? sql` and state in (${sql.join(states)})` : sql``;
	return sql<SqlBool>`${sql.ref(from)} <= ${until}${inState}`;
}

async function count(ctx: Standing, end: End): Promise<number> {
	const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(end.table)}
		where ${isOver(ctx.clock, end)}`.execute(ctx.db as Kysely<never>);
	return Number(rows[0]?.rows ?? 0);
}

/** The condition stands twice: a row that was renewed between the search and the deletion stays. */
async function destroy(ctx: Standing, end: End): Promise<number> {
	const over = isOver(ctx.clock, end);
	const key = sql.join(end.key.map((column) => sql.ref(column)));
	const table = sql.table(end.table);
	const { numAffectedRows } = await sql`delete from ${table} where ${over} and (${key}) in (
		select ${key} from ${table} where ${over} order by ${sql.ref(end.from)} limit ${batch})`.execute(
		ctx.db as Kysely<never>
	);
	return Number(numAffectedRows ?? 0);
}

/** The due work of such tables, as one kind. */
export const endingOf = <Context extends Standing>(name: string, ends: readonly End[]): Ending<Context> => ({
	name,
	everyMilliseconds,
	over: (ctx) => Promise.all(ends.map(async (end) => ({ rule: end.rule, rows: await count(ctx, end) }))),
	run: async (ctx) => {
		let destroyed = 0;
		for (const end of ends) destroyed += await destroy(ctx, end);
		return destroyed;
	}
});
