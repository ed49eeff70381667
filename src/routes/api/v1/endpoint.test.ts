import { expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { alice, as } from '../../../../tests/support/people.ts';
import * as audit from '$lib/server/audit/audit';
import { broken } from './endpoint';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

test('a call about somebody whose erasure begins meanwhile is refused, and is no failure of ours', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	await ctx.db.updateTable('person').set({ state: 'erasing' }).where('personId', '=', person.id).execute();
	const error = await audit
		.record(as(ctx, person), person.id, 'session-started')
		.catch((error: unknown) => error);
	const response = broken(ctx, error);
	expect(response.status).toBe(409);
	expect(await response.json()).toMatchObject({ code: 'person-leaving' });
});

test('what nobody expected is told without a word of what it was', async () => {
	const response = broken(portal.as(), new Error('alice@example.com broke it'));
	expect(response.status).toBe(500);
	expect(await response.text()).not.toContain('alice');
});
