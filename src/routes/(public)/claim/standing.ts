// How an erasure stands, as the steps that were taken and those that are ahead.
import type { Claimed } from '$lib/server/withdrawal/withdrawal';
import type { TimelineItem } from '$lib/ui/timeline';

export interface Standing {
	state: Claimed['state'];
	title: string;
	lead: string;
	steps: TimelineItem[];
	/** In which the steps are dated. */
	zone: string;
	/** Erased, and yet no certificate: the portal came back from a backup that is older than the erasure. */
	lost: boolean;
}

type Step = 'asked' | 'grace' | 'cancelled' | 'erasing' | 'erased' | 'closed';

const looks: Record<Step, Pick<TimelineItem, 'icon' | 'tone'>> = {
	asked: { icon: 'leave', tone: 'accent' },
	grace: { icon: 'clock', tone: 'accent' },
	cancelled: { icon: 'undo', tone: 'success' },
	erasing: { icon: 'lock', tone: 'accent' },
	erased: { icon: 'trash', tone: 'success' },
	closed: { icon: 'check', tone: 'success' }
};

const order: readonly Claimed['state'][] = ['grace', 'erasing', 'erased', 'closed'];

export function describeStanding(
	{ translation: { t, date, dateTime, timeZone } }: App.Locals,
	claimed: Claimed
): Standing {
	const { state, requestedAt, eraseAt, lockedAt, erasedAt, closesBy } = claimed;
	const reached = (wanted: Claimed['state']) => order.indexOf(state) >= order.indexOf(wanted);
	const step = (name: Step, at: string | null, ahead: boolean): TimelineItem => ({
		title: t(`claim:step.${name}`),
		text: t(`claim:step.${name}-text`),
		...(at && { at: dateTime(at), instant: at }),
		...looks[name],
		...(ahead && { ahead, tone: 'neutral' as const })
	});
	const asked = step('asked', requestedAt, false);
	const closing = closesBy
		? t('claim:step.closing-text', { date: date(closesBy) })
		: t('claim:step.closed-text');
	const steps =
		state === 'cancelled'
			? [asked, step('cancelled', null, false)]
			: [
					asked,
					step('grace', eraseAt, state === 'grace'),
					step('erasing', lockedAt, !reached('erasing')),
					step('erased', erasedAt, !reached('erased')),
					{
						...step('closed', null, !reached('closed')),
						...(state === 'erased' && { text: closing })
					}
				];
	return {
		state,
		title: t(`claim:state.${state}`, { date: date(eraseAt) }),
		lead: t(`claim:state-lead.${state}`),
		steps,
		zone: t('claim:certificate.zone', { timeZone }),
		lost: reached('erased') && state !== 'cancelled' && !claimed.issued
	};
}
