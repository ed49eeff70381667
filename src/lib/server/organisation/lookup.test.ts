import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { third, today } from '../../../../tests/support/description.ts';
import { projectFolder } from '../platform/project-folder.ts';
import { loadOrganisation } from './load.ts';
import * as lookup from './lookup.ts';
import type { Organisation } from './organisation.ts';

function loaded(folder: string): Organisation {
	const organisation = loadOrganisation(folder, { today });
	if ('problems' in organisation) throw new Error(JSON.stringify(organisation.problems, null, '\t'));
	return organisation;
}

function found<T>(entry: T | undefined): T {
	if (entry === undefined) throw new Error('not described');
	return entry;
}

const library = loaded(third);
const classting = loaded(join(projectFolder, 'examples/classting'));
const card = found(lookup.categoryOf(library, 'card'));
const loans = found(lookup.categoryOf(library, 'loans'));
const bindery = found(lookup.partnerOf(library, 'bindery'));
const activity = found(lookup.categoryOf(classting, 'class-activity'));
const institute = found(lookup.partnerOf(classting, 'saessak-institute'));
const ids = (entries: readonly { id: string }[]) => entries.map(({ id }) => id);

describe('what concerns a person of a role', () => {
	test('a librarian has a card with a rota, and no loans', () => {
		expect(ids(lookup.categoriesOf(library, 'librarian'))).toEqual(['card']);
		expect(ids(lookup.fieldsOf(card, 'librarian'))).toEqual(['email', 'rota']);
	});

	test('a reader has loans, and a favourite shelf', () => {
		expect(ids(lookup.categoriesOf(library, 'reader'))).toEqual(['card', 'loans']);
		expect(ids(lookup.fieldsOf(card, 'reader'))).toEqual(['email', 'shelf']);
	});

	test('a partner that gets nothing of a role does not appear to it', () => {
		expect(ids(lookup.partnersOf(library, 'reader'))).toEqual(['bindery', 'reading-circle']);
		expect(lookup.partnersOf(library, 'librarian')).toEqual([]);
	});

	test('a partner gets the described fields of a category, and no other', () => {
		expect(ids(lookup.fieldsGiven(bindery, loans, 'reader'))).toEqual(['title']);
		expect(lookup.fieldsGiven(bindery, card, 'reader')).toEqual([]);
		expect(ids(lookup.recipientsOf(library, loans, 'reader'))).toEqual(['bindery']);
	});

	test('a whole category given means all fields of the role', () => {
		expect(ids(lookup.fieldsGiven(institute, activity, 'student'))).toContain('result');
		expect(ids(lookup.fieldsGiven(institute, activity, 'teacher'))).not.toContain('result');
	});

	test('a librarian is not invited to readings', () => {
		expect(ids(lookup.topicsOf(library, 'librarian'))).toEqual(['due']);
		expect(ids(lookup.topicsOf(library, 'reader'))).toEqual(['due', 'readings']);
	});

	test('a role that nobody described has nothing', () => {
		expect(lookup.categoriesOf(library, 'ghost')).toEqual([]);
		expect(lookup.partnersOf(library, 'ghost')).toEqual([]);
		expect(lookup.topicsOf(library, 'ghost')).toEqual([]);
	});
});

test('an identifier is found in the profile', () => {
	expect(lookup.identifierField(classting, 'phone')?.field.id).toBe('mobilePhone');
	expect(lookup.identifierField(library, 'phone')).toBeUndefined();
});

describe('the policy at an instant', () => {
	const on = (day: string) => new Date(`${day}T00:00:00Z`);

	test('changes on the day it takes effect, and is announced before', () => {
		expect(lookup.policyInForce(classting, on('2016-06-23'))?.version).toBe('2014-03-03');
		expect(lookup.policyInForce(classting, on('2016-06-24'))?.version).toBe('2016-06-24');
		expect(lookup.announcedPolicy(classting, on('2016-06-16'))).toBeUndefined();
		expect(lookup.announcedPolicy(classting, on('2016-06-17'))?.version).toBe('2016-06-24');
		expect(lookup.announcedPolicy(classting, on('2016-06-24'))).toBeUndefined();
	});

	test('is none before the first', () => {
		expect(lookup.policyInForce(classting, on('2014-03-02'))).toBeUndefined();
		expect(lookup.policyOf(classting, '2014-03-03')?.text['ko']).toContain('클래스팅');
	});
});

test('a child decides alone from the age that its country says', () => {
	expect(lookup.ageOfConsent(classting, 'KR')).toBe(14);
	expect(lookup.ageOfConsent(classting, 'US')).toBe(13);
	expect(lookup.ageOfConsent(classting, 'FR')).toBe(13);
});

test('where nobody described a rule for minors, everybody decides alone', () => {
	const { minors: _, ...without } = library;
	expect(lookup.ageOfConsent(without, 'ES')).toBe(0);
});
