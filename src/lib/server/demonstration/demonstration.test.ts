import { describe, expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { signIn } from '../accounts/accounts.ts';
import * as records from '../records/records.ts';
import { password, populate, signIns } from './demonstration.ts';
import { categoriesOf } from '../organisation/lookup.ts';
import { find } from '../accounts/people.ts';

const device = { userAgent: 'test', address: '127.0.0.1' } as never;

describe.each(['examples/classting', 'examples/classerium', 'tests/support/third-organisation'])('the people of %s', (description) => {
	const portal = portalForTest({ description });

	test('are there after the first start and not doubled by the second', async () => {
		const ctx = portal.as();
		const begun = performance.now();
		await populate(ctx);
		console.log(description, Math.round(performance.now() - begun), 'ms');
		await populate(ctx);
		const { people } = await ctx.db.selectFrom('person').select((count) => count.fn.countAll<number>().as('people')).executeTakeFirstOrThrow();
		expect(Number(people)).toBe(25);
	});
});
