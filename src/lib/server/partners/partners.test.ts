import { expect, test } from 'vitest';
import { loadOrganisation } from '../organisation/load.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { directory, fieldListVersion, recipientOf } from './partners.ts';

const organisation = loadOrganisation('examples/classting', { today: '2026-11-22' }) as Organisation;
const ids = (role?: string) =>
	directory(organisation, role).flatMap(({ recipients }) => recipients.map(({ partner }) => partner.id));

test('a person finds every partner of their role once, under its purpose', () => {
	for (const { purpose, recipients } of directory(organisation, 'student'))
		for (const { partner } of recipients) expect(partner.purpose).toBe(purpose.id);
	expect(new Set(ids('student')).size).toBe(ids('student').length);
	expect(ids('student')).toContain('quizgarden');
	expect(ids('parent')).not.toContain('quizgarden');
});

test('a stranger finds every partner of the description', () => {
	expect([...ids()].sort()).toEqual(organisation.partners.map(({ id }) => id).sort());
});

test('a person sees each field that a partner may get, and no field of another role', () => {
	expect(recipientOf(organisation, 'google-analytics', 'student')?.fields).toContain('visits.ipAddress');
	expect(recipientOf(organisation, 'paper-plane', 'student')?.fields).toEqual([
		'account.email',
		'account.name'
	]);
	expect(recipientOf(organisation, 'nobody', 'student')).toBeUndefined();
	const whole = recipientOf(organisation, 'hanul-cloud');
	for (const { category } of recipientOf(organisation, 'hanul-cloud', 'parent')?.given ?? [])
		expect(whole?.given.map(({ category: { id } }) => id)).toContain(category.id);
});

test('the version of a list changes with its fields, and not with their order', () => {
	expect(fieldListVersion(['a.b', 'c.d'])).toBe(fieldListVersion(['c.d', 'a.b']));
	expect(fieldListVersion(['a.b', 'c.d'])).not.toBe(fieldListVersion(['a.b']));
});
