// Promise: a record whose time is over is destroyed on the day that the description names, and the person can read that it was.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { Ending } from '../platform/work/ending.ts';
import { countOlder, deleteOlder, lockCount, selectExpired, updateCount } from './queries.ts';
import { overUntil, rulesOf } from './rules.ts';

const peopleARun = 100;
const recordsABatch = 1_000;

/** The categories whose records run out by themselves, with the instant up to which they have. */
async function runningOut(ctx: Context): Promise<{ category: string; until: string }[]> {
	const rules = await rulesOf(ctx);
	return ctx.organisation.categories.flatMap(({ id }) => {
		const until = overUntil(ctx, rules.get(id) ?? []);
		return until === undefined ? [] : [{ category: id, until }];
	});
}

/** Of somebody who is being erased, the erasure takes these records as well. */
async function destroyExpired(
	ctx: Context,
	personId: string,
	category: string,
	until: string
): Promise<number> {
	if (!(await ctx.keys.find(personId))) return 0;
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return 0;
		await lockCount(ctx, personId, category);
		const destroyed = await deleteOlder(ctx, personId, category, until, recordsABatch);
		await updateCount(ctx, personId, category, -destroyed);
		if (destroyed) await audit.record(ctx, personId, 'records-expired', { category, count: destroyed });
		return destroyed;
	});
}

export const recordExpiry: Ending<Context> = {
	name: 'record-expiry',
	over: async (ctx) =>
		Promise.all(
			(await runningOut(ctx)).map(async ({ category, until }) => ({
				rule: `records ${category}`,
				rows: await countOlder(ctx, category, until)
			}))
		),
	run: async (ctx) => {
		let destroyed = 0;
		for (const { category, until } of await runningOut(ctx))
			for (const { personId } of await selectExpired(ctx, category, until, peopleARun))
				destroyed += await destroyExpired(ctx, personId, category, until);
		return destroyed;
	}
};
