import { describe, expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { alice, bob, mina, password } from '../../../../tests/support/people.ts';
import { signIn } from './accounts.ts';
import { register } from './registration.ts';
import * as sessions from './sessions.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const device = { userAgent: 'a browser', address: '127.0.0.1' };

describe('a person', () => {
	test('signs in with email or username, in any case, and is who they are', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const name = person.externalId;
		for (const identifier of [`${name}@EXAMPLE.com`, name.toUpperCase()]) {
			const outcome = await signIn(ctx, { identifier, password, device, language: null });
			if ('refused' in outcome) throw new Error(outcome.refused);
			expect((await sessions.read(ctx, outcome.secretId))?.person).toEqual(person);
		}
	});

	test('keeps their session id out of the database', async () => {
		const ctx = portal.as();
		const secretId = await sessions.start(ctx, (await bob(ctx)).id, device, null);
		const rows = await ctx.db.selectFrom('session').selectAll().execute();
		expect(JSON.stringify(rows)).not.toContain(secretId);
	});

	test('is signed out after thirty days without a visit', async () => {
		const ctx = portal.as();
		const secretId = await sessions.start(ctx, (await bob(ctx)).id, device, null);
		portal.clock.move('2026-12-23T09:00:01.000Z');
		expect(await sessions.read(ctx, secretId)).toBeUndefined();
		portal.clock.move('2026-11-22T09:00:00.000Z');
	});

	test('of eleven waits for consent', async () => {
		expect((await mina(portal.as())).state).toBe('awaiting-consent');
	});
});

test('a stranger, a wrong password and a person without one get the same answer', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const without = await mina(ctx);
	for (const [identifier, tried] of [
		[`${person.externalId}@example.com`, 'wrong'],
		['nobody@example.com', 'wrong'],
		[without.externalId, '']
	])
		expect(
			await signIn(ctx, {
				identifier: identifier as string,
				password: tried as string,
				device,
				language: null
			})
		).toEqual({ refused: 'wrong-credentials' });
});

test('two people cannot have one address, and the second one is told nothing of the first', async () => {
	const ctx = portal.as();
	const first = await bob(ctx);
	const again = {
		externalId: 'another',
		role: first.role,
		language: 'en',
		timeZone: 'UTC',
		country: 'ES',
		identifiers: { email: `${first.externalId}@example.com` }
	};
	expect(await register(ctx, again)).toEqual({ refused: 'identifier-taken', field: 'email' });
	for (const externalId of ['name@example.com', '.', '..'])
		expect(await register(ctx, { ...again, identifiers: {}, externalId })).toEqual({
			refused: 'external-id-invalid',
			field: 'external'
		});
	for (const externalId of ['candor-canary', 'Candor-CANARY'])
		expect(await register(ctx, { ...again, identifiers: {}, externalId }), 'the canary alone').toEqual({
			refused: 'external-id-reserved'
		});
});
