// What a person must not overlook, on every page: that they are leaving, that their data rests, that the policy changes, that
// their browser asks for something else than they did.
import * as incidents from '$lib/server/incidents/incidents';
import * as policies from '$lib/server/policies/policies';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';

export interface Banner {
	tone: 'info' | 'warning' | 'danger';
	text: string;
	link: { href: string; label: string };
}

async function leaving({ ctx, person, translation: { t, date } }: App.Locals): Promise<Banner[]> {
	if (person.state !== 'leaving') return [];
	const running = await withdrawal.running(ctx, person.id);
	if (!running) return [];
	const text = t('common:banner.leaving', { date: date(running.eraseAt) });
	return [{ tone: 'danger', text, link: { href: '/withdrawal', label: t('common:banner.leaving-link') } }];
}

async function incident({ ctx, person, translation: { t } }: App.Locals): Promise<Banner[]> {
	const unread = await incidents.unread(ctx, person.id);
	if (!unread) return [];
	const text = t(unread === 'drill' ? 'incidents:banner.drill' : 'incidents:banner.text');
	return [{ tone: 'danger', text, link: { href: '/incidents', label: t('incidents:banner.link') } }];
}

async function policy({ ctx, person, translation: { t, date } }: App.Locals): Promise<Banner[]> {
	const notice = await policies.notice(ctx, person);
	if (!notice) return [];
	const text = t(`policy:banner.${notice.state}`, { date: date(notice.policy.effective) });
	return [
		{ tone: 'info', text, link: { href: `/policy/${notice.policy.version}`, label: t('policy:banner.read') } }
	];
}

function standing({ person, translation: { t } }: App.Locals): Banner[] {
	const found: Banner[] = [];
	if (person.pausedAt)
		found.push({
			tone: 'warning',
			text: t('common:banner.paused'),
			link: { href: '/withdrawal', label: t('common:banner.paused-link') }
		});
	if (person.state === 'awaiting-consent')
		found.push({
			tone: 'warning',
			text: t('common:banner.awaiting-consent'),
			link: { href: '/family', label: t('common:navigation.family') }
		});
	return found;
}

function signal({ conflicts, translation: { t } }: App.Locals): Banner[] {
	if (!conflicts.length) return [];
	const link = { href: '/cookies#signal', label: t('cookies:banner.link') };
	return [{ tone: 'info', text: t('cookies:banner.text'), link }];
}

export const banners = async (locals: App.Locals): Promise<Banner[]> => [
	...(await incident(locals)),
	...(await leaving(locals)),
	...standing(locals),
	...signal(locals),
	...(await policy(locals))
];
