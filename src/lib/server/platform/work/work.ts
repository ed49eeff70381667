// Promise: what is due is found in the state, claimed with a lease, and may run twice.
import { setImmediate } from 'node:timers/promises';
import { sql, type Kysely, type SqlBool } from 'kysely';
import { isPostgres } from '../database/columns.ts';
import { after, instant, type Clock } from '../clock.ts';

/** Something that can fall due. `run` works off a batch and answers how many items it worked on. */
export interface WorkKind<Context> {
	name: string;
	run(ctx: Context): Promise<number>;
	/** How long to rest when nothing was found; half a second without it. */
	everyMilliseconds?: number;
}

export interface Claim {
	personId: string;
	id: string;
	attempts: number;
	/** Until then nobody else gets it. */
	leasedUntil: string;
}

type Claiming = { db: Kysely<never>; clock: Clock };

const leaseMinutes = 5;

/**
 * Claims due rows of a table that has `person_id, id, next_attempt_at, leased_until, attempts`: nobody else gets them
 * for five minutes. What belongs to no person names its own id as the `owner`. A process that dies lets its lease run out,
 * and the row is claimed again.
 */
export async function claimDue(
	ctx: { db: unknown; clock: Clock },
	table: string,
	limit: number,
	owner: 'person_id' | 'id' = 'person_id'
): Promise<Claim[]> {
	const { db, clock } = ctx as Claiming;
	const now = instant(clock.now());
	const until = instant(after(clock.now(), leaseMinutes, 'minutes'));
	const free = sql<SqlBool>`next_attempt_at <= ${now} and (leased_until is null or leased_until < ${now})`;
	const lock = isPostgres(db) ? sql`for update skip locked` : sql``;
	return db.transaction().execute(async (tx) => {
		const { rows } = await sql<
			Omit<Claim, 'leasedUntil'>
		>`select ${sql.ref(owner)} as person_id, id, attempts from ${sql.table(table)} where ${free}
			order by next_attempt_at limit ${limit} ${lock}`.execute(tx);
		for (const { personId, id } of rows)
			await sql`update ${sql.table(table)} set leased_until = ${until}, attempts = attempts + 1
				where ${sql.ref(owner)} = ${personId} and id = ${id}`.execute(tx);
		return rows.map((row) => ({ ...row, leasedUntil: until }));
	});
}

/**
 * Takes a claim for five minutes more, before what an outsider can see; false when its lease ran out and somebody else has
 * claimed it since.
 */
export async function renewLease(
	ctx: { db: unknown; clock: Clock },
	table: string,
	{ personId, id, leasedUntil }: Claim,
	owner: 'person_id' | 'id' = 'person_id'
): Promise<boolean> {
	const { db, clock } = ctx as Claiming;
	const until = instant(after(clock.now(), leaseMinutes, 'minutes'));
	const { numAffectedRows } = await sql`update ${sql.table(table)} set leased_until = ${until}
		where ${sql.ref(owner)} = ${personId} and id = ${id} and leased_until = ${leasedUntil}`.execute(db);
	return numAffectedRows === 1n;
}

/** When to try again after `attempts` failures: 5 s, 5 min, 30 min, 2 h, then every 5 hours. */
export function nextAttempt(clock: Clock, attempts: number): string {
	const seconds = [5, 300, 1_800, 7_200][attempts - 1] ?? 18_000;
	return instant(after(clock.now(), seconds, 'seconds'));
}

interface Working<Context> {
	work: readonly WorkKind<Context>[];
	log: { error(details: object, message: string): void };
}

/** Runs a kind until it finds nothing more; answers undefined when it failed, which is logged. */
async function runKind<Context extends Working<Context>>(
	ctx: Context,
	kind: WorkKind<Context>
): Promise<number | undefined> {
	let total = 0;
	try {
		for (let done = await kind.run(ctx); done > 0; done = await kind.run(ctx)) {
			total += done;
			// SQLite answers at once: without a turn for the others no request would be read until nothing is due any more.
			await setImmediate();
		}
		return total;
	} catch (err) {
		ctx.log.error({ err, work: kind.name }, 'due work failed');
		return undefined;
	}
}

/** Runs every kind until none finds anything. A kind that fails is logged and does not hold up the others. */
export async function workOnce<Context extends Working<Context>>(ctx: Context): Promise<number> {
	let total = 0;
	for (const kind of ctx.work) total += (await runKind(ctx, kind)) ?? 0;
	return total;
}

/** After a failure a kind rests: while the database is away, the log must not grow by the second. */
const restAfterFailure = 5_000;

/**
 * Works off what is due until `stop` is called; `stop` resolves when the running rounds have ended. Each kind goes its own
 * pace: a code by mail does not wait for an export or an erasure of a million rows.
 */
export function startWorker<Context extends Working<Context>>(
	ctx: Context,
	everyMilliseconds = 500
): { stop(): Promise<void> } {
	const loops = ctx.work.map((kind) =>
		startLoop(() => runKind(ctx, kind), kind.everyMilliseconds ?? everyMilliseconds)
	);
	return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}

function startLoop(
	run: () => Promise<number | undefined>,
	everyMilliseconds: number
): { stop(): Promise<void> } {
	let stopped = false;
	let timer: NodeJS.Timeout;
	let round: Promise<unknown> = Promise.resolve();
	const next = () => {
		if (stopped) return;
		round = run().then((done) => {
			if (!stopped) timer = setTimeout(next, done === undefined ? restAfterFailure : everyMilliseconds);
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
