import { describe, expect, test } from 'vitest';
import type { Context } from '../../context.ts';
import type { RequestKind } from '../../schema.ts';
import { confirmationDue, dueFor, dueWhenExtended, sourceOf, type Asker } from './clock.ts';
import { rules, type Regime } from './rules.ts';

const everyRegime = [...new Set(rules.map(({ regime }) => regime))];
const describing = (regimes: readonly Regime[] = everyRegime, answerDays = 400) =>
	({ organisation: { requests: { regimes, answerDays, fees: [] } } }) as unknown as Context;

const spain: Asker = { country: 'ES', region: null, timeZone: 'Europe/Madrid' };
const korea: Asker = { country: 'KR', region: null, timeZone: 'Asia/Seoul' };
const california: Asker = { country: 'US', region: 'CA', timeZone: 'America/Los_Angeles' };
const noon = (day: string) => new Date(`${day}T12:00:00.000Z`);
const due = (person: Asker, kind: RequestKind, day: string, answerDays?: number) => {
	const { dueOn, rule } = dueFor(describing(everyRegime, answerDays), person, {
		kind,
		receivedAt: noon(day)
	});
	return `${dueOn} ${rule}`;
};

describe('what the law says, in days', () => {
	test('Europe: a month; one too short ends with its last day, and a day of rest runs on (Reg. 1182/71)', () => {
		expect(due(spain, 'access', '2027-01-31')).toBe('2027-03-01 gdpr');
		expect(due(spain, 'erasure', '2027-02-01')).toBe('2027-03-01 gdpr');
		// Epiphany, a holiday there, is a Wednesday.
		expect(due(spain, 'access', '2026-12-06')).toBe('2027-01-07 gdpr');
		expect(due({ ...spain, country: 'DE' }, 'access', '2026-12-06')).toBe('2027-01-06 gdpr');
		// Good Friday, Saturday, Sunday and Easter Monday.
		expect(due({ country: 'GB', region: null, timeZone: 'Europe/London' }, 'access', '2027-02-26')).toBe(
			'2027-03-30 uk-gdpr'
		);
	});

	test('Europe: two months more, counted from the receipt', () => {
		const asked = { kind: 'access' as const, receivedAt: noon('2027-01-31') };
		expect(dueWhenExtended(describing(), spain, asked)).toMatchObject({ dueOn: '2027-04-30', rule: 'gdpr' });
	});

	test('California: receipt confirmed in ten business days, without Christmas and New Year', () => {
		const asked = { kind: 'access' as const, receivedAt: noon('2026-12-18') };
		expect(confirmationDue(describing(), california, asked)).toMatchObject({
			dueOn: '2027-01-05',
			rule: 'ccpa-confirm'
		});
	});

	test('California: 45 calendar days, 90 at most, none of them put off by a Sunday', () => {
		expect(due(california, 'access', '2026-12-18')).toBe('2027-02-01 ccpa');
		expect(due(california, 'erasure', '2026-11-19')).toBe('2027-01-03 ccpa');
		const asked = { kind: 'erasure' as const, receivedAt: noon('2026-11-19') };
		expect(dueWhenExtended(describing(), california, asked).dueOn).toBe('2027-02-17');
	});

	test('California: an opt-out in 15 business days, a disclosure under 1798.83 in 30 days', () => {
		expect(due(california, 'objection', '2026-12-18')).toBe('2027-01-12 ccpa-opt-out');
		expect(due(california, 'california-disclosure', '2026-12-18')).toBe(
			'2027-01-17 california-shine-the-light'
		);
	});

	test('Korea: ten days, and a day of rest runs on (Civil Act Art. 157, 161)', () => {
		expect(due(korea, 'access', '2026-11-21')).toBe('2026-12-01 pipa');
		expect(due(korea, 'correction', '2026-11-21')).toBe('2026-12-01 pipa-correction');
		expect(due(korea, 'restriction', '2026-11-21')).toBe('2026-12-01 pipa-suspension');
		// 5 February 2027 is a Friday; the new year holidays begin on the Saturday and end on Tuesday.
		expect(due(korea, 'access', '2027-01-27')).toBe('2027-02-10 pipa');
		const asked = { kind: 'access' as const, receivedAt: noon('2026-11-21') };
		expect(dueWhenExtended(describing(), korea, asked).dueOn).toBe('2026-12-11');
		const correction = { kind: 'correction' as const, receivedAt: noon('2026-11-21') };
		expect(dueWhenExtended(describing(), korea, correction).dueOn).toBe('2026-12-01');
	});

	test('United States: school records in 45 days, and data of children below thirteen', () => {
		const newYork = { country: 'US', region: 'NY', timeZone: 'America/New_York' };
		expect(due(newYork, 'access', '2027-01-31')).toBe('2027-03-17 ferpa');
		expect(due({ ...newYork, bornOn: '2015-06-01' }, 'erasure', '2027-01-31')).toBe('2027-03-17 coppa');
		expect(due({ ...newYork, bornOn: '2010-06-01' }, 'erasure', '2027-01-31', 50)).toBe(
			'2027-03-22 own-word'
		);
	});
});

describe('which of them counts', () => {
	test('the shortest that fits the person, and the law where the word of the organisation names the same day', () => {
		expect(due(korea, 'access', '2026-11-21', 5)).toBe('2026-11-26 own-word');
		expect(due(korea, 'access', '2026-11-21', 10)).toBe('2026-12-01 pipa');
		expect(
			due({ country: 'BR', region: null, timeZone: 'America/Sao_Paulo' }, 'access', '2027-01-31', 60)
		).toBe('2027-04-01 own-word');
	});

	test('no law that the description does not name, and none for what it says nothing about', () => {
		const asked = { kind: 'access' as const, receivedAt: noon('2026-11-21') };
		expect(dueFor(describing(['gdpr'], 60), korea, asked).rule).toBe('own-word');
		expect(due(spain, 'question', '2026-11-21', 30)).toBe('2026-12-21 own-word');
		expect(due(spain, 'california-disclosure', '2026-11-21', 30)).toBe('2026-12-21 own-word');
	});

	test('no law before it is in force', () => {
		expect(due(spain, 'access', '2018-05-24', 60)).toBe('2018-07-23 own-word');
		expect(due(spain, 'access', '2018-05-25', 60)).toBe('2018-06-25 gdpr');
	});

	test('the days of the place where the person lives', () => {
		const receivedAt = new Date('2026-11-21T16:00:00.000Z');
		expect(dueFor(describing(), korea, { kind: 'access', receivedAt }).dueOn).toBe('2026-12-02');
		const due = dueFor(describing(), california, { kind: 'access', receivedAt });
		expect(due.dueAt.toISOString()).toBe('2027-01-06T07:59:59.999Z');
	});
});

test('each rule names where it is written, and its id stands once', () => {
	expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
	for (const { id, source } of rules) expect([id, source]).toEqual([id, expect.stringMatching(/[§.]/)]);
	expect(sourceOf('own-word')).toBeUndefined();
});
