// Promise: free text that nobody answers is put aside in time, and what was decided is forgotten in the end.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { endingOf } from '../platform/work/ending.ts';
import type { WorkKind } from '../platform/work/work.ts';
import { endReply, selectUnanswered } from './queries.ts';

const batch = 100;

async function putAside(ctx: Context, { personId, id }: { personId: string; id: string }): Promise<number> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return 0;
		const decidedAt = instant(ctx.clock.now());
		if (!(await endReply(ctx, personId, id, { state: 'closed', decidedAt }))) return 0;
		await audit.record(ctx, personId, 'reply-closed');
		return 1;
	});
}

/** Where the description says that nobody answers text messages; what may be a stop waits for a person all the same. */
export const replyWork: WorkKind<Context> = {
	name: 'replies',
	everyMilliseconds: 60_000,
	run: async (ctx) => {
		const { support, closeDays } = ctx.organisation.sms;
		if (support) return 0;
		const before = instant(after(ctx.clock.now(), -closeDays, 'days'));
		let closed = 0;
		for (const reply of await selectUnanswered(ctx, before, batch)) closed += await putAside(ctx, reply);
		return closed;
	}
};

/**
 * A message of the gateway counts once for a year: so long nobody can play a signed one back. A stop from an address that belongs
 * to nobody here is honoured for five years (47 CFR § 64.1200(d)(6)), for whoever has the address by then.
 */
export const replyEnds = endingOf<Context>('replies and what came of them', [
	{
		rule: 'replies',
		table: 'reply',
		key: ['person_id', 'id'],
		from: 'decided_at',
		keptFor: 'P1Y',
		states: ['stopped', 'kept', 'closed']
	},
	{ rule: 'gateway-messages', table: 'gateway_message', key: ['id'], from: 'at', keptFor: 'P1Y' },
	{
		rule: 'counts of text messages',
		table: 'reply_tally',
		key: ['day', 'outcome'],
		from: 'day',
		keptFor: 'P1Y'
	},
	{
		rule: 'stops from addresses of nobody',
		table: 'stranger_stop',
		key: ['channel', 'blind'],
		from: 'at',
		keptFor: 'P5Y'
	}
]);
