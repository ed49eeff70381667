import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { outboxOf } from '../../../../tests/support/outbox.ts';
import * as audit from '../audit/audit.ts';
import * as delivery from '../delivery/delivery.ts';
import type { Person } from '../accounts/accounts.ts';
import { preferencesContract } from './personal-data.ts';
import * as preferences from './preferences.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const news = { channel: 'email', topic: 'updates' };
const page = { origin: 'page' as const };

let somebody: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	somebody = await alice(portal.as());
	other = await bob(portal.as());
});

const decide = (allowed: boolean, choice = news) =>
	preferences.set(as(portal.as(), somebody), somebody, [{ ...choice, allowed }], page);
const answer = (choice = news) => preferences.mayContact(portal.as(), somebody, choice.channel, choice.topic);
const marketing = () => portal.as().organisation.topics.filter((topic) => topic.marketing && !topic.roles);

describe('a person decides which messages come', () => {
	test('before the first decision, the description says so', async () => {
		const topic = portal.as().organisation.topics.find(({ id }) => id === news.topic);
		expect(await answer()).toEqual({ allowed: topic?.default === 'on', because: 'default', since: null });
	});

	test('an opt-out counts at once, and nobody else is touched', async () => {
		await decide(true);
		await decide(false);
		expect(await answer()).toEqual({ allowed: false, because: 'decided', since: '2026-11-22T09:00:00.000Z' });
		expect((await preferences.history(portal.as(), other.id, undefined, 10)).length).toBe(0);
	});

	test('what holds already is not written again', async () => {
		await decide(false);
		const before = await preferences.history(portal.as(), somebody.id, undefined, 10);
		expect(await decide(false)).toEqual({ changed: 0, changeSet: null });
		expect(await preferences.history(portal.as(), somebody.id, undefined, 10)).toEqual(before);
	});

	test('essential messages can not be turned off, and unknown choices not be made', async () => {
		expect(await decide(false, { channel: 'email', topic: 'terms-policy' })).toEqual({
			refused: 'essential-topic'
		});
		expect(await decide(true, { channel: 'sms', topic: 'terms-policy' })).toEqual({
			refused: 'no-such-choice'
		});
		expect(await decide(true, { channel: 'pigeon', topic: news.topic })).toEqual({
			refused: 'no-such-choice'
		});
		expect(await decide(true, { channel: 'email', topic: 'bookings' })).toEqual({
			refused: 'no-such-choice'
		});
		expect(await answer({ channel: 'email', topic: 'terms-policy' })).toMatchObject({
			allowed: true,
			because: 'essential'
		});
	});

	test('stopping all marketing leaves essential messages alone and shows in the activity', async () => {
		const ctx = as(portal.as(), somebody);
		const everything = marketing().flatMap(({ id, channels }) =>
			channels.map((channel) => ({ channel, topic: id, allowed: true }))
		);
		await preferences.set(ctx, somebody, everything, page);
		const { changed } = await preferences.stopAllMarketing(ctx, somebody, 'page');
		expect(changed).toBe(everything.length);
		for (const { channel, topic } of everything)
			expect((await answer({ channel, topic })).allowed).toBe(false);
		expect((await answer({ channel: 'email', topic: 'sign-in-security' })).allowed).toBe(true);
		const [event] = await audit.page(portal.as(), somebody.id, undefined, 1);
		expect(event).toMatchObject({ kind: 'preferences-changed-page', details: { count: changed } });
		expect(await preferences.stopAllMarketing(ctx, somebody, 'page')).toMatchObject({ changed: 0 });
	});
});

describe('a person takes a change back', () => {
	test('within the hour everything is again as before, once', async () => {
		await decide(true);
		const changed = await decide(false);
		const changeSet = ('changeSet' in changed && changed.changeSet) || '';
		expect(await preferences.undoable(portal.as(), somebody.id)).toBe(changeSet);
		expect(await preferences.undo(portal.as(), somebody, changeSet)).toMatchObject({ changed: 1 });
		expect((await answer()).allowed).toBe(true);
		expect(await preferences.undo(portal.as(), somebody, changeSet)).toEqual({ refused: 'too-late-to-undo' });
	});

	test('the first change goes back to the default', async () => {
		const before = (await answer()).allowed;
		const changed = await decide(!before);
		await preferences.undo(portal.as(), somebody, ('changeSet' in changed && changed.changeSet) || '');
		expect((await answer()).allowed).toBe(before);
	});

	test("after an hour, and for somebody else's change, it is too late", async () => {
		const changed = await decide(!(await answer()).allowed);
		const changeSet = ('changeSet' in changed && changed.changeSet) || '';
		expect(await preferences.undo(portal.as(), other, changeSet)).toEqual({ refused: 'too-late-to-undo' });
		portal.clock.move('2026-11-22T10:00:01.000Z');
		expect(await preferences.undo(portal.as(), somebody, changeSet)).toEqual({ refused: 'too-late-to-undo' });
	});
});

describe('what stands above a choice', () => {
	test.each([
		[{ pausedAt: '2026-11-01T00:00:00.000Z' }, 'paused'],
		[{ state: 'leaving' as const }, 'leaving'],
		[{ state: 'awaiting-consent' as const }, 'awaiting-consent']
	])('%o stops everything but what is essential', async (situation, because) => {
		await decide(true);
		const person = { ...somebody, ...situation };
		expect(await preferences.mayContact(portal.as(), person, news.channel, news.topic)).toMatchObject({
			allowed: false,
			because
		});
		expect(await preferences.mayContact(portal.as(), person, 'email', 'terms-policy')).toMatchObject({
			allowed: true
		});
	});

	test('nothing at all goes to somebody who is being erased', async () => {
		const answer = await preferences.mayContact(
			portal.as(),
			{ ...somebody, state: 'erasing' },
			'email',
			'terms-policy'
		);
		expect(answer).toMatchObject({ allowed: false, because: 'erasing' });
	});
});

describe('an import of old decisions', () => {
	const old = { origin: 'import' as const, at: new Date('2025-01-01T00:00:00.000Z') };

	test('overrides nothing newer, and brings nothing twice', async () => {
		await decide(!(await answer()).allowed);
		const now = await answer();
		await preferences.set(portal.as(), somebody, [{ ...news, allowed: !now.allowed }], old);
		expect(await answer()).toEqual(now);
		expect(
			await preferences.set(portal.as(), somebody, [{ ...news, allowed: !now.allowed }], old)
		).toMatchObject({ changed: 0 });
		expect(
			(await preferences.history(portal.as(), somebody.id, undefined, 10)).map(({ origin }) => origin)
		).toEqual(['page', 'import']);
	});
});

describe('the link at the foot of a message', () => {
	test('opens to what it was made for, and says nothing to others', () => {
		const url = preferences.makeUnsubscribeUrl(portal.as(), somebody, news.channel, news.topic);
		const token = new URL(url).pathname.split('/').at(-1) ?? '';
		expect(preferences.readUnsubscribeToken(portal.as(), token)).toEqual({
			personId: somebody.id,
			...news,
			language: somebody.language
		});
		for (const secret of [somebody.id, news.topic, somebody.externalId])
			expect(Buffer.from(token, 'base64url').includes(secret)).toBe(false);
		expect(preferences.readUnsubscribeToken(portal.as(), `${token.slice(0, -4)}AAAA`)).toBeUndefined();
		expect(preferences.readUnsubscribeToken(portal.as(), 'x'.repeat(100_000))).toBeUndefined();
		expect(() => preferences.makeUnsubscribeUrl(portal.as(), somebody, 'email', 'terms-policy')).toThrow();
	});

	test('travels with the message it belongs to', async () => {
		const unsubscribeUrl = preferences.makeUnsubscribeUrl(portal.as(), somebody, news.channel, news.topic);
		await delivery.send(portal.as(), somebody.id, {
			template: 'topic-sample',
			values: { topic: 'News' },
			unsubscribeUrl
		});
		expect(await outboxOf(portal.as(), somebody.id)).toMatchObject([{ channel: 'email', unsubscribeUrl }]);
	});
});

test('the contract counts, gives out and destroys every decision', async () => {
	await decide(true);
	await decide(false);
	for (const allowed of [true, false])
		await preferences.set(portal.as(), other, [{ ...news, allowed }], page);
	const others = (await preferencesContract.count(portal.as(), other.id))[0]?.records;
	const records = (await preferencesContract.count(portal.as(), somebody.id))[0]?.records;
	const [part] = await preferencesContract.collect(portal.as(), somebody.id);
	const rows = [];
	for await (const some of part?.pages() ?? []) rows.push(...some);
	expect(rows.length).toBe(part?.expected);
	expect(records).toBe(rows.length);
	expect(rows[0]).toMatchObject({ ...news, allowed: false, origin: 'page' });
	expect((await preferencesContract.erase(portal.as(), somebody.id, 1)).done).toBe(false);
	while (!(await preferencesContract.erase(portal.as(), somebody.id, 1)).done);
	expect((await preferencesContract.count(portal.as(), somebody.id))[0]?.records).toBe(0);
	expect(others).toBeGreaterThan(0);
	expect((await preferencesContract.count(portal.as(), other.id))[0]?.records).toBe(others);
});
