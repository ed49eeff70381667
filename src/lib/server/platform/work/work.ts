// Promise: what is due is found in the state, claimed with a lease, and may run twice.
import { sql, type Kysely, type SqlBool } from 'kysely';
import { isPostgres } from '../database/columns.ts';
import { after, instant, type Clock } from '../clock.ts';

/** Something that can fall due. `run` works off a batch and answers how many items it worked on. */
export interface WorkKind<Context> {
	name: string;
	run(ctx: Context): Promise<number>;
}

export interface Claim {
	personId: string;
	id: string;
	attempts: number;
}

type Claiming = { db: Kysely<never>; clock: Clock };

const leaseMinutes = 5;

/**
 * Claims due rows of a table that has `person_id, id, next_attempt_at, leased_until, attempts`: nobody else gets them
 * for five minutes. A process that dies lets its lease run out, and the row is claimed again.
 */
export async function claimDue(
	ctx: { db: unknown; clock: Clock },
	table: string,
	limit: number
): Promise<Claim[]> {
	const { db, clock } = ctx as Claiming;
	const now = instant(clock.now());
	const until = instant(after(clock.now(), leaseMinutes, 'minutes'));
	const free = sql<SqlBool>`next_attempt_at <= ${now} and (leased_until is null or leased_until < ${now})`;
	const lock = isPostgres(db) ? sql`for update skip locked` : sql``;
	return db.transaction().execute(async (tx) => {
		const { rows } = await sql<Claim>`select person_id, id, attempts from ${sql.table(table)} where ${free}
			order by next_attempt_at limit ${limit} ${lock}`.execute(tx);
		for (const { personId, id } of rows)
			await sql`update ${sql.table(table)} set leased_until = ${until}, attempts = attempts + 1
				where person_id = ${personId} and id = ${id}`.execute(tx);
		return rows;
	});
}

/** When to try again after `attempts` failures: 5 s, 5 min, 30 min, 2 h, then every 5 hours. */
export function nextAttempt(clock: Clock, attempts: number): string {
	const seconds = [5, 300, 1_800, 7_200][attempts - 1] ?? 18_000;
	return instant(after(clock.now(), seconds, 'seconds'));
}

/** Runs every kind until none finds anything. A kind that fails is logged and does not hold up the others. */
export async function workOnce<
	Context extends {
		work: readonly WorkKind<Context>[];
		log: { error(details: object, message: string): void };
	}
>(ctx: Context): Promise<number> {
	let total = 0;
	for (const kind of ctx.work) {
		try {
			for (let done = await kind.run(ctx); done > 0; done = await kind.run(ctx)) total += done;
		} catch (err) {
			ctx.log.error({ err, work: kind.name }, 'due work failed');
		}
	}
	return total;
}

/**
 * Works off what is due until `stop` is called; `stop` resolves when the running rounds have ended. Each kind goes its own
 * pace: a code by mail does not wait for an export or an erasure of a million rows.
 */
export function startWorker<Context extends Parameters<typeof workOnce>[0]>(
	ctx: Context,
	everyMilliseconds = 500
): { stop(): Promise<void> } {
	const loops = ctx.work.map((kind) => startLoop({ ...ctx, work: [kind] }, everyMilliseconds));
	return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}

function startLoop<Context extends Parameters<typeof workOnce>[0]>(
	ctx: Context,
	everyMilliseconds: number
): { stop(): Promise<void> } {
	let stopped = false;
	let timer: NodeJS.Timeout;
	let round: Promise<unknown> = Promise.resolve();
	const next = () => {
		if (stopped) return;
		round = workOnce(ctx as never).finally(() => {
			if (!stopped) timer = setTimeout(next, everyMilliseconds);
		});
	};
	next();
	return {
		stop: async () => {
			stopped = true;
			clearTimeout(timer);
			await round;
		}
	};
}
