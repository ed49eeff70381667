import { expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as audit from './audit.ts';
import { beginning, commitmentOf, endingOf, saltOf } from './commitments.ts';
import { selectChain, selectChained } from './queries.ts';

const portal = portalForTest();

async function chainOf(personId: string) {
	const ctx = portal.as();
	const end = await selectChain(ctx, personId);
	return { end, events: await selectChained(ctx, personId, 0, 1_000, 1_000) };
}

test('each event commits to all before it, under a salt that only her key gives', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	for (const device of ['Firefox', '한글 “ü” 😀\u2028'])
		await audit.record(as(ctx, person), person.id, 'session-started', { device, count: 1 });

	const { end, events } = await chainOf(person.id);
	const salt = saltOf(await ctx.keys.of(person.id));
	const told = await audit.page(ctx, person.id, undefined, 10);
	let previous = beginning;
	for (const [index, { id, number, commitment }] of events.entries()) {
		const event = told.find((one) => one.id === id) as audit.AuditEvent;
		expect(number).toBe(index + 1);
		expect(commitment).toEqual(commitmentOf(salt, previous, { ...event, number }));
		previous = commitment;
	}
	expect(end).toEqual({ events: events.length, commitment: previous, ending: endingOf(salt, previous) });
	expect(events.length).toBeGreaterThan(1);
});

test('transactions that write about one person at once do not fork the chain, and those that fail leave no gap', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx), await bob(ctx)];
	const before = (await chainOf(person.id)).events.length;
	const untouched = await chainOf(other.id);
	const write = (index: number) =>
		transaction(ctx, async (ctx) => {
			await audit.record(ctx, person.id, 'session-started', { index });
			await audit.record(ctx, person.id, 'session-ended', { index });
			if (index % 3 === 0) throw new Error('something broke');
		}).catch(() => undefined);
	await Promise.all(Array.from({ length: 9 }, (_, index) => write(index)));

	const { end, events } = await chainOf(person.id);
	expect(events.map(({ number }) => number)).toEqual(
		Array.from({ length: before + 12 }, (_, index) => index + 1)
	);
	expect(end?.events).toBe(before + 12);
	expect(await chainOf(other.id)).toEqual(untouched);
});
