import { beforeAll, describe, expect, test } from 'vitest';
import { somebody } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import * as preferences from '../preferences.ts';
import { quietUntil } from './quiet.ts';

const portal = portalForTest({ description: 'examples/classting' });
const night = { from: '21:00', to: '08:00' } as never;
const noon = { from: '12:00', to: '14:00' } as never;

describe('quiet hours', () => {
	test.each([
		['2026-11-22T11:59:59.000Z', undefined],
		['2026-11-22T12:00:00.000Z', '2026-11-22T23:00:00.000Z'],
		['2026-11-22T22:59:59.000Z', '2026-11-22T23:00:00.000Z'],
		['2026-11-22T23:00:00.000Z', undefined]
	])('run over night by the clock of Seoul: %s', (now, until) => {
		expect(quietUntil(new Date(now), night, 'Asia/Seoul')).toBe(until);
	});

	test('run over noon, and end on time on the day on which clocks are turned', () => {
		expect(quietUntil(new Date('2026-11-22T12:30:00.000Z'), noon, 'UTC')).toBe('2026-11-22T14:00:00.000Z');
		expect(quietUntil(new Date('2026-11-22T15:00:00.000Z'), noon, 'UTC')).toBeUndefined();
		// In Madrid the night from 24 to 25 October 2026 is an hour longer.
		expect(quietUntil(new Date('2026-10-24T20:00:00.000Z'), night, 'Europe/Madrid')).toBe(
			'2026-10-25T07:00:00.000Z'
		);
	});
});

describe('at night in Korea', () => {
	let minjun: Person;
	let alice: Person;
	let ctx: Context;
	beforeAll(async () => {
		minjun = await somebody(portal.as(), { name: 'minjun', country: 'KR', timeZone: 'Asia/Seoul' });
		alice = await somebody(portal.as(), { name: 'alice', country: 'ES', timeZone: 'Asia/Seoul' });
		const organisation = structuredClone(portal.as().organisation);
		const because = { en: 'The law' };
		const hours = { from: '21:00', to: '08:00', countries: ['KR'], because };
		organisation.quietHours = [{ ...hours, channels: ['sms'], unless: 'new-services' }];
		ctx = { ...portal.as(), organisation };
		for (const person of [minjun, alice])
			for (const channel of ['sms', 'email'])
				await preferences.set(ctx, person, [{ channel, topic: 'events', allowed: true }], { origin: 'page' });
		portal.clock.move('2026-11-22T13:00:00.000Z');
	});
	const may = (who: Person, channel: string, topic: string) =>
		preferences.mayContact(ctx, who, channel, topic);

	test('no marketing goes by SMS, and the answer says until when', async () => {
		expect(await may(minjun, 'sms', 'events')).toEqual({
			allowed: false,
			because: 'quiet-hours',
			since: '2026-11-22T09:00:00.000Z',
			until: '2026-11-22T23:00:00.000Z'
		});
		expect(await preferences.mayStillGo(ctx, minjun.id, 'sms', 'events')).toBe(false);
	});

	test('other ways, other topics and people elsewhere are not held up', async () => {
		expect(await may(minjun, 'email', 'events')).toMatchObject({ allowed: true });
		expect(await may(minjun, 'sms', 'class-news')).toMatchObject({ allowed: true });
		expect(await may(minjun, 'sms', 'account')).toMatchObject({ because: 'essential' });
		expect(await may(alice, 'sms', 'events')).toMatchObject({ allowed: true });
	});

	test('whoever agreed to the night gets it', async () => {
		const night = { channel: 'sms', topic: 'new-services', allowed: true };
		await preferences.set(ctx, minjun, [night], { origin: 'page' });
		expect(await may(minjun, 'sms', 'events')).toMatchObject({ allowed: true, because: 'decided' });
	});
});
