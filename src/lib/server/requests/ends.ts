// Promise: a request and its thread are kept for 24 months after its end (11 CCR § 7101), then destroyed, and the person can read that they were.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { afterDuration, beforeDuration, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { endingOf, type Ending } from '../platform/work/ending.ts';
import { countOver, deleteOver, selectOver } from './queries.ts';

const keptFor = 'P24M';
const batch = 100;

const until = (ctx: Context): string => instant(beforeDuration(ctx.clock.now(), keptFor));

/** `endedAt`: when the request was closed, or the last thing was written in one that was answered. */
export const keptUntil = (endedAt: string): string => instant(afterDuration(new Date(endedAt), keptFor));

/** Somebody whose key is gone is being erased, and the erasure takes these as well. */
async function destroy(ctx: Context, { personId, id }: { personId: string; id: string }): Promise<number> {
	if (!(await ctx.keys.find(personId))) return 0;
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return 0;
		if (!(await deleteOver(ctx, personId, id, until(ctx)))) return 0;
		await audit.record(ctx, personId, 'request-expired');
		return 1;
	});
}

export const requestEnds: Ending<Context> = {
	name: 'requests',
	everyMilliseconds: 60_000,
	over: async (ctx) => [{ rule: 'requests', rows: await countOver(ctx, until(ctx)) }],
	run: async (ctx) => {
		let destroyed = 0;
		for (const request of await selectOver(ctx, until(ctx), batch)) destroyed += await destroy(ctx, request);
		return destroyed;
	}
};

/** How many mails came to what: numbers alone. */
export const mailEnds = endingOf<Context>('mails', [
	{ rule: 'counts of mails', table: 'mail_tally', key: ['day', 'outcome'], from: 'day', keptFor: 'P1Y' }
]);
