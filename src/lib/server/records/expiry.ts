// Promise: a record whose time is over is destroyed on the day that the description names, and the person can read that it was.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { retentionOf } from '../organisation/lookup.ts';
import { beforeDuration, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { WorkKind } from '../platform/work/work.ts';
import { deleteOlder, lockCount, selectExpired, updateCount } from './queries.ts';

const peopleARun = 100;
const recordsABatch = 1_000;

/** The categories whose records run out by themselves, with the instant up to which they have. */
function runningOut({ organisation, clock }: Context): { category: string; until: string }[] {
	return organisation.categories.flatMap(({ id, kind, retention }) => {
		const described = retentionOf(organisation, retention);
		if (kind !== 'records' || described?.from !== 'record' || !described.for) return [];
		return [{ category: id, until: instant(beforeDuration(clock.now(), described.for)) }];
	});
}

/** Somebody whose key is gone is being erased, and the erasure takes these records as well. */
async function destroyExpired(
	ctx: Context,
	personId: string,
	category: string,
	until: string
): Promise<number> {
	if (!(await ctx.keys.find(personId))) return 0;
	return transaction(ctx, async (ctx) => {
		await lockCount(ctx, personId, category);
		const destroyed = await deleteOlder(ctx, personId, category, until, recordsABatch);
		await updateCount(ctx, personId, category, -destroyed);
		if (destroyed) await audit.record(ctx, personId, 'records-expired', { category, count: destroyed });
		return destroyed;
	});
}

export const recordExpiry: WorkKind<Context> = {
	name: 'record-expiry',
	run: async (ctx) => {
		let destroyed = 0;
		for (const { category, until } of runningOut(ctx))
			for (const { personId } of await selectExpired(ctx, category, until, peopleARun))
				destroyed += await destroyExpired(ctx, personId, category, until);
		return destroyed;
	}
};
