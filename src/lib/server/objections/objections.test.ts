import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob, mina } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import * as corrections from '../corrections/opening.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import * as preferences from '../preferences/preferences.ts';
import * as objections from './objections.ts';
import { objectionsContract } from './personal-data.ts';
import { answers } from './purposes.ts';

const portal = portalForTest({ description: 'examples/classting' });
const now = '2026-11-22T09:00:00.000Z';

let person: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move(now);
	person = await alice(portal.as(), { role: 'student' });
	other = await bob(portal.as(), { role: 'student' });
});

const choose = (purpose: string, allowed: boolean, ctx: Context = portal.as(), who = person) =>
	objections.choose(as(ctx, who), who, { purpose, allowed });
const answer = async (purpose: string, who = person) => {
	const found = (await answers(portal.as(), who)).get(purpose);
	return found && { allowed: found.allowed, because: found.because, since: found.since };
};

describe('a person', () => {
	test('objects to a legitimate interest, and systems and the gate hear no at once', async () => {
		expect(await answer('personalisation')).toEqual({
			allowed: true,
			because: 'legitimate-interests',
			since: null
		});
		expect(await choose('personalisation', false)).toEqual({ changed: true });
		expect(await choose('personalisation', false)).toEqual({ changed: false });
		expect(await answer('personalisation')).toEqual({ allowed: false, because: 'objected', since: now });
		expect(await answer('personalisation', other)).toMatchObject({ allowed: true });
		expect(await objections.of(portal.as(), person.id)).toEqual(new Set(['personalisation']));
		expect((await audit.page(portal.as(), person.id, undefined, 1))[0]).toMatchObject({
			kind: 'purpose-objected',
			details: { purpose: 'personalisation' }
		});
		await choose('personalisation', true);
		expect(await answer('personalisation')).toMatchObject({ allowed: true });
	});

	test('is measured only after saying so, and no more once they switched it off', async () => {
		expect(await answer('analytics')).toEqual({ allowed: false, because: 'not-asked', since: null });
		await choose('analytics', true);
		expect(await answer('analytics')).toEqual({ allowed: true, because: 'chosen', since: now });
		await choose('analytics', false);
		expect(await answer('analytics')).toEqual({ allowed: false, because: 'switched-off', since: now });
	});

	test('who agreed to a partner agreed to its purpose, until they switch that off', async () => {
		await consents.grant(portal.as(), person, 'google-analytics', { language: 'en' });
		expect(await answer('analytics')).toMatchObject({ allowed: true, because: 'consented' });
		await choose('analytics', false);
		const asked = { partner: 'google-analytics', purpose: 'analytics', fields: ['visits.visitedAt'] };
		expect(await disclosures.release(portal.as(), person.id, [asked])).toMatchObject([
			{ fields: [{ code: 'purpose-objected' }] }
		]);
		await consents.withdraw(portal.as(), person, 'google-analytics', { language: 'en' });
		await consents.grant(portal.as(), person, 'google-analytics', { language: 'en' });
		expect(await answer('analytics')).toMatchObject({ allowed: true, because: 'chosen' });
		expect(await disclosures.release(portal.as(), person.id, [asked])).toMatchObject([
			{ released: ['visits.visitedAt'] }
		]);
	});

	test('cannot refuse what the service or a law needs', async () => {
		expect(await choose('membership', false)).toEqual({ refused: 'purpose-not-refusable' });
		expect(await choose('nothing', false)).toEqual({ refused: 'purpose-unknown' });
		expect(await answer('membership')).toMatchObject({ allowed: true, because: 'contract' });
	});

	test('who rests, and a child that waits, is left out of all that could be refused', async () => {
		const child = await mina(portal.as(), { role: 'student', country: 'KR' });
		expect(await answer('development', child)).toMatchObject({ allowed: false, because: 'awaiting-consent' });
		expect(await choose('analytics', true, portal.as(), child)).toEqual({ refused: 'awaiting-consent' });
		const resting = { ...person, pausedAt: now };
		expect(await answer('development', resting)).toMatchObject({ allowed: false, because: 'paused' });
		expect(await answer('membership', resting)).toMatchObject({ allowed: true });
	});

	test('gets no message for a purpose that is off, nor at an address that they contest', async () => {
		const may = (topic: string) => preferences.mayContact(portal.as(), person, 'email', topic);
		const on = { channel: 'email', topic: 'events', allowed: true };
		await preferences.set(portal.as(), person, [on], { origin: 'page' });
		expect(await may('events')).toMatchObject({ allowed: true });
		await choose('marketing', false);
		expect(await may('events')).toMatchObject({ allowed: false, because: 'purpose-off' });
		expect(await may('class-news')).toMatchObject({ allowed: true });
		const contest = { field: 'account.email', wrong: 'Not mine', right: '' };
		await corrections.open(as(portal.as(), person), person, contest);
		expect(await may('class-news')).toMatchObject({ allowed: false, because: 'under-correction' });
		expect(await may('account')).toMatchObject({ allowed: true, because: 'essential' });
	});
});

test('partners that serve the purpose are told of it', async () => {
	const organisation = structuredClone(portal.as().organisation);
	for (const partner of organisation.partners)
		if (partner.id === 'google-analytics') partner.webhook = 'https://analytics.example.com/hook';
	const ctx = { ...portal.as(), organisation };
	await choose('analytics', false, ctx);
	await choose('development', false, ctx);
	const calls = await ctx.db
		.selectFrom('partnerCall')
		.select(['partner', 'type'])
		.where('personId', '=', person.id)
		.execute();
	expect(calls).toEqual([{ partner: 'google-analytics', type: 'preference.changed' }]);
});

test('every choice comes out in the export and goes with the person', async () => {
	await choose('analytics', true);
	await choose('analytics', false);
	const [part] = await objectionsContract.collect(portal.as(), person.id);
	for await (const rows of part?.pages() ?? [])
		expect(rows).toMatchObject([
			{ purpose: 'analytics', allowed: 0, origin: 'page', at: now },
			{ purpose: 'analytics', allowed: 1 }
		]);
	expect(await objectionsContract.erase(portal.as(), person.id, 10)).toEqual({ destroyed: 2, done: true });
	expect(await answer('analytics')).toMatchObject({ because: 'not-asked' });
});

test('a child whom a guardian let in switches on nothing that rests on consent', async () => {
	const child = { ...(await mina(portal.as())), state: 'active' as const };
	const purpose = portal
		.as()
		.organisation.purposes.find(({ basis, refusable }) => basis === 'consent' && refusable);
	expect(await choose(purpose?.id ?? '', true, portal.as(), child)).toEqual({ refused: 'guardian-decides' });
	expect(await choose(purpose?.id ?? '', false, portal.as(), child)).toEqual({ changed: true });
});
