import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as preferences from './preferences.ts';
import type { WayOut } from './unsubscribe.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const now = '2026-11-22T09:00:00.000Z';
const page = { origin: 'page' as const };

let person: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move(now);
	person = await alice(portal.as());
	other = await bob(portal.as());
});

const tokenOf = (who = person, topic = 'news', ctx = portal.as()) =>
	preferences.makeUnsubscribeUrl(ctx, who, 'email', topic).split('/').at(-1) ?? '';
const wayOutOf = (who = person, topic = 'news'): WayOut => {
	const read = preferences.readUnsubscribeToken(portal.as(), tokenOf(who, topic));
	if (!read) throw new Error('the token does not open');
	return read;
};
const stop = (wayOut = wayOutOf(), origin: 'one-click' | 'footer-link' = 'one-click', ctx = portal.as()) =>
	preferences.stop(ctx, wayOut, origin);
const history = (who = person) => preferences.history(portal.as(), who.id, undefined, 20);
const may = (who = person) => preferences.mayContact(portal.as(), who, 'email', 'news');

describe('the link at the foot of a message', () => {
	test('opens to what it was made for, for ever, and to nobody else', () => {
		const token = tokenOf();
		portal.clock.move('2046-11-22T09:00:00.000Z');
		expect(preferences.readUnsubscribeToken(portal.as(), token)).toEqual({
			personId: person.id,
			channel: 'email',
			topic: 'news',
			language: person.language
		});
		// The last character of Base64 has spellings that mean the same bits: change one in the middle.
		const forged = token.slice(0, 50) + (token[50] === 'A' ? 'B' : 'A') + token.slice(51);
		for (const wrong of ['', 'x', forged, token.slice(0, -4), 'A'.repeat(5_000), '%00'])
			expect(preferences.readUnsubscribeToken(portal.as(), wrong)).toBeUndefined();
		const undo = portal.as().keys.makeToken('unsubscribe-undo', { p: person.id, s: 'x' });
		expect(preferences.readUnsubscribeToken(portal.as(), undo)).toBeUndefined();
	});

	test('says nothing: no id, no topic, and of the same length for every topic and person', () => {
		const topics = portal
			.as()
			.organisation.topics.filter(
				({ essential, channels, roles }) => !essential && !roles && channels.includes('email')
			);
		const tokens = topics.flatMap(({ id }) => [tokenOf(person, id), tokenOf(other, id)]);
		expect(topics.length).toBeGreaterThan(2);
		expect(new Set(tokens.map(({ length }) => length)).size).toBe(1);
		expect(new Set(tokens).size).toBe(tokens.length);
		expect(tokenOf()).not.toBe(tokenOf());
		for (const token of tokens) {
			expect(token).toMatch(/^[A-Za-z0-9_-]{100,130}$/);
			const bytes = Buffer.from(token, 'base64url');
			for (const known of ['news', 'email', person.externalId, person.id.replaceAll('-', '')]) {
				expect(bytes.toString('latin1')).not.toContain(known);
				expect(bytes.toString('hex')).not.toContain(known);
				expect(token).not.toContain(known);
			}
		}
	});

	test('is made for no essential topic', () => {
		expect(() => tokenOf(person, 'terms-policy')).toThrow();
	});
});

describe('a stop', () => {
	test('by a mail program and by a hand are told apart, and nobody else is touched', async () => {
		expect(await stop()).toMatchObject({ changed: 1 });
		expect(await may()).toEqual({ allowed: false, because: 'decided', since: now });
		expect((await history())[0]).toMatchObject({ topic: 'news', allowed: false, origin: 'one-click' });
		expect((await audit.page(portal.as(), person.id, undefined, 1))[0]).toMatchObject({
			kind: 'preferences-changed-one-click',
			details: { count: 1 }
		});
		await stop(wayOutOf(other), 'footer-link');
		expect((await history(other))[0]).toMatchObject({ origin: 'footer-link' });
		expect(await history(other)).toHaveLength(1);
		expect(await history()).toHaveLength(1);
	});

	test('that comes again, also many times at once, is written once', async () => {
		const outcomes = await Promise.all(Array.from({ length: 20 }, () => stop()));
		expect(outcomes.filter(({ changed }) => changed)).toHaveLength(1);
		expect(await stop()).toEqual({ changed: 0, changeSet: null });
		expect(await stop(wayOutOf(), 'footer-link')).toEqual({ changed: 0, changeSet: null });
		expect(await history()).toHaveLength(1);
	});

	test('of many people at once reaches each of them', async () => {
		const people = await Promise.all(
			Array.from({ length: 40 }, () => alice(portal.as(), { password: undefined }))
		);
		const outcomes = await Promise.all(people.map((who) => stop(wayOutOf(who))));
		expect(new Set(outcomes.map(({ changeSet }) => changeSet)).size).toBe(people.length);
		for (const who of people) {
			expect(await history(who)).toMatchObject([{ topic: 'news', allowed: false }]);
			expect((await audit.page(portal.as(), who.id, undefined, 1))[0]?.kind).toBe(
				'preferences-changed-one-click'
			);
		}
		const notes = await portal.as().db.selectFrom('contactChange').select(['personId', 'topic']).execute();
		for (const { id } of people) expect(notes).toContainEqual({ personId: id, topic: 'news' });
	});

	test('of somebody who is being erased, or was, is answered and writes nothing', async () => {
		const wayOut = wayOutOf();
		await portal
			.as()
			.db.updateTable('person')
			.set({ state: 'erasing' })
			.where('personId', '=', person.id)
			.execute();
		const gone = { ...wayOut, personId: portal.as().ids.next() };
		const outcomes = await Promise.all([stop(wayOut), stop(gone), stop(wayOutOf(other))]);
		expect(outcomes.map(({ changed }) => changed)).toEqual([0, 0, 1]);
		expect(await history()).toEqual([]);
	});

	test('is kept where the topic has gone from the description, or the person’s role has changed', async () => {
		const organisation = structuredClone(portal.as().organisation);
		organisation.topics = organisation.topics.filter(({ id }) => id !== 'news');
		const ctx: Context = { ...portal.as(), organisation };
		expect(await stop(wayOutOf(), 'one-click', ctx)).toMatchObject({ changed: 1 });
		expect(await may()).toMatchObject({ allowed: false, because: 'decided' });
	});

	test('counts until a later yes, which takes a sign-in, and after everything was started again', async () => {
		await stop();
		await preferences.set(
			as(portal.as(), person),
			person,
			[{ channel: 'email', topic: 'news', allowed: true }],
			page
		);
		expect(await may()).toMatchObject({ allowed: true });
		expect(await stop()).toMatchObject({ changed: 1 });
		expect(await may()).toMatchObject({ allowed: false });
	});
});

describe('the one undo', () => {
	const setOf = async () => (await stop(wayOutOf(), 'footer-link')).changeSet ?? '';
	const undo = (changeSet: string, who = person) => preferences.undo(portal.as(), who, changeSet);
	const late = { refused: 'too-late-to-undo' };

	test('counts once, and not again from a copy of the form', async () => {
		const set = await setOf();
		expect(await undo(set)).toMatchObject({ changed: 1 });
		expect(await may()).toMatchObject({ allowed: true });
		expect(await undo(set)).toEqual(late);
		await stop();
		expect(await undo(set)).toEqual(late);
		expect(await may()).toMatchObject({ allowed: false });
	});

	test('counts once of two that come together', async () => {
		const set = await setOf();
		const outcomes = await Promise.all([undo(set), undo(set)]);
		expect(outcomes.filter((outcome) => 'changed' in outcome)).toHaveLength(1);
	});

	test('counts for an hour, and only while nothing else was decided', async () => {
		const set = await setOf();
		portal.clock.move('2026-11-22T10:00:01.000Z');
		expect(await undo(set)).toEqual(late);
		await preferences.set(
			as(portal.as(), person),
			person,
			[{ channel: 'email', topic: 'news', allowed: true }],
			page
		);
		const next = await setOf();
		await stop(wayOutOf(person, 'updates'));
		expect(await undo(next)).toEqual(late);
		expect(await may()).toMatchObject({ allowed: false });
	});

	test('of somebody else counts for nothing', async () => {
		expect(await undo(await setOf(), other)).toEqual(late);
		expect(await may()).toMatchObject({ allowed: false });
	});
});
