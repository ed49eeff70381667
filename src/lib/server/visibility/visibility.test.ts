import { beforeEach, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as corrections from '../corrections/opening.ts';
import * as profile from '../profile/profile.ts';
import { visibilityContract } from './personal-data.ts';
import * as visibility from './visibility.ts';

const portal = portalForTest({ description: 'examples/classting' });
const values = { name: 'Alice', introduction: 'Plays chess', gender: 'female' };

let person: Person;
let other: Person;
beforeEach(async () => {
	person = await alice(portal.as(), { role: 'student' });
	other = await bob(portal.as(), { role: 'student' });
	for (const owner of [person, other]) await profile.set(portal.as(), owner, values, 'sign-up');
});

const choose = (chosen: Record<string, string>) => visibility.choose(as(portal.as(), person), person, chosen);
const seen = async (viewer: visibility.Viewer, who = person) =>
	Object.fromEntries(
		(await visibility.seenBy(portal.as(), who, viewer)).map(({ code, value, restricted }) => [
			code,
			restricted ? 'restricted' : value
		])
	);

test('others see what the description says until the person decides, and then what they decided', async () => {
	expect(await seen('everyone')).toEqual({});
	expect(await seen('members')).toEqual({ 'account.name': 'Alice', 'profile.introduction': 'Plays chess' });
	expect(await choose({ 'profile.introduction': 'nobody', 'profile.gender': 'everyone' })).toEqual({
		changed: ['profile.introduction', 'profile.gender']
	});
	expect(await seen('members')).toEqual({ 'account.name': 'Alice', 'profile.gender': 'female' });
	expect(await seen('everyone')).toEqual({ 'profile.gender': 'female' });
	expect(await seen('owner')).toMatchObject({ 'profile.introduction': 'Plays chess' });
	expect(await seen('members', other)).toHaveProperty(['profile.introduction']);
	expect(await choose({ 'profile.gender': 'everyone' })).toEqual({ changed: [] });
});

test('name and picture stay as the description fixes them, and nothing else can be chosen', async () => {
	expect(await choose({ 'account.name': 'nobody', 'profile.nothing': 'nobody' })).toEqual({
		problems: { 'account.name': { code: 'wrong' }, 'profile.nothing': { code: 'unknown' } }
	});
	expect(await seen('members')).toHaveProperty(['account.name'], 'Alice');
});

test('what is contested is shown to nobody but the person', async () => {
	const contest = { field: 'profile.introduction', wrong: 'Wrong', right: '' };
	await corrections.open(as(portal.as(), person), person, contest);
	expect(await seen('members')).toMatchObject({ 'profile.introduction': 'restricted' });
	const [shown] = (await visibility.seenBy(portal.as(), person, 'members')).filter(
		({ restricted }) => restricted
	);
	expect(shown).not.toHaveProperty('value');
});

test('others see nothing of somebody who rests or leaves', async () => {
	expect(await seen('members', { ...person, pausedAt: '2026-11-22T09:00:00.000Z' })).toEqual({});
	expect(await seen('members', { ...person, state: 'leaving' })).toEqual({});
});

test('the choices come out in the export and go with the person', async () => {
	await choose({ 'profile.gender': 'everyone' });
	const [part] = await visibilityContract.collect(portal.as(), person.id);
	for await (const rows of part?.pages() ?? [])
		expect(rows).toMatchObject([{ field: 'profile.gender', viewers: 'everyone' }]);
	expect(await visibilityContract.erase(portal.as(), person.id, 5)).toEqual({ destroyed: 1, done: true });
});
