import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvLines } from './csv.ts';

const cellOf = (value: unknown): string => csvLines(['cell'], [{ cell: value }]).slice(0, -2);

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠1'])(
	'a spreadsheet program runs nothing of a text that begins with %j',
	(text) => {
		expect(cellOf(text).replace(/^"/, '')).toMatch(/^'/);
	}
);

test.each([
	['a;=1+1', `"a;'=1+1"`],
	['a\t+1', `"a\t'+1"`],
	['a|@b', `"a|'@b"`],
	['a\n-1', `"a\n'-1"`],
	['a;"=1"', `"a;""'=1"""`],
	['a;＝1', `"a;'＝1"`],
	['well-known; a = b, 5 - 3', '"well-known; a = b, 5 - 3"']
])('nor of %j, where the program parts cells elsewhere', (text, expected) => {
	expect(cellOf(text)).toBe(expected);
});

test('numbers stay numbers, negative ones too; lists are JSON; whatever is quoted reads back', () => {
	expect(cellOf(-5)).toBe('-5');
	expect(cellOf(0.5)).toBe('0.5');
	expect(cellOf(true)).toBe('true');
	expect(cellOf(null)).toBe('');
	expect(cellOf(['a', 'b'])).toBe('"[""a"",""b""]"');
	const row = { a: 'one, "two"\nthree', b: '수업', c: ';' };
	expect(parse(csvLines(['a', 'b', 'c'], [row]))).toEqual([[row.a, row.b, row.c]]);
});
