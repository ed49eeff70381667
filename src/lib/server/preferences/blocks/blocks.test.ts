import { beforeEach, describe, expect, test } from 'vitest';
import { as, bob, somebody } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import * as audit from '../../audit/audit.ts';
import { amend } from '../../accounts/amendment.ts';
import { preferencesContract } from '../personal-data.ts';
import * as preferences from '../preferences.ts';

const portal = portalForTest({ description: 'examples/classerium' });

let number = 0;
let person: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	number += 1;
	const identifiers = {
		email: `alice-${number}@example.com`,
		phone: `+346000001${String(number).padStart(2, '0')}`
	};
	person = await somebody(portal.as(), { name: 'alice', identifiers });
	other = await bob(portal.as());
	for (const channel of ['email', 'sms'])
		await preferences.set(portal.as(), person, [{ channel, topic: 'updates', allowed: true }], {
			origin: 'page'
		});
});

const may = (channel: string, topic: string, who = person) =>
	preferences.mayContact(portal.as(), who, channel, topic);
const goes = (topic: string | null, who = person, going: { to?: string; isCode?: boolean } = {}) =>
	preferences.mayStillGo(portal.as(), who.id, 'email', topic, going);
const block = (because: preferences.BlockReason, channel: 'email' | 'sms' = 'email') =>
	preferences.block(portal.as(), person.id, channel, because);
const moveTo = (email: string) => {
	const { role, language, timeZone, country } = person;
	const base = { role, language, timeZone, country };
	return amend(portal.as(), person.id, { ...base, identifiers: { email } } as never);
};

describe('an address', () => {
	test.each([
		['bounced', 'nothing but codes'],
		['carrier', 'nothing at all']
	] as const)('that %s gets %s, by that way', async (because, what) => {
		expect(await block(because)).toEqual({ changed: true });
		expect(await block(because)).toEqual({ changed: false });
		const since = '2026-11-22T09:00:00.000Z';
		expect(await may('email', 'updates')).toEqual({ allowed: false, because, since });
		expect(await may('email', 'terms-policy')).toEqual({ allowed: false, because, since });
		expect(await goes(null)).toBe(false);
		expect(await goes('terms-policy')).toBe(false);
		expect(await may('sms', 'updates')).toMatchObject({ allowed: true });
		expect(await goes(null, other)).toBe(true);
		expect(await goes(null, person, { to: 'new@example.com' })).toBe(true);
		expect(await goes(null, person, { isCode: true })).toBe(what === 'nothing but codes');
		expect(await goes('terms-policy', person, { isCode: true })).toBe(false);
		const [event] = await audit.page(portal.as(), person.id, undefined, 1);
		expect(event).toMatchObject({ kind: `address-blocked-${because}`, details: { channel: 'email' } });
	});

	test.each(['complained', 'unread-reply'] as const)('that %s gets what is essential', async (because) => {
		await block(because);
		expect(await may('email', 'updates')).toMatchObject({ allowed: false, because });
		expect(await may('email', 'terms-policy')).toMatchObject({ allowed: true });
		expect(await goes(null)).toBe(true);
		expect(await goes('updates')).toBe(false);
		expect(await preferences.unblock(portal.as(), person.id, 'email', because)).toEqual({ changed: true });
		expect(await preferences.unblock(portal.as(), person.id, 'email', because)).toEqual({ changed: false });
		expect(await may('email', 'updates')).toMatchObject({ allowed: true });
	});

	test('that is another one by now is not blocked, and the old one is again', async () => {
		const old = `alice-${number}@example.com`;
		await block('bounced');
		await moveTo(`elsewhere-${number}@example.com`);
		expect(await may('email', 'updates')).toMatchObject({ allowed: true });
		await moveTo(old);
		expect(await may('email', 'updates')).toMatchObject({ because: 'bounced' });
	});

	test('that is not there cannot be blocked', async () => {
		expect(await preferences.block(portal.as(), other.id, 'sms', 'carrier')).toEqual({
			refused: 'no-address'
		});
		expect(await goes(null, { ...person, id: 'nobody' })).toBe(false);
	});

	test('given for signing in safely is used for nothing else', async () => {
		const { db } = portal.as();
		await db
			.updateTable('identifier')
			.set({ use: 'verification' })
			.where('personId', '=', person.id)
			.where('kind', '=', 'phone')
			.execute();
		for (const topic of ['updates', 'tips'])
			expect(await may('sms', topic)).toEqual({ allowed: false, because: 'verification-only', since: null });
		expect(await may('email', 'updates')).toMatchObject({ allowed: true });
		expect(await preferences.mayStillGo(portal.as(), person.id, 'sms', null)).toBe(true);
	});
});

test('what keeps an address from being written to is counted, and in the person’s copy', async () => {
	const counted = async (who: Person) => (await preferencesContract.count(portal.as(), who.id))[0]?.records;
	const before = await counted(person);
	await preferences.block(portal.as(), person.id, 'email', 'complained');
	await preferences.block(portal.as(), person.id, 'email', 'bounced');
	expect(await counted(person)).toBe((before ?? 0) + 2);
	expect(await counted(other)).toBe(0);
	const exported = async (who: Person) => {
		const parts = await preferencesContract.collect(portal.as(), who.id);
		const part = parts.find(({ path }) => path === 'messages/blocks');
		return { expected: part?.expected, rows: (await Array.fromAsync(part?.pages() ?? [])).flat() };
	};
	const since = portal.clock.now().toISOString();
	const rows = ['bounced', 'complained'].map((because) => ({ channel: 'email', because, since }));
	expect(await exported(person)).toEqual({ expected: 2, rows });
	expect(await exported(other)).toEqual({ expected: 0, rows: [] });
	const all = await preferencesContract.collect(portal.as(), person.id);
	expect(all.reduce((sum, { expected = 0 }) => sum + expected, 0)).toBe(await counted(person));
	expect(await preferencesContract.collect(portal.as(), person.id, new Set(['portal.sharing']))).toEqual([]);
});

describe('a stop from an address that belongs to nobody', () => {
	test('holds for whoever gets it, until they choose otherwise', async () => {
		const email = `stranger-${number}@example.com`;
		await preferences.stopStranger(portal.as(), 'email', email);
		portal.clock.move('2026-11-22T10:00:00.000Z');
		const newcomer = await somebody(portal.as(), { name: 'charlie', identifiers: { email } });
		const topic = portal.as().organisation.topics.find(({ essential, roles, default: state, channels }) => {
			return !essential && !roles && state === 'on' && channels.includes('email');
		})?.id as string;
		expect(await may('email', topic, newcomer)).toEqual({
			allowed: false,
			because: 'address-stopped',
			since: '2026-11-22T09:00:00.000Z'
		});
		expect(await may('email', 'terms-policy', newcomer)).toMatchObject({ allowed: true });
		const on = { channel: 'email', topic: 'updates', allowed: true };
		await preferences.set(as(portal.as(), newcomer), newcomer, [on], { origin: 'page' });
		expect(await may('email', 'updates', newcomer)).toMatchObject({ allowed: true, because: 'decided' });
	});
});

test('an address whose owner had everything destroyed is not advertised to, until its new owner asks', async () => {
	const organisation = structuredClone(portal.as().organisation);
	for (const topic of organisation.topics) if (topic.marketing) topic.default = 'on';
	const marketing = organisation.topics.find(({ marketing, roles }) => marketing && !roles)?.id as string;
	const ctx = { ...portal.as(), organisation };
	const email = `gone-${number}@example.com`;
	const gone = await somebody(ctx, { name: 'gone', identifiers: { email: `other-${number}@example.com` } });
	await ctx.keys.destroy({ personId: gone.id, refuse: [{ kind: 'email', value: email }] });
	const newcomer = await somebody(ctx, { name: 'charlie', identifiers: { email } });
	const answer = () => preferences.mayContact(ctx, newcomer, 'email', marketing);
	expect(await answer()).toEqual({ allowed: false, because: 'address-suppressed', since: null });
	expect(await preferences.mayContact(ctx, person, 'email', marketing)).toMatchObject({ allowed: true });
	const changes = [false, true].map((allowed) => ({ channel: 'email', topic: marketing, allowed }));
	for (const change of changes) await preferences.set(ctx, newcomer, [change], { origin: 'page' });
	expect(await answer()).toMatchObject({ allowed: true, because: 'decided' });
});
