import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as preferences from './preferences.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const minute = (number: number) => new Date(`2026-11-22T09:0${number}:00.000Z`);

let person: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	person = await alice(portal.as(), { identifiers: { email: 'a@example.com', phone: '+34600000001' } });
	other = await bob(portal.as());
	return async () => {
		for (const table of ['identifier', 'person'] as const) await portal.as().db.deleteFrom(table).execute();
	};
});

const refusable = (channel: string) =>
	portal
		.as()
		.organisation.topics.filter(({ essential, roles, channels }) => {
			return !essential && !roles && channels.some((way) => way === channel);
		})
		.map(({ id }) => id);
const may = async (channel: string, topic: string, who = person) =>
	(await preferences.mayContact(portal.as(), who, channel, topic)).allowed;
const allowed = async (channel: string) => {
	const topics = [];
	for (const topic of refusable(channel)) if (await may(channel, topic)) topics.push(topic);
	return topics;
};
const set = (channel: string, topic: string, on: boolean) =>
	preferences.set(as(portal.as(), person), person, [{ channel, topic, allowed: on }], { origin: 'page' });
const stop = (at?: Date) => preferences.stopChannel(portal.as(), person, 'sms', 'sms', at && { at });
const start = (at?: Date) => preferences.startChannel(portal.as(), person, 'sms', 'sms', at && { at });
const rows = async () => (await preferences.history(portal.as(), person.id, undefined, 100)).length;

describe('a stop', () => {
	test('turns off all that can be refused by that way, and nothing else, as one change', async () => {
		for (const topic of refusable('sms')) await set('sms', topic, true);
		await set('email', 'updates', true);
		expect(await allowed('sms')).toEqual(refusable('sms'));
		const outcome = await stop();
		expect(outcome).toMatchObject({ changed: refusable('sms').length });
		expect(await allowed('sms')).toEqual([]);
		expect(await may('email', 'updates')).toBe(true);
		const [newest] = await preferences.history(portal.as(), person.id, undefined, 1);
		expect(newest).toMatchObject({ origin: 'sms', changeSet: 'changeSet' in outcome && outcome.changeSet });
		expect((await preferences.history(portal.as(), other.id, undefined, 1)).length).toBe(0);
	});

	test('holds for a topic that the description brings later, until the person chooses it', async () => {
		await stop();
		const organisation = structuredClone(portal.as().organisation);
		const [topic] = organisation.topics;
		organisation.topics.push({
			...(topic as (typeof organisation.topics)[number]),
			id: 'brand-new',
			essential: false,
			channels: ['sms'],
			default: 'on'
		});
		const ctx = { ...portal.as(), organisation };
		expect(await preferences.mayContact(ctx, person, 'sms', 'brand-new')).toEqual({
			allowed: false,
			because: 'decided',
			since: minute(0).toISOString()
		});
		portal.clock.move(minute(1));
		const on = { channel: 'sms', topic: 'brand-new', allowed: true };
		await preferences.set(ctx, person, [on], { origin: 'page' });
		expect((await preferences.mayContact(ctx, person, 'sms', 'brand-new')).allowed).toBe(true);
	});

	test('said twice writes nothing the second time, unless it was said later', async () => {
		await stop(minute(0));
		const before = await rows();
		await stop(minute(0));
		expect(await rows()).toBe(before);
		portal.clock.move(minute(5));
		await stop(minute(4));
		expect(await rows()).toBe(before + 1);
	});

	test('can be taken back on the page within the hour', async () => {
		await set('sms', 'updates', true);
		portal.clock.move(minute(1));
		const outcome = await stop();
		const changeSet = ('changeSet' in outcome && outcome.changeSet) || '';
		expect(await preferences.undo(portal.as(), person, changeSet)).toMatchObject({
			changed: 4
		});
		expect(await may('sms', 'updates')).toBe(true);
		// And the stop itself is gone: a start has nothing left to take back.
		expect(await start(minute(9))).toMatchObject({ changed: 0 });
	});

	test('counts though the clock of the process that wrote before was ahead', async () => {
		portal.clock.move(minute(5));
		await set('sms', 'updates', true);
		portal.clock.move(minute(1));
		await stop();
		expect(await may('sms', 'updates')).toBe(false);
	});
});

describe('a start', () => {
	test('takes back the stop and nothing that was refused otherwise', async () => {
		await set('sms', 'updates', true);
		await set('sms', 'tips', false);
		portal.clock.move(minute(1));
		const before = await allowed('sms');
		await stop();
		portal.clock.move(minute(2));
		await start();
		expect(await allowed('sms')).toEqual(before);
		expect(await start()).toEqual({ changed: 0, changeSet: null });
	});

	test('without a stop changes nothing', async () => {
		expect(await start()).toEqual({ changed: 0, changeSet: null });
		expect(await rows()).toBe(0);
	});

	test.each([
		['before the stop', 2, 1],
		['at the same instant', 2, 2]
	])('that was sent %s changes nothing', async (_, stopped, started) => {
		await set('sms', 'updates', true);
		portal.clock.move(minute(5));
		await stop(minute(stopped));
		expect(await start(minute(started))).toEqual({ changed: 0, changeSet: null });
		expect(await may('sms', 'updates')).toBe(false);
	});

	test('takes back several stops in a row', async () => {
		await set('sms', 'updates', true);
		portal.clock.move(minute(5));
		await stop(minute(1));
		await stop(minute(3));
		expect(await start(minute(2))).toMatchObject({ changed: 0 });
		expect(await start(minute(4))).toMatchObject({ changed: 4 });
		expect(await may('sms', 'updates')).toBe(true);
	});

	test('leaves alone what the person chose since', async () => {
		await set('sms', 'updates', true);
		portal.clock.move(minute(1));
		await stop();
		portal.clock.move(minute(2));
		await set('sms', 'tips', true);
		await set('sms', 'tips', false);
		portal.clock.move(minute(3));
		await start();
		expect(await may('sms', 'updates')).toBe(true);
		expect(await may('sms', 'tips')).toBe(false);
	});
});
