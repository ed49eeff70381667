// Promise: every right that a person can exercise has a name here, and with it the page that grants it at once, where there is one.
import type { Context } from '../context.ts';
import type { RequestKind, RequestTable } from '../schema.ts';

export type Kind = RequestKind;

export const kinds: readonly Kind[] = [
	'access',
	'copy',
	'portability',
	'correction',
	'erasure',
	'restriction',
	'objection',
	'california-disclosure',
	'question',
	'complaint',
	'appeal'
];

/** What an access can ask for (PIPA Art. 35(1), Decree Art. 41(1)); `requests:ask.<code>` says it. */
export const asks = ['items', 'purpose', 'retention', 'third-parties', 'consent'] as const;
export type Ask = (typeof asks)[number];

export const channels = ['phone', 'letter', 'mail', 'counter'] as const;
export type Channel = RequestTable['channel'];

/** What is said in words alone: nothing can be answered without them. */
const needsWords: ReadonlySet<Kind> = new Set(['correction', 'question', 'complaint', 'appeal']);

export const mustSay = (kind: Kind): boolean => needsWords.has(kind);

/** Rights whose whole answer is what the person takes away. */
export const answeredByExport: readonly Kind[] = ['access', 'copy', 'portability'];

const inCalifornia = ({ country, region }: { country: string; region: string | null }): boolean =>
	country === 'US' && (region === 'CA' || region === 'US-CA');

/** What the person can ask for here: an appeal needs a decision, and the Californian disclosure somebody in California. */
export function kindsFor(
	{ organisation }: Pick<Context, 'organisation'>,
	person: { country: string; region: string | null }
): Kind[] {
	const shineTheLight =
		inCalifornia(person) && organisation.requests.regimes.includes('california-shine-the-light');
	return kinds.filter((kind) => kind !== 'appeal' && (kind !== 'california-disclosure' || shineTheLight));
}
