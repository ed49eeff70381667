import { beforeAll, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as accounts from '../accounts/accounts.ts';
import * as corrections from '../corrections/opening.ts';
import * as objections from '../objections/objections.ts';
import * as preferences from '../preferences/preferences.ts';
import * as withdrawal from '../withdrawal/withdrawal.ts';

const portal = portalForTest();

let person: Person;
let other: Person;
beforeAll(async () => {
	person = await alice(portal.as(), { role: 'student' });
	other = await bob(portal.as(), { role: 'student' });
});

const notes = async (who: Person) =>
	(await portal.as().db.selectFrom('contactChange').select('id').where('personId', '=', who.id).execute())
		.length;

const { role, language, timeZone, country } = {
	role: 'student',
	language: 'en',
	timeZone: 'Asia/Seoul',
	country: 'KR'
};
const change = { channel: 'email', topic: 'events', allowed: true };

test.each<[string, () => Promise<unknown>]>([
	['chooses', () => preferences.set(portal.as(), person, [change], { origin: 'page' })],
	['says stop', () => preferences.stopChannel(portal.as(), person, 'sms', 'sms')],
	['cannot be reached', () => preferences.block(portal.as(), person.id, 'email', 'bounced')],
	['can again', () => preferences.unblock(portal.as(), person.id, 'email', 'bounced')],
	['objects', () => objections.choose(portal.as(), person, { purpose: 'personalisation', allowed: false })],
	[
		'contests',
		() =>
			corrections.open(as(portal.as(), person), person, { field: 'account.email', wrong: 'No', right: '' })
	],
	[
		'is brought up to date',
		() => accounts.amend(portal.as(), person.id, { role, language, timeZone, country, identifiers: {} })
	],
	[
		'changes how they sign in',
		() => accounts.identifierChanges.changeUsername(portal.as(), person, 'alice-anew')
	],
	['is locked', () => accounts.guardianship.setLock(portal.as(), person.id, 'active', 'locked')],
	['is let go', () => accounts.guardianship.setLock(portal.as(), person.id, 'locked', 'active')],
	['rests', () => withdrawal.pause(portal.as(), person.id, true)],
	['leaves', () => withdrawal.request(portal.as(), person)],
	['stays', () => withdrawal.cancel(portal.as(), person)]
])('a change is noted of whoever %s, and of nobody else', async (_, act) => {
	const [before, beforeOther] = [await notes(person), await notes(other)];
	await act();
	expect(await notes(person)).toBeGreaterThan(before);
	expect(await notes(other)).toBe(beforeOther);
});
