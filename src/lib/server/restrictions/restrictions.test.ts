import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Shop } from '../../../../tests/support/outside-organisation.ts';
import { outsidePortal } from '../../../../tests/support/outside-portal-for-test.ts';
import { peopleOutside } from '../../../../tests/support/people-outside.ts';
import { as } from '../../../../tests/support/people.ts';
import type { SourceServer } from '../../../../tests/support/source-server.ts';
import type { Person } from '../accounts/people.ts';
import type { Context } from '../context.ts';
import { after } from '../platform/clock.ts';
import { SourceFailure, type Source } from '../platform/sources/source.ts';
import * as withdrawal from '../withdrawal/withdrawal.ts';
import { restrictionAlarm, restrictionCatchUp, restrictionWork } from './due.ts';
import * as restrictions from './restrictions.ts';

const outside = outsidePortal();
const { portal } = outside;
let shop: Shop;
let crm: SourceServer;
beforeAll(() => void ({ shop, crm } = outside));

let ctx: Context;
let alice: Person;
let bob: Person;
let logged: object[];
const scene = peopleOutside(outside);
beforeEach(() => void ({ ctx, alice, bob, logged } = scene));

const now = () => portal.clock.now();
const wait = (days: number) => portal.clock.move(after(now(), days, 'days'));

describe('Alice pauses, and', () => {
	const restrictedAtTheShop = async () =>
		Number(
			(await shop.run('select restricted from members where customer = $1', alice.externalId))[0]?.restricted
		);
	const tell = async () => {
		while ((await restrictionWork.run(ctx)) > 0);
	};

	test('every system outside rests too, and goes on when she does; nobody else’s data is touched', async () => {
		await withdrawal.pause(as(ctx, alice), alice.id, true);
		expect(await restrictions.openOf(ctx, alice.id)).toHaveLength(2);
		await tell();
		expect(await restrictions.openOf(ctx, alice.id)).toEqual([]);
		expect(await restrictedAtTheShop()).toBe(1);
		expect(crm.restricted).toEqual(new Map([[alice.externalId, true]]));
		await withdrawal.pause(as(ctx, alice), alice.id, false);
		await tell();
		expect(await restrictedAtTheShop()).toBe(0);
		expect(crm.restricted.get(alice.externalId)).toBe(false);
	});

	test('a desk that is down hears of it when it is back, and of her last wish alone', async () => {
		crm.fault = 'server-error';
		await withdrawal.pause(as(ctx, alice), alice.id, true);
		await tell();
		expect(await restrictedAtTheShop()).toBe(1);
		expect(await restrictions.openOf(ctx, alice.id)).toMatchObject([{ source: 'crm', isOn: true }]);
		wait(3);
		await tell();
		await restrictionAlarm.run(ctx);
		expect(logged).toContainEqual(expect.objectContaining({ source: 'crm', people: 1 }));
		await withdrawal.pause(as(ctx, alice), alice.id, false);
		crm.fault = undefined;
		crm.calls = [];
		wait(1);
		await tell();
		expect(crm.restricted.get(alice.externalId)).toBe(false);
		expect(crm.calls).toHaveLength(1);
	});

	test('a wish that changes while the shop is told is not lost', async () => {
		const shopSource = ctx.sources.get('shop') as Source;
		let calls = 0;
		const slow: Source = {
			...shopSource,
			resting: false,
			restrict: async (person, on) => {
				calls += 1;
				portal.clock.move(after(now(), 1, 'seconds'));
				if (calls === 1) await withdrawal.pause(as(ctx, alice), alice.id, false);
				return shopSource.restrict(person, on);
			}
		};
		ctx.sources = new Map(ctx.sources).set('shop', slow);
		await withdrawal.pause(as(ctx, alice), alice.id, true);
		await tell();
		expect(await restrictedAtTheShop()).toBe(0);
		expect(await restrictions.openOf(ctx, alice.id)).toEqual([]);
	});

	test('it is to be done by hand where nobody described how, and stays to be seen', async () => {
		const shopSource = ctx.sources.get('shop') as Source;
		ctx.sources = new Map(ctx.sources).set('shop', { ...shopSource, resting: false, can: new Set(['read']) });
		await withdrawal.pause(as(ctx, alice), alice.id, true);
		await tell();
		expect(await restrictions.openOf(ctx, alice.id)).toMatchObject([{ source: 'shop', state: 'by-hand' }]);
		expect(await restrictions.standings(ctx)).toContainEqual(
			expect.objectContaining({ source: 'shop', state: 'by-hand' })
		);
		const answered = (source: string, isOn = true) => restrictions.answered(ctx, alice.id, { source, isOn });
		expect(await answered('shop', false), 'she wants the other thing').toEqual({ refused: 'not-by-hand' });
		expect(await answered('crm'), 'that one is told').toEqual({ refused: 'not-by-hand' });
		expect(await answered('shop')).toEqual({ answered: true });
		expect(await answered('shop')).toEqual({ refused: 'not-by-hand' });
		expect(await restrictions.openOf(ctx, alice.id)).toEqual([]);
	});

	test('it is to be done by hand, too, where the shop can not be told any more', async () => {
		await withdrawal.pause(as(ctx, alice), alice.id, true);
		const shopSource = ctx.sources.get('shop') as Source;
		const restrict = () => Promise.reject(new SourceFailure('shop', 'cannot'));
		const mute: Source = { ...shopSource, resting: false, can: new Set(['read']), restrict };
		ctx.sources = new Map(ctx.sources).set('shop', mute);
		await tell();
		expect(await restrictions.openOf(ctx, alice.id)).toMatchObject([{ source: 'shop', state: 'by-hand' }]);
		const seenTo = { source: 'shop', isOn: true };
		expect(await restrictions.answered(ctx, alice.id, seenTo)).toEqual({ answered: true });
	});

	test('a shop that is described later, or can be told only then, hears of it; nobody else’s rest there', async () => {
		const { organisation, sources } = ctx;
		const before = organisation.sources.filter(({ id }) => id !== 'shop');
		ctx.organisation = { ...organisation, sources: before };
		ctx.sources = new Map(sources).set('crm', {
			...(sources.get('crm') as Source),
			resting: false,
			can: new Set(['read'])
		});
		await withdrawal.pause(as(ctx, alice), alice.id, true);
		await withdrawal.pause(as(ctx, bob), bob.id, true);
		await withdrawal.pause(as(ctx, bob), bob.id, false);
		ctx = { ...ctx, organisation, sources, settings: { ...ctx.settings } };
		for (let day = 0; day < 2; day += 1) {
			await restrictionCatchUp.run(ctx);
			await tell();
			wait(1);
		}
		expect(await restrictedAtTheShop()).toBe(1);
		expect([...crm.restricted.keys()]).toEqual([alice.externalId]);
		expect(crm.calls.filter((call) => call.includes('/restriction'))).toHaveLength(1);
		expect(await restrictions.openOf(ctx, alice.id)).toEqual([]);
	});

	test('what breaks down for her is tried again later, and Bob’s pause is taken over all the same', async () => {
		const shopSource = ctx.sources.get('shop') as Source;
		let isBroken = true;
		const broken: Source = {
			...shopSource,
			resting: false,
			restrict: async (person, on) => {
				if (isBroken && person === alice.externalId) throw new TypeError('a bug');
				await shopSource.restrict(person, on);
			}
		};
		ctx.sources = new Map(ctx.sources).set('shop', broken);
		for (const person of [alice, bob]) await withdrawal.pause(as(ctx, person), person.id, true);
		await tell();
		expect(await restrictions.openOf(ctx, bob.id)).toEqual([]);
		expect(await restrictions.openOf(ctx, alice.id)).toMatchObject([{ source: 'shop', state: 'waiting' }]);
		expect(logged).toContainEqual(expect.objectContaining({ source: 'shop' }));
		isBroken = false;
		wait(1);
		await tell();
		expect(await restrictedAtTheShop()).toBe(1);
	});
});
