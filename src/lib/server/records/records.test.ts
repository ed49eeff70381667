import { describe, expect, test } from 'vitest';
import { alice, as, bob, charlie } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { workOnce } from '../platform/work/work.ts';
import { recordsContract } from './personal-data.ts';
import * as records from './records.ts';
import type { NewRecord } from './records.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

const loan = (id: string, at: string, title = 'A book'): NewRecord => ({
	category: 'loans',
	id,
	at,
	fields: { title }
});

async function pageOf(
	ctx: Context,
	person: { id: string; role: string },
	place: { before?: string | undefined; after?: string | undefined } = {},
	limit = 2
) {
	const page = await records.page(ctx, person, 'loans', { ...place, limit });
	if ('refused' in page) throw new Error(page.refused);
	return { ids: page.records.map(({ id }) => id), older: page.older, newer: page.newer };
}

describe('records of a person', () => {
	test('are counted, replaced by their id, and the same again changes nothing', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const two = [loan('1', '2026-10-01'), loan('2', '2026-10-02')];
		expect(await records.put(ctx, person.id, two)).toEqual({ added: 2, replaced: 0, problems: [] });
		expect(await records.put(ctx, person.id, two)).toEqual({ added: 0, replaced: 2, problems: [] });
		await records.put(ctx, person.id, [loan('2', '2026-10-03', 'Another')]);
		expect(Object.fromEntries(await records.counts(ctx, person.id))).toEqual({ loans: 2 });
		const page = await records.page(ctx, person, 'loans', { limit: 1 });
		expect(page).toMatchObject({
			records: [{ id: '2', at: '2026-10-03T00:00:00.000Z', fields: { title: 'Another' }, origin: 'desk' }]
		});
	});

	test('are walked page by page in both directions, even at one instant', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		await records.put(
			ctx,
			person.id,
			['a', 'b', 'c', 'd', 'e'].map((id) => loan(id, '2026-10-01T10:00:00Z'))
		);
		const first = await pageOf(ctx, person);
		expect(first).toMatchObject({ ids: ['e', 'd'], newer: undefined });
		const second = await pageOf(ctx, person, { before: first.older });
		expect(second.ids).toEqual(['c', 'b']);
		const third = await pageOf(ctx, person, { before: second.older });
		expect(third).toMatchObject({ ids: ['a'], older: undefined });
		expect((await pageOf(ctx, person, { after: third.newer })).ids).toEqual(['c', 'b']);
		expect(await pageOf(ctx, person, { after: second.newer })).toMatchObject({
			ids: ['e', 'd'],
			newer: undefined
		});
	});

	test('that do not fit the description stay out, each told by its place, and the others go in', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const outcome = await records.put(ctx, person.id, [
			loan('ok', '2026-10-01'),
			{ ...loan('x', '2026-10-01'), category: 'card' },
			{ ...loan('x', '2026-10-01'), fields: { colour: 'red' } },
			loan('a b', '2026-10-01'),
			loan('x', 'yesterday'),
			loan('x', '2026-10-01', 'nul\0'),
			loan('x', '2026-10-01', '\u202egnp.exe'),
			{ ...loan('x', '2026-10-01'), fields: { dueOn: '2026-02-30' } },
			{ ...loan('x', '2026-10-01'), origin: 'elsewhere' },
			loan('long', '2026-10-01', 'x'.repeat(1_000_000))
		]);
		expect(outcome).toMatchObject({ added: 1 });
		expect('problems' in outcome && outcome.problems.map(({ index, code }) => `${index} ${code}`)).toEqual([
			'1 category-unknown',
			'2 field-unknown',
			'3 not-id',
			'4 not-date',
			'5 nul',
			'6 direction-marks',
			'7 not-date',
			'8 origin-unknown',
			'9 too-long'
		]);
	});

	test('are for nobody else: neither another person nor another role reads them', async () => {
		const ctx = portal.as();
		const [one, other] = [await alice(ctx), await bob(ctx)];
		const librarian = await charlie(ctx, { role: 'librarian' });
		await records.put(ctx, one.id, [loan('1', '2026-10-01')]);
		expect(await records.page(ctx, other, 'loans', { limit: 10 })).toEqual({ records: [] });
		expect(await records.page(ctx, librarian, 'loans', { limit: 10 })).toEqual({
			refused: 'category-unknown'
		});
		expect(await records.put(ctx, librarian.id, [loan('1', '2026-10-01')])).toMatchObject({
			added: 0,
			problems: [{ code: 'category-unknown' }]
		});
		expect(await records.put(ctx, 'nobody', [loan('1', '2026-10-01')])).toEqual({
			refused: 'person-unknown'
		});
	});

	test('lie sealed in the database', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		await records.put(ctx, person.id, [loan('1', '2026-10-01', 'needle-in-the-haystack')]);
		const rows = await ctx.db.selectFrom('record').selectAll().where('personId', '=', person.id).execute();
		expect(rows.map(({ sealed }) => sealed.toString('latin1')).join()).not.toContain('needle');
	});

	test('put by two at once are counted once', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const some = Array.from({ length: 120 }, (_, index) => loan(`${index}`, '2026-10-01'));
		await Promise.all([records.put(ctx, person.id, some), records.put(ctx, person.id, some)]);
		expect((await records.counts(ctx, person.id)).get('loans')).toBe(120);
	});

	test('a cursor that somebody made up shows the first page', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		await records.put(ctx, person.id, [loan('1', '2026-10-01')]);
		for (const before of ["' or 1=1", '\0', '2026-10-01/', 'x'.repeat(10_000)])
			expect((await pageOf(ctx, person, { before })).ids).toEqual(['1']);
	});
});

describe('when their time is over', () => {
	test('a record is destroyed on the day described, not before, and the person can read it', async () => {
		const ctx = as(portal.as(), await alice(portal.as()));
		const person = await alice(ctx);
		await records.put(ctx, person.id, [loan('old', '2025-12-01T08:00:00Z'), loan('young', '2026-06-01')]);
		const work = async () => workOnce({ ...portal.as(), work: [(await import('./expiry.ts')).recordExpiry] });
		portal.clock.move('2026-12-01T07:59:00.000Z');
		await work();
		expect((await pageOf(ctx, person)).ids).toEqual(['young', 'old']);
		portal.clock.move('2026-12-01T08:00:00.000Z');
		await work();
		expect((await pageOf(ctx, person)).ids).toEqual(['young']);
		expect((await records.counts(ctx, person.id)).get('loans')).toBe(1);
		expect((await audit.page(ctx, person.id, undefined, 5))[0]).toMatchObject({
			kind: 'records-expired',
			actor: 'portal',
			details: { category: 'loans', count: 1 }
		});
		expect(await work()).toBe(0);
		portal.clock.move('2026-11-22T09:00:00.000Z');
	});
});

describe('for export and erasure', () => {
	test('every record is handed out in pages, and destroyed in batches without touching anybody else', async () => {
		const ctx = portal.as();
		const [one, other] = [await alice(ctx), await bob(ctx)];
		const many = Array.from({ length: 1_203 }, (_, index) => loan(`r${index}`, '2026-10-01'));
		for (const person of [one, other]) await records.put(ctx, person.id, many);

		const [part] = await recordsContract.collect(ctx, one.id);
		expect(part).toMatchObject({ path: 'data/loans', expected: 1_203, shape: 'table' });
		const ids = new Set<unknown>();
		for await (const rows of part?.pages() ?? []) {
			expect(rows.length).toBeLessThanOrEqual(1_000);
			for (const row of rows) ids.add(row['id']);
		}
		expect(ids.size).toBe(1_203);

		let rounds = 0;
		while (!(await recordsContract.erase(ctx, one.id, 500)).done) rounds++;
		expect(rounds).toBe(3);
		expect(await recordsContract.count(ctx, one.id)).toEqual([]);
		expect(await recordsContract.count(ctx, other.id)).toEqual([{ category: 'loans', records: 1_203 }]);
	});
});

test('nothing comes in any more for somebody whose erasure has begun', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx), await bob(ctx)];
	await ctx.db.updateTable('person').set({ state: 'erasing' }).where('personId', '=', person.id).execute();
	expect(await records.put(ctx, person.id, [loan('1', '2026-10-01')])).toEqual({ refused: 'person-leaving' });
	expect(await records.put(ctx, other.id, [loan('1', '2026-10-01')])).toMatchObject({ added: 1 });
	expect((await records.counts(ctx, person.id)).size).toBe(0);
});
