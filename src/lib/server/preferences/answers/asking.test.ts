import { beforeAll, expect, test } from 'vitest';
import { alice, bob } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import * as preferences from '../preferences.ts';

const portal = portalForTest({ description: 'examples/classting' });
const now = '2026-11-22T09:00:00.000Z';

let person: Person;
let other: Person;
beforeAll(async () => {
	person = await alice(portal.as(), { role: 'student' });
	other = await bob(portal.as(), { role: 'student' });
});

const ask = (...questions: [string, string, string][]) =>
	preferences.ask(
		portal.as(),
		questions.map(([person, channel, topic]) => ({ person, channel, topic }))
	);

test('many questions are answered in order, each with its reason', async () => {
	await preferences.set(portal.as(), person, [{ channel: 'email', topic: 'events', allowed: true }], {
		origin: 'page'
	});
	expect(
		await ask(
			[person.externalId, 'email', 'events'],
			['nobody', 'email', 'events'],
			[other.externalId, 'email', 'events'],
			[person.externalId, 'email', 'account'],
			[person.externalId, 'pigeon', 'events'],
			[person.externalId, 'email', 'events']
		)
	).toEqual([
		{ allowed: true, because: 'decided', since: now },
		{ allowed: false, because: 'person-unknown', since: null },
		{ allowed: false, because: 'default', since: null },
		{ allowed: true, because: 'essential', since: null },
		{ allowed: false, because: 'no-such-choice', since: null },
		{ allowed: true, because: 'decided', since: now }
	]);
	expect(await ask()).toEqual([]);
});

test('a refusal is known to the very next question', async () => {
	for (const allowed of [true, false, true]) {
		const change = { channel: 'sms', topic: 'class-news', allowed };
		await preferences.set(portal.as(), other, [change], { origin: 'page' });
		expect(await ask([other.externalId, 'sms', 'class-news'])).toMatchObject([{ allowed }]);
	}
	await preferences.stopChannel(portal.as(), other, 'sms', 'sms');
	expect(await ask([other.externalId, 'sms', 'class-news'])).toMatchObject([{ allowed: false }]);
});

test('who had everything destroyed is known by the tombstone, and by nothing else', async () => {
	const refuse = [{ kind: 'external', value: 'gone-1' }];
	await portal.as().keys.destroy({ personId: 'gone', refuse });
	expect(await ask(['gone-1', 'email', 'account'])).toEqual([
		{ allowed: false, because: 'person-erased', since: null }
	]);
});

test('ten thousand are answered at once', async () => {
	const many = Array.from({ length: preferences.mostQuestions }, (_, index) =>
		index % 2 ? person.externalId : `nobody-${index}`
	);
	const answers = await ask(...many.map((id): [string, string, string] => [id, 'email', 'account']));
	expect(answers.length).toBe(preferences.mostQuestions);
	expect(answers.every(({ allowed }, index) => allowed === (index % 2 === 1))).toBe(true);
});
