import { expect, test } from 'vitest';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import { pointsLeft, take } from './throttle.ts';

const portal = portalForTest();

test('many who come at the same moment take a point each, and none of them breaks down', async () => {
	const ctx = portal.as();
	const limit = { name: 'at-once', points: 10, seconds: 60 };
	for (let round = 0; round < 20; round++) {
		const key = Buffer.from(`somebody ${round}`);
		const taken = await Promise.all(Array.from({ length: 12 }, () => take(ctx, limit, key)));
		expect(taken.filter((waits) => waits === undefined)).toHaveLength(10);
		expect(await pointsLeft(ctx, limit, key)).toBe(0);
	}
});
