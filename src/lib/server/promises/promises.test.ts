import { expect, test } from 'vitest';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Context } from '../context.ts';
import { evidenceCodes } from '../organisation/evidence.ts';
import * as requests from '../requests/requests.ts';
import { amountOf } from './evidence.ts';
import { factsOf } from './promises.ts';

const portal = portalForTest({ startAt: '2026-11-01T09:00:00.000Z' });

/** A minute later, so that nothing is shown from before. */
const fresh = (ctx: Context, code: (typeof evidenceCodes)[number]) => {
	portal.clock.move(new Date(portal.clock.now().getTime() + 61_000));
	return factsOf(ctx, code);
};

test('every kind of evidence can be worked out where nothing has happened yet', async () => {
	for (const code of evidenceCodes) {
		const facts = await factsOf(portal.as(), code);
		expect(facts.length, code).toBeGreaterThan(0);
		for (const fact of facts) expect(fact.name, code).toMatch(/^[a-z-]+$/);
	}
});

test('nobody is singled out: one to four are told as few, and neither a median nor the oldest of them', async () => {
	const ctx = portal.as();
	expect([0, 1, 4, 5, 10_000, 10_001].map(amountOf)).toEqual(['none', 'few', 'few', 5, 10_000, 'many']);
	const person = await alice(ctx);
	await requests.open(ctx, person, { kind: 'question', text: 'What do you have on me?' });
	expect(await fresh(ctx, 'requests')).toEqual([
		{ name: 'answered', count: 'none' },
		{ name: 'waiting', count: 'few' }
	]);
});

test('from five on the waiting are counted, and since when the oldest waits', async () => {
	const ctx = portal.as();
	for (let number = 0; number < 4; number++)
		await requests.open(ctx, await bob(ctx), { kind: 'question', text: 'Why?' });
	portal.clock.move('2026-11-04T10:00:00.000Z');
	expect(await fresh(ctx, 'requests')).toContainEqual({ name: 'waiting', count: 5 });
	expect(await fresh(ctx, 'requests')).toContainEqual({ name: 'oldest', days: 3 });
});

test('the page of promises asks the database at most once a minute', async () => {
	const ctx = portal.as();
	const first = await fresh(ctx, 'requests');
	await requests.open(ctx, await bob(ctx), { kind: 'question', text: 'And now?' });
	expect(await factsOf(ctx, 'requests')).toBe(first);
	expect(await fresh(ctx, 'requests')).toContainEqual({ name: 'waiting', count: 6 });
});
