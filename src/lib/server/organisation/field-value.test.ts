import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkValue, maxLengthOf } from './field-value.ts';
import type { Field } from './organisation.ts';

const types: Field['type'][] = [
	'text',
	'long-text',
	'email',
	'phone',
	'url',
	'date',
	'choice',
	'country',
	'language',
	'time-zone',
	'image',
	'list',
	'number',
	'instant'
];

const fieldOf = (type: Field['type']): Field => ({
	id: 'field',
	label: { en: 'Field' },
	type,
	required: false,
	editable: true,
	visibility: 'nobody',
	...(type === 'choice' && { choices: [{ id: 'one', label: { en: 'One' } }] })
});

const anyField = fc.constantFrom(...types).map(fieldOf);
const unseen = fc.constantFrom('\0', '\u0007', '\u202e', '\u2066', '\u009f', '\ud800');

describe('a value for a field', () => {
	test('of whatever shape is checked without an exception, and what passes passes again unchanged', () => {
		fc.assert(
			fc.property(
				anyField,
				fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })),
				(field, given) => {
					const checked = checkValue(field, given, 'KR');
					if ('value' in checked) expect(checkValue(field, checked.value, 'KR')).toEqual(checked);
					else expect(checked.problem.code).toMatch(/^[a-z-]+$/);
				}
			),
			{ numRuns: 2_000 }
		);
	});

	test('that holds a character which nobody can see is refused', () => {
		fc.assert(
			fc.property(
				fc.constantFrom('text', 'long-text', 'list', 'url', 'email'),
				fc.string(),
				unseen,
				fc.string(),
				(type, before, hidden, after) => {
					expect(
						checkValue(fieldOf(type as Field['type']), `x${before}${hidden}${after}x`, 'KR')
					).toHaveProperty('problem');
				}
			)
		);
	});

	test('is never longer than the description allows', () => {
		fc.assert(
			fc.property(
				fc.constantFrom('text', 'long-text'),
				fc.integer({ min: 1, max: 50 }),
				fc.string({ maxLength: 100 }),
				(type, maxLength, given) => {
					const field = { ...fieldOf(type as Field['type']), maxLength };
					const checked = checkValue(field, given, 'KR');
					if ('value' in checked)
						expect((checked.value as string).length).toBeLessThanOrEqual(maxLengthOf(field));
				}
			)
		);
	});

	test.each([
		['text', " <b>Robert'); drop table person;--</b> ", "<b>Robert'); drop table person;--</b>"],
		['text', '서연 👩‍👩‍👧', '서연 👩‍👩‍👧'],
		['long-text', 'one\r\ntwo', 'one\ntwo'],
		['email', 'name@example.com', 'name@example.com'],
		['phone', '010-2345-6789', '+821023456789'],
		['phone', '+34 612 34 56 78', '+34612345678'],
		['url', 'https://example.com/a?b=c', 'https://example.com/a?b=c'],
		['image', 'pictures/minjun.jpg', 'pictures/minjun.jpg'],
		['date', '2024-02-29', '2024-02-29'],
		['choice', 'one', 'one'],
		['country', 'KR', 'KR'],
		['language', 'ar', 'ar'],
		['time-zone', 'Asia/Seoul', 'Asia/Seoul'],
		['list', 'a\n\n b ', ['a', 'b']],
		['list', ['a'], ['a']],
		['number', '-1,5', -1.5],
		['number', 0, 0],
		['instant', '2026-11-22T10:00:00+09:00', '2026-11-22T01:00:00.000Z']
	] as const)('%s: %j is taken', (type, given, value) => {
		expect(checkValue(fieldOf(type), given, 'KR')).toEqual({ value });
	});

	test.each([
		['text', '', 'required'],
		['text', 'x'.repeat(201), 'too-long'],
		['text', 'two\nlines', 'control-characters'],
		['text', 7, 'wrong'],
		['email', 'name@', 'not-email'],
		['phone', 'call me', 'not-phone'],
		['url', 'javascript:alert(1)', 'not-url'],
		['image', 'javascript:alert(1)', 'not-url'],
		['date', '2026-02-30', 'not-date'],
		['choice', 'two', 'wrong'],
		['country', 'XX', 'wrong'],
		['language', '!!', 'wrong'],
		['time-zone', 'Mars/Olympus', 'wrong'],
		['list', Array.from({ length: 101 }, () => 'x'), 'too-many'],
		['list', [['x']], 'wrong'],
		['number', 'NaN', 'not-number'],
		['number', '1e9', 'not-number'],
		['instant', 'now', 'not-date']
	] as const)('%s: %j is refused', (type, given, code) => {
		expect(checkValue(fieldOf(type), given, 'KR')).toMatchObject({ problem: { code } });
	});
});
