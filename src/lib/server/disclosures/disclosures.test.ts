import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import { purposeOf } from '../organisation/lookup.ts';
import * as disclosures from './disclosures.ts';
import { disclosuresContract } from './personal-data.ts';

const portal = portalForTest({ description: 'examples/classting' });
const mail = { partner: 'paper-plane', purpose: 'notices' };
const analytics = { partner: 'google-analytics', purpose: 'analytics' };

let somebody: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	somebody = await alice(portal.as());
	other = await bob(portal.as());
});

const day = (number: number) => new Date(Date.UTC(2026, 0, number, 12));
const record = (person: Person, given: readonly disclosures.NewDisclosure[]) =>
	disclosures.release(portal.as(), person.id, given);
const ids = ({ disclosures }: disclosures.DisclosurePage) => disclosures.map(({ id }) => id);

/** Twelve days: mail on all of them, analytics on every third. */
async function live(person: Person): Promise<void> {
	const days = Array.from({ length: 12 }, (_, index) => day(index + 1));
	await record(
		person,
		days.map((at) => ({ ...mail, fields: ['account.email'], at }))
	);
	await record(
		person,
		days
			.filter((_, index) => index % 3 === 0)
			.map((at) => ({
				...analytics,
				fields: ['visits.ipAddress', 'visits.visitedAt'],
				at,
				reference: 'case 7'
			}))
	);
}

describe('a person reads their ledger', () => {
	test('newest first, page by page and back again, and meets each row once', async () => {
		await live(somebody);
		await live(other);
		const pages: disclosures.DisclosurePage[] = [];
		let before: string | undefined;
		do {
			const page = await disclosures.page(portal.as(), somebody.id, { before, limit: 5 });
			pages.push(page);
			before = page.older;
		} while (before);
		expect(pages.map(({ disclosures }) => disclosures.length)).toEqual([5, 5, 5, 1]);
		const all = pages.flatMap(({ disclosures }) => disclosures);
		expect(all.map(({ at }) => at)).toEqual(
			all
				.map(({ at }) => at)
				.sort()
				.reverse()
		);
		expect(new Set(all.map(({ id }) => id)).size).toBe(16);
		expect(pages[0]?.newer).toBeUndefined();
		const back = await disclosures.page(portal.as(), somebody.id, { after: pages[2]?.newer, limit: 5 });
		expect(ids(back)).toEqual(ids(pages[1] as disclosures.DisclosurePage));
		const first = await disclosures.page(portal.as(), somebody.id, { after: back.newer, limit: 5 });
		expect(ids(first)).toEqual(ids(pages[0] as disclosures.DisclosurePage));
		expect(first.newer).toBeUndefined();
	});

	test('by partner, purpose and span of time', async () => {
		await live(somebody);
		const found = async (filter: Partial<disclosures.Filter>) =>
			(await disclosures.page(portal.as(), somebody.id, { ...filter, limit: 100 })).disclosures;
		expect((await found({ partner: 'google-analytics' })).length).toBe(4);
		expect((await found({ purpose: 'notices' })).length).toBe(12);
		expect((await found({ partner: 'google-analytics', purpose: 'notices' })).length).toBe(0);
		expect(
			(await found({ from: day(3).toISOString(), to: day(5).toISOString() })).map(({ at }) => at.slice(8, 10))
		).toEqual(['04', '04', '03']);
		expect((await found({ partner: 'google-analytics' }))[0]).toMatchObject({
			fields: ['visits.ipAddress', 'visits.visitedAt'],
			country: 'US',
			basis: 'consent',
			recorded: 'afterwards',
			reference: 'case 7'
		});
		expect((await found({ before: 'nonsense', after: "' or 1=1" })).length).toBe(16);
	});

	test('and nobody else can', async () => {
		await live(other);
		expect(await disclosures.page(as(portal.as(), somebody), somebody.id, { limit: 10 })).toEqual({
			disclosures: []
		});
		expect(await disclosures.summary(portal.as(), somebody.id)).toEqual([]);
		expect(await disclosures.flows(portal.as(), somebody.id)).toEqual([]);
		const [row] = (await disclosures.page(portal.as(), other.id, { limit: 1 })).disclosures;
		expect(await disclosures.find(portal.as(), other.id, row?.id as string)).toEqual(row);
		expect(await disclosures.find(portal.as(), somebody.id, row?.id as string)).toBeUndefined();
	});
});

describe('the sums on a page', () => {
	test('are those of the rows, by partner, category and field', async () => {
		await live(somebody);
		expect(await disclosures.summary(portal.as(), somebody.id)).toEqual([
			{ partner: 'paper-plane', disclosures: 12, lastAt: day(12).toISOString() },
			{ partner: 'google-analytics', disclosures: 4, lastAt: day(10).toISOString() }
		]);
		expect(
			(await disclosures.flows(portal.as(), somebody.id))
				.map(({ partner, category, disclosures }) => [category, partner, disclosures])
				.sort()
		).toEqual([
			['account', 'paper-plane', 12],
			['visits', 'google-analytics', 4]
		]);
		const received = await disclosures.received(portal.as(), somebody.id, 'google-analytics');
		expect(received.map(({ field }) => field).sort()).toEqual(['ipAddress', 'visitedAt']);
		expect(received[0]).toMatchObject({
			disclosures: 4,
			firstAt: day(1).toISOString(),
			lastAt: day(10).toISOString()
		});
	});

	test('count what came a second time once, and widen with what came late', async () => {
		await live(somebody);
		await live(somebody);
		await record(somebody, [{ ...mail, fields: ['account.email', 'account.name'], at: day(-300) }]);
		const flow = (await disclosures.flows(portal.as(), somebody.id)).find(
			({ category }) => category === 'account'
		);
		expect(flow).toMatchObject({
			disclosures: 13,
			firstAt: day(-300).toISOString(),
			lastAt: day(12).toISOString()
		});
	});

	test('do not move for what was refused', async () => {
		const [outcome] = (await record(somebody, [
			{ ...mail, fields: ['account.email', 'visits.ipAddress'], at: day(1) }
		])) as disclosures.DisclosureOutcome[];
		expect(outcome).toMatchObject({
			refused: 'disclosure-refused',
			fields: [{ field: 'visits.ipAddress', code: 'field-not-covered' }]
		});
		expect(await disclosures.summary(portal.as(), somebody.id)).toEqual([]);
	});
});

test('the contract counts, gives out, names recipients and destroys, for one person alone', async () => {
	const ctx = portal.as();
	for (const person of [somebody, other]) await live(person);
	expect(await disclosuresContract.recipients?.(ctx, somebody.id)).toEqual([
		'paper-plane',
		'google-analytics'
	]);
	const [part] = await disclosuresContract.collect(ctx, somebody.id, new Set(['portal.sharing']), 'ko');
	const rows = [];
	for await (const some of part?.pages() ?? []) rows.push(...some);
	expect(rows.length).toBe(16);
	expect(part?.expected).toBe(16);
	const names = {
		partnerName: 'Google Analytics',
		purposeLabel: purposeOf(ctx.organisation, 'analytics')?.label['ko']
	};
	expect(rows.find(({ partner }) => partner === 'google-analytics')).toMatchObject(names);
	expect(Object.keys(rows[0] ?? {}).sort()).toEqual(part?.fields.map(({ id }) => id).sort());
	expect(await disclosuresContract.collect(ctx, somebody.id, new Set(['portal.messages']))).toEqual([]);
	while (!(await disclosuresContract.erase(ctx, somebody.id, 5)).done);
	expect(await disclosuresContract.count(ctx, somebody.id)).toEqual([
		{ category: 'portal.sharing', records: 0 }
	]);
	expect(await disclosures.flows(ctx, somebody.id)).toEqual([]);
	expect(await disclosuresContract.count(ctx, other.id)).toEqual([
		{ category: 'portal.sharing', records: 16 }
	]);
	expect((await disclosures.flows(ctx, other.id)).length).toBe(2);
});
