import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gathered } from './gathered.ts';

const ctx = { db: {} };

test('what comes together is done together, and each gets its own answer', async () => {
	const rounds: number[][] = [];
	const double = gathered(async (_ctx: typeof ctx, asks: readonly number[]) => {
		rounds.push([...asks]);
		await turn();
		return asks.map((ask) => ask * 2);
	});
	const first = Promise.all([double(ctx, 1), double(ctx, 2)]);
	await turn();
	// A round is under way: this one goes into the next.
	const second = double(ctx, 3);
	expect(await first).toEqual([2, 4]);
	expect(await second).toBe(6);
	expect(await double(ctx, 4)).toBe(8);
	expect(rounds).toEqual([[1, 2], [3], [4]]);
});

test('one that fails fails alone', async () => {
	const half = gathered(async (_ctx: typeof ctx, asks: readonly number[]) => {
		if (asks.some((ask) => ask % 2)) throw new Error('odd');
		return asks.map((ask) => ask / 2);
	});
	const outcomes = await Promise.allSettled([half(ctx, 2), half(ctx, 3), half(ctx, 4)]);
	expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
	expect(await half(ctx, 6)).toBe(3);
});

test('two databases have nothing to do with each other, and a round is never larger than a statement', async () => {
	const sizes = gathered(async (_ctx: typeof ctx, asks: readonly number[]) => asks.map(() => asks.length));
	const other = { db: {} };
	const answers = await Promise.all([...Array.from({ length: 70 }, () => sizes(ctx, 0)), sizes(other, 0)]);
	expect(answers.slice(0, 64)).toEqual(Array(64).fill(64));
	expect(answers.slice(64)).toEqual([...Array(6).fill(6), 1]);
});
