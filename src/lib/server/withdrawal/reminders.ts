// Promise: whoever leaves is reminded at half of the grace period and one day before its end, once each.
import * as delivery from '../delivery/delivery.ts';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { updateFromGrace } from './queries.ts';

interface Period {
	requestedAt: string;
	eraseAt: string;
}

/** Sooner after the request than this, a reminder would only be a nuisance. */
const quietHours = 12;

/** When to remind, in order; a short grace period has fewer of them, or none. */
export function remindersOf({ requestedAt, eraseAt }: Period): string[] {
	const [start, end] = [Date.parse(requestedAt), new Date(eraseAt)];
	const half = new Date((start + end.getTime()) / 2);
	const soonest = instant(after(new Date(requestedAt), quietHours, 'hours'));
	const wanted = [half, after(end, -1, 'days')]
		.map(instant)
		.filter((when) => when >= soonest && when < eraseAt);
	return [...new Set(wanted)].sort();
}

/** The next instant at which something is to be done: a reminder, or the end. */
export const nextOf = (period: Period, reminders: number): string =>
	remindersOf(period)[reminders] ?? period.eraseAt;

export const isOver = (ctx: Context, { eraseAt }: Period): boolean => eraseAt <= instant(ctx.clock.now());

/** Reminds, unless the person cancelled meanwhile; reminders that were missed are not made up for. */
export async function remind(
	ctx: Context,
	personId: string,
	running: Period & { id: string; reminders: number }
): Promise<void> {
	const now = instant(ctx.clock.now());
	const passed = remindersOf(running).filter((when) => when <= now).length;
	await transaction(ctx, async (ctx) => {
		const change = {
			reminders: passed,
			nextAttemptAt: nextOf(running, passed),
			leasedUntil: null,
			attempts: 0
		};
		if (!(await updateFromGrace(ctx, personId, running.id, change)) || passed <= running.reminders) return;
		await delivery.send(ctx, personId, {
			template: 'withdrawal-reminder',
			values: { eraseAt: running.eraseAt }
		});
	});
}
