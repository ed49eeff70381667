import { expect, test } from 'vitest';
import { alice } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import { describeRehearsal } from './rehearsal';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

test('Alice reads the numbers that are destroyed, as the certificate will name them', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const rehearsal = await withdrawal.rehearse(ctx, person.id);
	const translation = {
		t: (key: string) => key,
		has: () => false,
		text: () => '',
		number: String,
		date: String
	};
	const locals = { ctx, person, translation } as unknown as App.Locals;
	const described = describeRehearsal(locals, { rehearsal, eraseAt: withdrawal.wouldEndAt(ctx) });
	expect(described.total).toBe(rehearsal.total);
	expect(described.destroyed.map(({ records }) => Number(records))).toEqual(
		rehearsal.destroyed.map(({ records }) => records).toSorted((a, b) => b - a)
	);
});
