// Promise: evidence is worked out, not written; it counts many and says nothing of anybody.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as controls from '../controls/controls.ts';
import type { EvidenceCode } from '../organisation/evidence.ts';
import { isEnding } from '../platform/work/ending.ts';
import {
	correctionSpans,
	countUpTo,
	erasureSpans,
	exportSpans,
	most,
	requestSpans,
	selectDrills,
	selectStaffPasswords,
	sumTold,
	waitingSince
} from './queries.ts';

/** Fewer are not told as a number: nobody is to be singled out by it. */
export const fewest = 5;

/** How many; `few` are one to four, `many` more than ten thousand. */
export type Amount = number | 'none' | 'few' | 'many';

/** One thing that can be seen; its name is a text of the catalogues. */
export type Fact = { name: string } & (
	{ count: Amount } | { days: number } | { seconds: number } | { at: string } | { missing: true }
);

export const amountOf = (count: number): Amount =>
	count === 0 ? 'none' : count < fewest ? 'few' : count > most ? 'many' : count;

const counted = (name: string, count: number): Fact => ({ name, count: amountOf(count) });
/** What the description lists is no secret of anybody. */
const listed = (name: string, count: number): Fact => ({ name, count });

const dayMilliseconds = 86_400_000;

function median(values: readonly number[]): number | undefined {
	if (values.length < fewest) return undefined;
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const [upper, lower] = [sorted[middle] ?? 0, sorted[middle - 1] ?? 0];
	return sorted.length % 2 ? upper : (upper + lower) / 2;
}

const lengths = (spans: readonly { from: string; to: string }[]): number[] =>
	spans.map(({ from, to }) => Math.max(0, Date.parse(to) - Date.parse(from)));

function medianDays(spans: readonly { from: string; to: string }[]): Fact[] {
	const found = median(lengths(spans));
	return found === undefined ? [] : [{ name: 'median', days: Math.ceil(found / dayMilliseconds) }];
}

/** How many wait, and since when the oldest, where that is nobody in particular. */
function waiting(ctx: Context, since: readonly string[]): Fact[] {
	const oldest = since[0];
	const facts = [counted('waiting', since.length)];
	if (!oldest || since.length < fewest) return facts;
	const days = Math.floor((ctx.clock.now().getTime() - Date.parse(oldest)) / dayMilliseconds);
	return [...facts, { name: 'oldest', days }];
}

async function requests(ctx: Context, kinds?: readonly string[]): Promise<Fact[]> {
	const spans = await requestSpans(ctx, kinds);
	return [
		counted('answered', kinds ? spans.length : await countUpTo(ctx, 'request', answered)),
		...medianDays(spans),
		...waiting(ctx, await waitingSince(ctx, 'request', kinds))
	];
}

const answered = { column: 'state', is: ['answered', 'closed'] };

async function exported(ctx: Context): Promise<Fact[]> {
	const spans = await exportSpans(ctx);
	const found = median(lengths(spans));
	const seconds = found === undefined ? [] : [{ name: 'median', seconds: Math.ceil(found / 1_000) }];
	return [counted('made', spans.length), ...seconds];
}

/** What has outlived its time and is still there: nothing, while the portal works. */
async function overdue(ctx: Context): Promise<Fact[]> {
	const over = await Promise.all(ctx.work.filter(isEnding).map((ending) => ending.over(ctx)));
	const rows = over.flat().reduce((sum, rule) => sum + rule.rows, 0);
	return [listed('rules', ctx.organisation.retention.length), counted('overdue', rows)];
}

async function drills(ctx: Context): Promise<Fact[]> {
	const found = await selectDrills(ctx);
	const last = found[0]?.recordedAt;
	return [
		listed('drills', found.length),
		last ? { name: 'last-drill', at: last } : { name: 'last-drill', missing: true }
	];
}

async function staff(ctx: Context): Promise<Fact[]> {
	const passwords = await selectStaffPasswords(ctx);
	const oldest = passwords[0]?.passwordAt;
	const days = oldest && Math.floor((ctx.clock.now().getTime() - Date.parse(oldest)) / dayMilliseconds);
	return [
		counted('members', passwords.length),
		...(days === undefined || days === '' ? [] : [{ name: 'oldest-password', days }])
	];
}

async function controlled(ctx: Context, by?: string): Promise<Fact[]> {
	const standings = (await controls.standings(ctx)).filter(({ control }) => !by || control.by.endsWith(by));
	const last = standings
		.flatMap(({ doneOn }) => doneOn ?? [])
		.sort()
		.at(-1);
	const done: Fact = last ? { name: 'last-done', at: last } : { name: 'last-done', missing: true };
	const late = standings.filter(({ isOverdue }) => isOverdue).length;
	return [listed('controls', standings.length), done, listed('late', late)];
}

async function activity(ctx: Context): Promise<Fact[]> {
	const head = await audit.newestHead(ctx);
	return head ? [counted('events', head.size), { name: 'signed', at: head.at }] : [counted('events', 0)];
}

type Evidence = (ctx: Context) => Fact[] | Promise<Fact[]>;

/** Every code of organisation/evidence.ts, and how it is worked out. */
export const evidence: Readonly<Record<EvidenceCode, Evidence>> = {
	described: ({ organisation: { categories, purposes } }) => [
		listed('categories', categories.length),
		listed(
			'fields',
			categories.reduce((sum, { fields }) => sum + fields.length, 0)
		),
		listed('purposes', purposes.length)
	],
	recipients: ({ organisation: { partners } }) => [
		listed('recipients', partners.length),
		listed('by-consent', partners.filter(({ consent }) => consent).length),
		listed('countries', new Set(partners.map(({ country }) => country)).size)
	],
	cookies: ({ organisation: { cookies } }) => [
		listed('cookies', cookies.length),
		listed('necessary', cookies.filter(({ necessary }) => necessary).length)
	],
	requests: (ctx) => requests(ctx),
	complaints: (ctx) => requests(ctx, ['complaint', 'appeal']),
	corrections: async (ctx) => {
		const spans = await correctionSpans(ctx);
		return [
			counted('decided', spans.length),
			...medianDays(spans),
			...waiting(ctx, await waitingSince(ctx, 'correction'))
		];
	},
	disclosures: async (ctx) => [counted('passed-on', await countUpTo(ctx, 'disclosure'))],
	consents: async (ctx) => [
		counted('agreed', await countUpTo(ctx, 'consent', { column: 'decision', is: ['granted'] })),
		counted('taken-back', await countUpTo(ctx, 'consent', { column: 'decision', is: ['withdrawn'] }))
	],
	'family-consents': async (ctx) => [
		counted('agreed', await countUpTo(ctx, 'familyConsent', { column: 'decision', is: ['granted'] })),
		counted('taken-back', await countUpTo(ctx, 'familyConsent', { column: 'decision', is: ['withdrawn'] })),
		counted('late', await countUpTo(ctx, 'evidenceRequest', { column: 'state', is: ['overdue'] }))
	],
	'child-reports': async (ctx) => [
		counted('decided', await countUpTo(ctx, 'childReport', { column: 'state', is: ['closed'] })),
		counted('waiting', await countUpTo(ctx, 'childReport', { column: 'state', is: ['open'] }))
	],
	'opt-outs': async (ctx) => [
		counted('opt-outs', await countUpTo(ctx, 'preferenceChange', { column: 'allowed', is: [0] }))
	],
	exports: exported,
	erasures: async (ctx) => {
		const spans = await erasureSpans(ctx);
		return [counted('erased', spans.length), ...medianDays(spans)];
	},
	retention: overdue,
	policies: async (ctx) => [
		listed('versions', ctx.organisation.policies.versions.length),
		counted('told', await sumTold(ctx))
	],
	drills,
	staff,
	controls: (ctx) => controlled(ctx),
	backups: (ctx) => controlled(ctx, 'backup'),
	sealed: async (ctx) => [counted('own-keys', await ctx.keys.births.count(most + 1))],
	activity
};
