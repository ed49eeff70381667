// A withdrawal that runs: its steps with their days, and the code for afterwards.
import { instant } from '$lib/server/platform/clock';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import type { TimelineItem } from '$lib/ui/timeline';

export interface Leaving {
	eraseAt: string;
	steps: TimelineItem[];
	/** Opens /claim when the account is gone. */
	claimCode: string;
	claimUrl: string;
}

export async function describeLeaving(
	{ ctx, person, translation: { t, dateTime } }: App.Locals,
	running: withdrawal.Withdrawal
): Promise<Leaving> {
	const { requestedAt, eraseAt } = running;
	const now = instant(ctx.clock.now());
	const reminders = withdrawal.remindersOf(running).map((when) => {
		const ahead = when > now;
		return {
			title: t(ahead ? 'withdrawal:leaving.reminder' : 'withdrawal:leaving.reminded'),
			at: dateTime(when),
			instant: when,
			icon: 'bell' as const,
			ahead
		};
	});
	return {
		eraseAt,
		claimCode: (await withdrawal.claimCode(ctx, person.id)) ?? '',
		claimUrl: `${ctx.settings.origin}/claim`,
		steps: [
			{
				title: t('withdrawal:leaving.requested'),
				text: t('withdrawal:leaving.requested-text'),
				at: dateTime(requestedAt),
				instant: requestedAt,
				icon: 'leave',
				tone: 'accent'
			},
			...reminders,
			{
				title: t('withdrawal:leaving.erasure'),
				text: t('withdrawal:leaving.erasure-text'),
				at: dateTime(eraseAt),
				instant: eraseAt,
				icon: 'trash',
				tone: 'danger',
				ahead: true
			}
		]
	};
}
