import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob, mina } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import * as objections from './objections.ts';
import { objectionsContract } from './personal-data.ts';
import { answers } from './purposes.ts';
import * as signal from './signal.ts';

const portal = portalForTest({ description: 'examples/classting' });
const now = '2026-11-22T09:00:00.000Z';
const later = '2026-11-25T09:00:00.000Z';
const meant = ['analytics', 'statistical-advertising'];

let ctx: Context;
let person: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move(now);
	person = await alice(portal.as(), { role: 'student' });
	other = await bob(portal.as(), { role: 'student' });
	ctx = as(portal.as(), person);
});

const hear = (who = person) => signal.honour(as(portal.as(), who), who);
const turn = (purpose: string, allowed: boolean) => objections.choose(ctx, person, { purpose, allowed });
const standing = async (purpose: string, who = person) => {
	const found = (await answers(portal.as(), who)).get(purpose);
	return found && { allowed: found.allowed, because: found.because, since: found.since };
};
const choices = async (who = person) =>
	(await objectionsContract.count(portal.as(), who.id))[0]?.records ?? 0;
const kinds = async () => (await audit.page(portal.as(), person.id, undefined, 20)).map(({ kind }) => kind);

describe('a browser that says "do not sell or share"', () => {
	test('means the purposes of cookies that are not needed, of who advertises, and what the description calls sold', () => {
		expect([...signal.purposesOf(ctx.organisation)].sort()).toEqual(meant);
		const organisation = structuredClone(ctx.organisation);
		for (const purpose of organisation.purposes)
			if (purpose.id === 'personalisation' || purpose.id === 'membership') purpose.sold = true;
		const [partner] = organisation.partners;
		if (partner) Object.assign(partner, { kind: 'advertising', purpose: 'marketing' });
		// Membership cannot be refused; such a description does not load.
		expect([...signal.purposesOf(organisation)].sort()).toEqual(
			[...meant, 'marketing', 'personalisation'].sort()
		);
	});

	test('is heard once: off from that moment, with its origin, in the activity, and nobody else is touched', async () => {
		expect(await hear()).toEqual([]);
		for (const purpose of meant)
			expect(await standing(purpose)).toEqual({ allowed: false, because: 'signalled', since: now });
		expect(await signal.honoured(ctx, person.id)).toEqual(
			expect.arrayContaining(meant.map((purpose) => ({ purpose, since: now })))
		);
		expect(await kinds()).toEqual(['purpose-off-by-signal', 'purpose-off-by-signal']);
		portal.clock.move(later);
		expect(await hear()).toEqual([]);
		expect(await choices()).toBe(2);
		expect(await choices(other)).toBe(0);
		expect(await signal.honoured(ctx, other.id)).toEqual([]);
	});

	test('is heard once by two requests at the same time', async () => {
		await Promise.all([hear(), hear(), hear()]);
		expect(await choices()).toBe(2);
	});

	test('takes the place of an objection too, and one that was there before stays the person’s own', async () => {
		await turn('analytics', true);
		await turn('analytics', false);
		await hear();
		expect(await standing('analytics')).toMatchObject({ because: 'switched-off' });
		expect((await signal.honoured(ctx, person.id)).map(({ purpose }) => purpose)).toEqual([
			'statistical-advertising'
		]);
	});

	test('of a child that waits for consent is heard, and asks nothing', async () => {
		const child = await mina(portal.as(), { role: 'student', country: 'KR' });
		expect(await hear(child)).toEqual([]);
		expect(await choices(child)).toBe(2);
	});
});

describe('a person who allowed something that their browser refuses', () => {
	test('before the signal came, keeps it until they are asked', async () => {
		await turn('analytics', true);
		portal.clock.move(later);
		const [conflict] = await hear();
		expect(conflict).toMatchObject({ purpose: 'analytics', since: now });
		expect(await standing('analytics')).toEqual({ allowed: true, because: 'chosen', since: now });
		expect(await standing('statistical-advertising')).toMatchObject({ because: 'signalled' });
	});

	test('after it, too: the signal undoes no later yes', async () => {
		await hear();
		portal.clock.move(later);
		await turn('analytics', true);
		expect(await hear()).toMatchObject([{ purpose: 'analytics', since: later }]);
		expect(await standing('analytics')).toMatchObject({ allowed: true });
	});

	test('and so by an agreement with a partner that serves it', async () => {
		await consents.grant(ctx, person, 'google-analytics', { language: 'en' });
		expect(await hear()).toEqual([{ purpose: 'analytics', choice: now, since: now }]);
		expect(await standing('analytics')).toMatchObject({ allowed: true, because: 'consented' });
		await signal.answer(ctx, person, { purpose: 'analytics', keep: true });
		expect(await hear()).toEqual([]);
		// Keeping is no new yes: without the agreement nothing is left of it.
		await consents.withdraw(ctx, person, 'google-analytics', { language: 'en' });
		expect(await standing('analytics')).toMatchObject({ allowed: false });
	});

	test('keeps it, and is asked about that choice no more, but about the next one', async () => {
		await turn('analytics', true);
		expect(await hear()).toHaveLength(1);
		expect(await signal.answer(ctx, person, { purpose: 'analytics', keep: true })).toEqual({ changed: true });
		expect(await hear()).toEqual([]);
		expect(await standing('analytics')).toMatchObject({ allowed: true, because: 'chosen', since: now });
		expect((await kinds())[0]).toBe('signal-kept');
		portal.clock.move(later);
		await turn('analytics', false);
		expect(await hear()).toEqual([]);
		await turn('analytics', true);
		expect(await hear()).toMatchObject([{ purpose: 'analytics', since: later }]);
	});

	test('follows the browser, and it is off with that origin', async () => {
		await turn('analytics', true);
		await hear();
		expect(await signal.answer(ctx, person, { purpose: 'analytics', keep: false })).toEqual({
			changed: true
		});
		expect(await standing('analytics')).toMatchObject({ allowed: false, because: 'signalled' });
		expect(await hear()).toEqual([]);
	});

	test('answers nothing that was not asked', async () => {
		await hear();
		const keep = (purpose: string) => signal.answer(ctx, person, { purpose, keep: true });
		expect(await keep('analytics')).toEqual({ changed: false });
		expect(await keep('membership')).toEqual({ refused: 'purpose-unknown' });
		expect(await keep('nothing')).toEqual({ refused: 'purpose-unknown' });
		expect(await standing('analytics')).toMatchObject({ allowed: false });
	});

	test('is not asked while they are leaving', async () => {
		await turn('analytics', true);
		expect(await hear({ ...person, state: 'leaving' })).toEqual([]);
	});
});

test('what was kept comes out in the export and goes with the person', async () => {
	await turn('analytics', true);
	await signal.answer(ctx, person, { purpose: 'analytics', keep: true });
	expect(await choices()).toBe(2);
	const [part] = await objectionsContract.collect(ctx, person.id);
	const rows = [];
	for await (const page of part?.pages() ?? []) rows.push(...page);
	expect(rows).toMatchObject([
		{ purpose: 'analytics', origin: 'page', allowed: 1 },
		{ purpose: 'analytics', origin: 'kept', allowed: 1, at: now }
	]);
	expect(await objectionsContract.erase(ctx, person.id, 1)).toEqual({ destroyed: 1, done: false });
	expect(await objectionsContract.erase(ctx, person.id, 10)).toEqual({ destroyed: 1, done: true });
	expect(await choices()).toBe(0);
});
