// Promise: limits hold across processes and restarts, and remember keyed hashes, never addresses or names.
import type { Kysely } from 'kysely';
import { RateLimiterRes } from 'rate-limiter-flexible';
import RateLimiterStoreAbstract from 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js';
import { sql } from 'kysely';

export interface ThrottleSchema {
	throttle: { key: string; points: number; expire: number | null };
}

interface Row {
	points: number;
	expire: number | null;
}

/** The library's limiter on the portal's own database, whichever engine that is. */
class DatabaseLimiter extends RateLimiterStoreAbstract {
	readonly #db: Kysely<ThrottleSchema>;
	constructor(db: Kysely<ThrottleSchema>, options: Limit) {
		super({ points: options.points, duration: options.seconds, keyPrefix: options.name });
		this.#db = db;
	}
	_getRateLimiterRes(_key: string, changed: number, row: Row): RateLimiterRes {
		const left = Math.max((this as unknown as { points: number }).points - row.points, 0);
		return new RateLimiterRes(
			left,
			Math.max((row.expire ?? 0) - Date.now(), 0),
			row.points,
			changed === row.points
		);
	}
	async _upsert(key: string, points: number, duration: number, force = false): Promise<Row> {
		const now = Date.now();
		const expire = duration > 0 ? now + duration : null;
		const kept = sql<boolean>`(throttle.expire is null or throttle.expire > ${now})`;
		return this.#db
			.insertInto('throttle')
			.values({ key, points, expire })
			.onConflict((conflict) =>
				conflict.column('key').doUpdateSet({
					points: force ? points : sql`case when ${kept} then throttle.points + ${points} else ${points} end`,
					expire: force ? expire : sql`case when ${kept} then throttle.expire else ${expire} end`
				})
			)
			.returning(['points', 'expire'])
			.executeTakeFirstOrThrow();
	}
	async _get(key: string): Promise<Row | undefined> {
		const row = await this.#db
			.selectFrom('throttle')
			.select(['points', 'expire'])
			.where('key', '=', key)
			.executeTakeFirst();
		return row && (row.expire === null || row.expire > Date.now()) ? row : undefined;
	}
	async _delete(key: string): Promise<boolean> {
		const { numDeletedRows } = await this.#db
			.deleteFrom('throttle')
			.where('key', '=', key)
			.executeTakeFirst();
		return numDeletedRows > 0n;
	}
}

export interface Limit {
	name: string;
	points: number;
	seconds: number;
}

type Throttled = { db: Kysely<ThrottleSchema> };

/** Takes one point of `limit` for `key`; answers the seconds to wait when there is none left. */
export async function take(
	ctx: Throttled,
	limit: Limit,
	key: Buffer
): Promise<{ waitSeconds: number } | undefined> {
	try {
		await new DatabaseLimiter(ctx.db, limit).consume(key.toString('base64url'));
		return undefined;
	} catch (refusal) {
		if (!(refusal instanceof RateLimiterRes)) throw refusal;
		return { waitSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) };
	}
}

/** Whether a point of `limit` was taken and has not run out; takes none. */
export const isTaken = async (ctx: Throttled, limit: Limit, key: Buffer): Promise<boolean> =>
	((await new DatabaseLimiter(ctx.db, limit).get(key.toString('base64url')))?.consumedPoints ?? 0) > 0;

/** How many points of `limit` are left; takes none. */
export const pointsLeft = async (ctx: Throttled, limit: Limit, key: Buffer): Promise<number> => {
	const taken = await new DatabaseLimiter(ctx.db, limit).get(key.toString('base64url'));
	return Math.max(0, limit.points - (taken?.consumedPoints ?? 0));
};

/** Gives all points back, as after a sign-in that succeeded. */
export async function release(ctx: Throttled, limit: Limit, key: Buffer): Promise<void> {
	await new DatabaseLimiter(ctx.db, limit).delete(key.toString('base64url'));
}

/** Removes limits that have run out. */
export async function sweep(ctx: Throttled): Promise<void> {
	await ctx.db.deleteFrom('throttle').where('expire', '<', Date.now()).execute();
}
