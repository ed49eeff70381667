import { expect, test } from 'vitest';
import { rangeOf } from './range.ts';

const range = (value: string, condition?: string) =>
	rangeOf(new Headers({ range: value, ...(condition ? { 'if-range': condition } : {}) }), '"a"', 100);

test.each([
	['bytes=0-', { start: 0, end: 100 }],
	['bytes=10-19', { start: 10, end: 20 }],
	['bytes=90-500', { start: 90, end: 100 }],
	['bytes=-5', { start: 95, end: 100 }],
	['bytes=-500', { start: 0, end: 100 }],
	['bytes=100-', 'unsatisfiable'],
	['bytes=-0', 'unsatisfiable'],
	['bytes=5-4', undefined],
	['bytes=0-1,5-6', undefined],
	['lines=0-1', undefined],
	['bytes=-', undefined]
])('%s of a hundred bytes', (value, expected) => {
	expect(range(value)).toEqual(expected);
});

test('a range of something that changed is answered with the whole', () => {
	expect(range('bytes=10-19', '"b"')).toBeUndefined();
	expect(range('bytes=10-19', '"a"')).toEqual({ start: 10, end: 20 });
});
