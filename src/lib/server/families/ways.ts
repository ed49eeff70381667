// Which ways of agreeing the description offers, and to whom.
import type { Organisation } from '../organisation/organisation.ts';

export type Way = NonNullable<Organisation['minors']>['ways'][number];

/** A school has the ways of schools, a guardian the others. */
export const waysFor = ({ minors }: Organisation, capacity: 'guardian' | 'school'): readonly Way[] =>
	minors?.consentBy.includes(capacity)
		? minors.ways.filter(({ proof }) => (proof === 'school') === (capacity === 'school'))
		: [];
