// Promise: nothing falls due unseen: staff are reminded before, what is overdue raises an alarm, and what nobody proved ends.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, instant, localDay } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { WorkKind } from '../platform/work/work.ts';
import { selectOverdue, selectToRemind, updateDueMark, updateRequest, type DueRow } from './queries.ts';
import { reminderDays } from './queue.ts';
import { ended } from './thread.ts';

const batch = 100;

/** The officer of the description reads that something is due: which, and by when; of whom, nothing. */
async function writeToOfficer(ctx: Context, { id, dueAt, timeZone }: DueRow): Promise<void> {
	const { email } = ctx.organisation.organisation.officer;
	if (!email) return;
	const language = ctx.organisation.languages[0] as string;
	await delivery.sendNow(ctx, {
		id,
		createdAt: instant(ctx.clock.now()),
		template: 'staff-request-due',
		reader: { to: email, channel: 'email', language, timeZone: 'UTC' },
		values: { dueOn: localDay(new Date(dueAt), timeZone) }
	});
}

async function remind(ctx: Context, row: DueRow): Promise<number> {
	const remindedAt = instant(ctx.clock.now());
	if (!(await updateDueMark(ctx, row, 'remindedAt', remindedAt))) return 0;
	ctx.log.warn({ request: row.id, dueAt: row.dueAt }, 'a request is due soon');
	await writeToOfficer(ctx, row);
	return 1;
}

/** Nobody has shown to be the person until the day that was due: the request ends, and nothing was told or done. */
async function endUnproved(ctx: Context, { personId, id }: DueRow): Promise<boolean> {
	const change = { ...ended(ctx), decision: 'unproved' as const, decidedAt: instant(ctx.clock.now()) };
	if (!(await updateRequest(ctx, personId, id, ['waiting-for-proof'], change))) return false;
	await audit.record(ctx, personId, 'request-unproved', { request: id });
	return true;
}

async function alarm(ctx: Context, row: DueRow): Promise<number> {
	if (!(await ctx.keys.find(row.personId))) return 0;
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, row.personId))) return 0;
		if (row.state === 'waiting-for-proof') return Number(await endUnproved(ctx, row));
		if (!(await updateDueMark(ctx, row, 'alarmedAt', instant(ctx.clock.now())))) return 0;
		await audit.record(ctx, row.personId, 'request-overdue', { request: row.id });
		ctx.log.warn({ request: row.id, dueAt: row.dueAt, rule: row.rule }, 'a request is overdue');
		return 1;
	});
}

export const dueWork: WorkKind<Context> = {
	name: 'requests due',
	everyMilliseconds: 60_000,
	run: async (ctx) => {
		const now = ctx.clock.now();
		let done = 0;
		for (const row of await selectOverdue(ctx, instant(now), batch)) done += await alarm(ctx, row);
		const soon = instant(after(now, reminderDays, 'days'));
		for (const row of await selectToRemind(ctx, instant(now), soon, batch)) done += await remind(ctx, row);
		return done;
	}
};
