import { beforeAll, describe, expect, test } from 'vitest';
import { somebody } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/people.ts';
import type { Context } from '../context.ts';
import { after, afterDuration, beforeDuration, dayOf, instant } from '../platform/clock.ts';
import { recordExpiry } from './expiry.ts';
import * as records from './records.ts';
import { keptUntil, rulesOf } from './rules.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const start = new Date('2026-11-22T09:00:00.000Z');

let ctx: Context;
beforeAll(() => {
	ctx = portal.as();
});

/** The portal as it opens with loans kept for so long; undefined until the person leaves. */
const keeping = (duration: string | undefined, notice = 14): Context => ({
	...ctx,
	organisation: {
		...ctx.organisation,
		policies: { ...ctx.organisation.policies, noticeDays: { ordinary: 7, significant: notice } },
		retention: ctx.organisation.retention.map(({ for: before, ...rule }) => ({
			...rule,
			...(rule.id !== 'loans' ? before && { for: before } : duration && { for: duration })
		}))
	}
});

const loan = (id: string, at: Date) => ({
	category: 'loans',
	id,
	at: instant(at),
	fields: { title: 'Don Quijote', dueOn: '2026-12-01' }
});

async function borrower(...loans: [string, Date][]): Promise<Person> {
	const person = await somebody(ctx);
	expect(
		await records.put(
			ctx,
			person.id,
			loans.map(([id, at]) => loan(id, at))
		)
	).toMatchObject({
		added: loans.length
	});
	return person;
}

const heldBy = async (person: Person): Promise<number> =>
	(await records.counts(ctx, person.id)).get('loans') ?? 0;

const untilOf = async (ctx: Context, at: Date) =>
	(await records.keptUntilOf(ctx, 'loans', [{ at: instant(at) }]))[0];

/** Moves the clock to an instant and destroys what is over. */
async function arrive(ctx: Context, at: Date | string): Promise<void> {
	portal.clock.move(at);
	while ((await recordExpiry.run(ctx)) > 0);
}

async function beginAnew(): Promise<void> {
	portal.clock.move(start);
	await ctx.db.deleteFrom('retentionRule').execute();
}

describe('the day that a person reads', () => {
	test('is the day on which the record goes: not a second earlier', async () => {
		await beginAnew();
		const opened = keeping('P3M');
		for (const at of ['2026-08-31T23:00:00.000Z', '2026-11-30T00:00:00.000Z', '2026-11-22T08:59:59.999Z']) {
			const person = await borrower(['one', new Date(at)]);
			const until = (await untilOf(opened, new Date(at))) as string;
			await arrive(opened, after(new Date(until), -1, 'seconds'));
			expect(await heldBy(person), at).toBe(1);
			await arrive(opened, until);
			expect(await heldBy(person), `${at} until ${until}`).toBe(0);
			portal.clock.move(start);
		}
	});

	test('fits the other way round of counting on every day of four years', () => {
		for (const duration of ['P30D', 'P1M', 'P3M', 'P6M', 'P14M', 'P1Y', 'P5Y', 'P2W'])
			for (let day = 0; day < 1461; day++) {
				const at = after(new Date('2024-01-01T12:34:56.789Z'), day, 'days');
				const until = afterDuration(at, duration);
				expect(beforeDuration(until, duration) >= at, `${duration} ${dayOf(at)}`).toBe(true);
				expect(beforeDuration(after(until, -1, 'days'), duration) < at, `${duration} ${dayOf(at)}`).toBe(
					true
				);
			}
	});

	test('is none for what is kept until they leave', async () => {
		await beginAnew();
		expect(await untilOf(keeping(undefined), start)).toBeUndefined();
	});
});

describe('a rule that becomes shorter', () => {
	test('takes nothing before its notice is over, and says so from its first day', async () => {
		await beginAnew();
		await rulesOf(keeping('P1Y'));
		const person = await borrower(
			['old', after(start, -200, 'days')],
			['older', after(start, -360, 'days')],
			['new', after(start, -1, 'days')]
		);
		const shorter = keeping('P30D');
		expect(await untilOf(shorter, after(start, -200, 'days'))).toBe(instant(after(start, 14, 'days')));
		expect(await untilOf(shorter, after(start, -1, 'days'))).toBe(instant(after(start, 29, 'days')));
		await arrive(shorter, start);
		expect(await heldBy(person)).toBe(3);
		// What the former rule would have taken in these days goes when it would have.
		await arrive(shorter, after(start, 6, 'days'));
		expect(await heldBy(person)).toBe(2);
		await arrive(shorter, after(start, 13, 'days'));
		expect(await heldBy(person)).toBe(2);
		await arrive(shorter, after(start, 14, 'days'));
		expect(await heldBy(person)).toBe(1);
		await arrive(shorter, after(start, 29, 'days'));
		expect(await heldBy(person)).toBe(0);
	});

	test('counts at once where changes need no notice', async () => {
		await beginAnew();
		await rulesOf(keeping('P1Y', 0));
		const person = await borrower(['old', after(start, -200, 'days')]);
		await arrive(keeping('P30D', 0), start);
		expect(await heldBy(person)).toBe(0);
	});

	test('and shorter again before the first notice is over takes nothing earlier than both', async () => {
		await beginAnew();
		await rulesOf(keeping('P1Y'));
		const person = await borrower(['old', after(start, -200, 'days')]);
		await rulesOf(keeping('P60D'));
		portal.clock.move(after(start, 10, 'days'));
		const shortest = keeping('P30D');
		const until = (await untilOf(shortest, after(start, -200, 'days'))) as string;
		expect(until).toBe(instant(after(start, 14, 'days')));
		await arrive(shortest, after(start, 13, 'days'));
		expect(await heldBy(person)).toBe(1);
		await arrive(shortest, until);
		expect(await heldBy(person)).toBe(0);
	});
});

test('a rule where there was none takes nothing before its notice is over', async () => {
	await beginAnew();
	await rulesOf(keeping(undefined));
	const person = await borrower(['old', after(start, -900, 'days')]);
	const limited = keeping('P1Y');
	await rulesOf(limited);
	await arrive(limited, after(start, 13, 'days'));
	expect(await heldBy(person)).toBe(1);
	expect(await recordExpiry.over(limited)).toEqual([]);
	portal.clock.move(after(start, 14, 'days'));
	expect(await recordExpiry.over(limited)).toEqual([{ rule: 'records loans', rows: 1 }]);
	expect(await heldBy(person), 'a dry run touches nothing').toBe(1);
	await arrive(limited, after(start, 14, 'days'));
	expect(await heldBy(person)).toBe(0);
});

test('a rule that becomes longer keeps what is there for longer', async () => {
	await beginAnew();
	await rulesOf(keeping('P30D'));
	const person = await borrower(['old', after(start, -20, 'days')]);
	const longer = keeping('P1Y');
	await arrive(longer, after(start, 11, 'days'));
	expect(await heldBy(person)).toBe(1);
	expect(await untilOf(longer, after(start, -20, 'days'))).toBe(
		instant(afterDuration(after(start, -20, 'days'), 'P1Y'))
	);
});

test('a record replaced by a newer one while the old is being destroyed stays', async () => {
	await beginAnew();
	const opened = keeping('P1Y');
	for (let turn = 0; turn < 10; turn++) {
		const person = await borrower(['one', after(start, -400, 'days')]);
		await Promise.all([recordExpiry.run(opened), records.put(ctx, person.id, [loan('one', start)])]);
		expect(await heldBy(person)).toBe(1);
		const page = await records.page(ctx, person, 'loans', { limit: 10 });
		expect('records' in page && page.records.map(({ at }) => at)).toEqual([instant(start)]);
	}
});

test('days and instants of rules decide alone: two processes that open at once change nothing', () => {
	const rules = [
		{ duration: 'P1Y', since: '' },
		{ duration: 'P30D', since: instant(start) },
		{ duration: 'P30D', since: instant(after(start, 1, 'seconds')) }
	];
	const at = instant(after(start, -200, 'days'));
	expect(keptUntil(keeping('P30D'), rules, at)).toBe(keptUntil(keeping('P30D'), rules.slice(0, 2), at));
});
