import { expect, test } from 'vitest';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as preferences from './preferences.ts';

const portal = portalForTest({ description: 'examples/classting' });

test('who sends for the organisation hears of each change by its way, and nobody else does', async () => {
	const organisation = structuredClone(portal.as().organisation);
	const [sender, other] = organisation.partners;
	if (!sender || !other) throw new Error('no partners');
	Object.assign(sender, { webhook: 'https://mail.example.com/hook', carries: ['email'] });
	Object.assign(other, { webhook: 'https://other.example.com/hook' });
	const ctx = { ...portal.as(), organisation };
	const person = await alice(ctx);
	await bob(ctx);
	const set = (channel: string, allowed: boolean) =>
		preferences.set(ctx, person, [{ channel, topic: 'events', allowed }], { origin: 'page' });
	await set('sms', true);
	await set('email', true);
	await preferences.stopChannel(ctx, person, 'email', 'mail');
	await preferences.block(ctx, person.id, 'email', 'bounced');
	const calls = await ctx.db.selectFrom('partnerCall').select(['personId', 'partner', 'type']).execute();
	expect(calls).toEqual(
		Array.from({ length: 3 }, () => ({ personId: person.id, partner: sender.id, type: 'preference.changed' }))
	);
});
