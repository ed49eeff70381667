import { expect, test } from 'vitest';
import { somebody } from '../../../../tests/support/people.ts';
import { outboxOf } from '../../../../tests/support/outbox.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as delivery from '../delivery/delivery.ts';
import * as preferences from '../preferences/preferences.ts';
import { amend } from './amendment.ts';
import { identifiersOf } from './identifiers.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const { language, timeZone, country } = { language: 'en', timeZone: 'Europe/Madrid', country: 'ES' };

test('a number given for signing in safely gets codes and nothing else, until it is given for more', async () => {
	const ctx = portal.as();
	const identifiers = { phone: '+34600000201', username: 'alice' };
	const person = await somebody(ctx, { identifiers, uses: { phone: 'verification' } });
	const may = () => preferences.mayContact(ctx, person, 'sms', 'updates');
	expect(await may()).toMatchObject({ allowed: false, because: 'verification-only' });
	expect(await delivery.send(ctx, person.id, { template: 'request-answered' })).toEqual({
		refused: 'no-address'
	});
	const values = { code: '123456', count: 10 };
	expect(await delivery.send(ctx, person.id, { template: 'proof-code', values })).toMatchObject({
		channel: 'sms'
	});
	expect((await outboxOf(ctx, person.id)).map(({ template }) => template)).toEqual(['proof-code']);

	const anew = { role: person.role, language, timeZone, country, identifiers: { phone: '+34600000202' } };
	await amend(ctx, person.id, anew);
	expect(await may()).toMatchObject({ because: 'verification-only' });
	const freed = { ...anew, identifiers: {}, uses: { phone: 'contact' as const } };
	expect(await amend(ctx, person.id, freed)).toEqual({ changed: 1 });
	expect(await amend(ctx, person.id, freed)).toEqual({ changed: 0 });
	expect(await may()).toMatchObject({ allowed: true });
	const phone = (await identifiersOf(ctx, person.id)).find(({ kind }) => kind === 'phone');
	expect(phone?.use).toBe('contact');
});

test('the description says what numbers are for where nobody else does', async () => {
	const organisation = structuredClone(portal.as().organisation);
	for (const identifier of organisation.identifiers)
		if (identifier.kind === 'phone') identifier.use = 'verification';
	const ctx = { ...portal.as(), organisation };
	const person = await somebody(ctx, { identifiers: { phone: '+34600000203', email: 'two@example.com' } });
	expect(await preferences.mayContact(ctx, person, 'sms', 'updates')).toMatchObject({
		because: 'verification-only'
	});
	expect(await preferences.mayContact(ctx, person, 'email', 'updates')).toMatchObject({ allowed: true });
});
