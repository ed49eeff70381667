// Promise: every number of days that the portal shows as law stands here once, with where it is written and since when it counts.
import type { Organisation } from '../../organisation/organisation.ts';
import type { RequestKind } from '../../schema.ts';

export type Regime = Organisation['requests']['regimes'][number];

export interface Span {
	number: number;
	unit: 'months' | 'calendar-days' | 'business-days';
}

export interface LegalRule {
	/** Its sentence stands at `requests:rule.<id>`. */
	id: string;
	/** It counts where the description names this regime. */
	regime: Regime;
	source: string;
	/** What has to be done by then: to answer, or to confirm that the request arrived. */
	stage: 'answer' | 'confirm';
	kinds: readonly RequestKind[];
	appliesTo: {
		countries: readonly string[];
		/** Parts of ISO 3166-2 after the hyphen. */
		regions?: readonly string[];
		/** People below this age alone. */
		below?: number;
	};
	span: Span;
	/** By how much it can be prolonged, once, when the person is told why before the first period ends. */
	extension?: Span;
	/** A last day of rest runs on to the next working day; else it stays the last one. */
	runsOn: boolean;
	/** Whose holidays count: a country, or a country and its region. */
	holidays: 'of-the-person' | readonly [country: string, region: string];
	inForce: { from: string; to?: string };
}

const economicArea =
	'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ');
const california = { countries: ['US'], regions: ['CA'] };
const inCalifornia = { holidays: ['US', 'CA'], runsOn: false } as const;
/** Regulation (EEC, Euratom) No 1182/71 Art. 3(4); for Korea the Civil Act, Art. 161. */
const runningOn = { holidays: 'of-the-person', runsOn: true } as const;

const seeing = ['access', 'copy', 'portability'] as const;
const dataSubjectRights = [...seeing, 'correction', 'erasure', 'restriction', 'objection'] as const;
const oneMonth: Span = { number: 1, unit: 'months' };
const twoMonths: Span = { number: 2, unit: 'months' };
const days = (number: number): Span => ({ number, unit: 'calendar-days' });
const workingDays = (number: number): Span => ({ number, unit: 'business-days' });

/** Where two of them fit a person, the earlier day counts. */
export const rules: readonly LegalRule[] = [
	{
		id: 'gdpr',
		regime: 'gdpr',
		source: 'GDPR Art. 12(3)',
		stage: 'answer',
		kinds: dataSubjectRights,
		appliesTo: { countries: economicArea },
		span: oneMonth,
		extension: twoMonths,
		...runningOn,
		inForce: { from: '2018-05-25' }
	},
	{
		id: 'uk-gdpr',
		regime: 'gdpr',
		source: 'UK GDPR Art. 12(3)',
		stage: 'answer',
		kinds: dataSubjectRights,
		appliesTo: { countries: ['GB'] },
		span: oneMonth,
		extension: twoMonths,
		...runningOn,
		inForce: { from: '2021-01-01' }
	},
	{
		id: 'ccpa-confirm',
		regime: 'ccpa',
		source: '11 CCR § 7021(a)',
		stage: 'confirm',
		kinds: [...seeing, 'correction', 'erasure'],
		appliesTo: california,
		span: workingDays(10),
		...inCalifornia,
		inForce: { from: '2020-08-14' }
	},
	{
		// From receipt: proving who asks does not stop it.
		id: 'ccpa',
		regime: 'ccpa',
		source: '11 CCR § 7021(b)',
		stage: 'answer',
		kinds: [...seeing, 'correction', 'erasure'],
		appliesTo: california,
		span: days(45),
		extension: days(45),
		...inCalifornia,
		inForce: { from: '2020-01-01' }
	},
	{
		id: 'ccpa-opt-out',
		regime: 'ccpa',
		source: '11 CCR §§ 7026(f), 7027(g)',
		stage: 'answer',
		kinds: ['objection', 'restriction'],
		appliesTo: california,
		span: workingDays(15),
		...inCalifornia,
		inForce: { from: '2020-08-14' }
	},
	{
		// 150 days for what comes elsewhere than to the designated address; here every way in counts as that one.
		id: 'california-shine-the-light',
		regime: 'california-shine-the-light',
		source: 'California Civil Code § 1798.83(b)',
		stage: 'answer',
		kinds: ['california-disclosure'],
		appliesTo: california,
		span: days(30),
		...inCalifornia,
		inForce: { from: '2005-01-01' }
	},
	{
		// The law names no end of a postponement: the portal grants as long again, and no more.
		id: 'pipa',
		regime: 'pipa',
		source: 'PIPA Art. 35(3), Decree Art. 41(4)',
		stage: 'answer',
		kinds: seeing,
		appliesTo: { countries: ['KR'] },
		span: days(10),
		extension: days(10),
		...runningOn,
		inForce: { from: '2011-09-30' }
	},
	{
		id: 'pipa-correction',
		regime: 'pipa',
		source: 'PIPA Art. 36(2), Decree Art. 43(3)',
		stage: 'answer',
		kinds: ['correction', 'erasure'],
		appliesTo: { countries: ['KR'] },
		span: days(10),
		...runningOn,
		inForce: { from: '2011-09-30' }
	},
	{
		id: 'pipa-suspension',
		regime: 'pipa',
		source: 'PIPA Art. 37(2), Decree Art. 44(2)',
		stage: 'answer',
		kinds: ['restriction', 'objection'],
		appliesTo: { countries: ['KR'] },
		span: days(10),
		...runningOn,
		inForce: { from: '2011-09-30' }
	},
	{
		id: 'ferpa',
		regime: 'ferpa',
		source: '34 CFR § 99.10(b)',
		stage: 'answer',
		kinds: ['access', 'copy'],
		appliesTo: { countries: ['US'] },
		span: days(45),
		runsOn: false,
		holidays: 'of-the-person',
		inForce: { from: '1988-04-11' }
	},
	{
		// The rule on children gives parents the right and names no number; the number is that of school records.
		id: 'coppa',
		regime: 'coppa',
		source: '16 CFR § 312.6; the days of 34 CFR § 99.10(b)',
		stage: 'answer',
		kinds: [...seeing, 'erasure'],
		appliesTo: { countries: ['US'], below: 13 },
		span: days(45),
		runsOn: false,
		holidays: 'of-the-person',
		inForce: { from: '2013-07-01' }
	}
];
