// What the canary found in the systems outside, and what erasures and pauses still wait for there, in words.
import * as canary from '$lib/server/canary/canary';
import * as restrictions from '$lib/server/restrictions/restrictions';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import { staffOf } from '../../../staff-cookie';

const shown = 20;

/** Steps of one source that came out alike. */
interface Found {
	outcome: canary.Outcome['outcome'];
	steps: string[];
	/** In words where there are some, else as it is. */
	because: { text: string } | { code: string } | undefined;
}

export interface Beside {
	/** Undefined where no walk was ever due. */
	walk: { summary: string; isAlarming: boolean; sources: { label: string; found: Found[] }[] } | undefined;
	waiting: { source: string; what: string; since: string; why: string }[];
}

const labelIn = ({ ctx, translation }: App.Locals, id: string): string =>
	translation.text(ctx.organisation.sources.find((source) => source.id === id)?.label) || id;

function foundIn({ translation: { t, has } }: App.Locals, outcomes: readonly canary.Outcome[]): Found[] {
	const alike = Map.groupBy(outcomes, ({ outcome, because = '' }) => `${outcome} ${because}`);
	return [...alike.values()].map((some) => {
		const [{ outcome, because: code }] = some as [canary.Outcome];
		const known = `staff:sources.failure.${code}`;
		const because = code === undefined ? undefined : has(known) ? { text: t(known) } : { code };
		return { outcome, because, steps: some.map(({ step }) => t(`staff:canary.step.${step}`)) };
	});
}

async function walkIn(locals: App.Locals): Promise<Beside['walk']> {
	const { ctx, translation } = locals;
	const { t, dateTime, number } = translation;
	const last = await canary.lastWalk(ctx, staffOf(locals).member);
	if (!last || 'refused' in last) return undefined;
	const gaps = canary.gapsIn(last.outcomes).length;
	const when = last.ranAt ? t('staff:canary.ran', { date: dateTime(last.ranAt) }) : t('staff:canary.never');
	const found = t('staff:canary.gaps', { count: gaps, number: number(gaps) });
	const missing = last.isMissing ? t('staff:canary.missing') : '';
	return {
		summary: [when, ...(last.ranAt ? [found] : []), missing].filter(Boolean).join(' '),
		isAlarming: gaps > 0 || last.isMissing,
		sources: [...Map.groupBy(last.outcomes, ({ source }) => source)].map(([source, outcomes]) => ({
			label: labelIn(locals, source),
			found: foundIn(locals, outcomes)
		}))
	};
}

async function waitingIn(locals: App.Locals): Promise<Beside['waiting']> {
	const { ctx, translation } = locals;
	const { t, dateTime, number } = translation;
	const { oldest } = await withdrawal.waitingOutside(ctx, shown);
	const erasures = oldest.map(({ case: id, source, since, because }) => ({
		source: labelIn(locals, source),
		what: t('staff:canary.erasure', { case: id }),
		since: dateTime(since),
		why: because ?? t('staff:canary.untried')
	}));
	const pauses = (await restrictions.standings(ctx)).map(({ source, state, people, since }) => ({
		source: labelIn(locals, source),
		what: t('staff:canary.pauses', { count: people, number: number(people) }),
		since: dateTime(since),
		why: t(`staff:canary.pause.${state}`)
	}));
	return [...erasures, ...pauses];
}

export const describeBeside = async (locals: App.Locals): Promise<Beside> => ({
	walk: await walkIn(locals),
	waiting: await waitingIn(locals)
});
