// Promise: a request falls due by the shortest rule that applies to the person, and the rule is named.
import type { Context } from '../context.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { after, afterDuration } from '../platform/clock.ts';

type Regime = Organisation['requests']['regimes'][number];

/** Why a request is due when it is: a law of the description, or the organisation's own word. */
export type Rule = Regime | 'own-word';

const europe = new Set(
	'AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ')
);

interface Clock {
	appliesTo(person: { country: string; region: string | null }): boolean;
	end(opened: Date): Date;
}

const california = ({ country, region }: { country: string; region: string | null }) =>
	country === 'US' && (region === 'CA' || region === 'US-CA');

/**
 * GDPR Art. 12(3); CCPA 11 CCR § 7021; California Civil Code § 1798.83; PIPA Decree Art. 41, 43, 44; FERPA 34 CFR § 99.10.
 * COPPA names no number of days; a school's clock is the nearest. Periods that end on a day of rest would run on to the
 * next working day; the earlier day is promised here.
 */
const clocks: Readonly<Record<Regime, Clock>> = {
	gdpr: { appliesTo: ({ country }) => europe.has(country), end: (opened) => afterDuration(opened, 'P1M') },
	ccpa: { appliesTo: california, end: (opened) => after(opened, 45, 'days') },
	'california-shine-the-light': { appliesTo: california, end: (opened) => after(opened, 30, 'days') },
	pipa: { appliesTo: ({ country }) => country === 'KR', end: (opened) => after(opened, 10, 'days') },
	coppa: { appliesTo: ({ country }) => country === 'US', end: (opened) => after(opened, 45, 'days') },
	ferpa: { appliesTo: ({ country }) => country === 'US', end: (opened) => after(opened, 45, 'days') }
};

/** The instant at which an answer is due, and by which rule. Where a law and the organisation's word name the same instant, the law is named. */
export function dueFor(
	{ organisation }: Context,
	person: { country: string; region: string | null },
	opened: Date
): { dueAt: Date; rule: Rule } {
	const { answerDays, regimes } = organisation.requests;
	const own: { dueAt: Date; rule: Rule } = { dueAt: after(opened, answerDays, 'days'), rule: 'own-word' };
	return regimes
		.filter((regime) => clocks[regime].appliesTo(person))
		.map((regime) => ({ dueAt: clocks[regime].end(opened), rule: regime as Rule }))
		.reduce((shortest, next) => (next.dueAt <= shortest.dueAt ? next : shortest), own);
}
