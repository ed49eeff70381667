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
	/** Systems outside that have not destroyed it yet, in sentences. */
	waiting: string[];
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

export function describeStanding(locals: App.Locals, claimed: Claimed): Standing {
	const { t, date, dateTime, timeZone } = locals.translation;
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
	const way = claimed.waitingFor.length ? 'claim:sources.closing' : 'claim:step.closing-text';
	const closing = closesBy ? t(way, { date: date(closesBy) }) : t('claim:step.closed-text');
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
		waiting: waitingIn(locals, claimed),
		lost: reached('erased') && state !== 'cancelled' && !claimed.issued
	};
}

function waitingIn({ ctx, translation }: App.Locals, { waitingFor }: Claimed): string[] {
	const { t, date, number, list, text } = translation;
	const since = waitingFor.map((one) => one.since).sort()[0];
	if (!since) return [];
	const names = waitingFor.map(
		({ source }) => text(ctx.organisation.sources.find(({ id }) => id === source)?.label) || source
	);
	const count = names.length;
	return [
		t('claim:sources.notice', { count, number: number(count), systems: list(names) }),
		t('claim:sources.since', { date: date(since) })
	];
}
