// Promise: whoever is affected is told what the law of their country wants them to be told.
import type { Context } from '../context.ts';

/**
 * `gdpr`: Art. 33 and 34. `pipa`: the Korean Art. 34 as in force since 2026-09-11. `us`: state law, after California's
 * Civil Code 1798.82.
 */
export const regimes = ['gdpr', 'pipa', 'us'] as const;
export type Regime = (typeof regimes)[number];

/** The Union, the European Economic Area and the United Kingdom. */
const european = new Set(
	'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO GB'.split(' ')
);

/** Undefined for a country with none of these laws. */
export const byCountry = (country: string): Regime | undefined =>
	european.has(country) ? 'gdpr' : country === 'KR' ? 'pipa' : country === 'US' ? 'us' : undefined;

/** By the person's country, else by the organisation's, else what asks for most. */
export const regimeOf = ({ organisation }: Context, country: string): Regime =>
	byCountry(country) ?? byCountry(organisation.organisation.country) ?? 'gdpr';

/** What a notice to a person holds, in the order in which the law names it. */
export const sections = {
	/** GDPR Art. 34(2) with 33(3)(b) to (d), and where to complain. */
	gdpr: ['what', 'when', 'data', 'consequences', 'measures', 'advice', 'contact', 'complaint'],
	/** PIPA Art. 34(1): items, when and how, how to limit the harm, what is done, who helps; and the remedies. */
	pipa: ['data', 'when', 'what', 'consequences', 'advice', 'measures', 'remedies', 'contact'],
	/** Cal. Civ. Code 1798.82(d)(1): the five headings, under "Notice of data breach". */
	us: ['what', 'when', 'data', 'measures', 'advice', 'contact']
} as const satisfies Record<Regime, readonly string[]>;

export type Section = (typeof sections)[Regime][number];
