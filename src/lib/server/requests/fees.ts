// Promise: nobody under the law of Europe or California is ever asked for a fee; anybody else reads it before they ask.
import type { Context } from '../context.ts';
import type { Organisation } from '../organisation/organisation.ts';
import type { RequestKind } from '../schema.ts';
import { rules } from './clock/rules.ts';

export type Fee = Organisation['requests']['fees'][number];

/** GDPR Art. 12(5); California Civil Code §§ 1798.130(a)(2), 1798.83(b): free, whatever a description says. */
const free: ReadonlySet<string> = new Set(['gdpr', 'ccpa', 'california-shine-the-light']);

/** Where somebody lives decides, not which laws the description names. */
const isFree = ({ country, region }: { country: string; region: string | null }): boolean =>
	rules.some(
		({ regime, appliesTo }) =>
			free.has(regime) &&
			appliesTo.countries.includes(country) &&
			(!appliesTo.regions || appliesTo.regions.includes(region?.replace(/^[A-Z]{2}-/, '') ?? ''))
	);

/** What a request of that kind costs the person; undefined for nothing, which it is unless the description says more. */
export const feeFor = (
	{ organisation }: Pick<Context, 'organisation'>,
	person: { country: string; region: string | null },
	kind: RequestKind
): Fee | undefined =>
	isFree(person)
		? undefined
		: organisation.requests.fees.find(
				({ kinds, countries }) => kinds.includes(kind as never) && countries.includes(person.country)
			);
