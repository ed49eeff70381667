import { expect, test } from 'vitest';
import { saysOptOut } from './browser-signal.ts';

const sent = (...values: string[]) =>
	saysOptOut(new Headers(values.map((value): [string, string] => ['Sec-GPC', value])));

test('a browser says it by exactly 1, in one header or in one of several', () => {
	expect(sent('1')).toBe(true);
	expect(sent('0', '1')).toBe(true);
	expect(sent('1', 'yes')).toBe(true);
});

test.each(['', '0', 'true', '01', '1.0', '?1', '"1"', '11', '1;a=1'])(
	'%j is as if nothing was said',
	(value) => {
		expect(sent(value)).toBe(false);
		expect(sent(value, value)).toBe(false);
	}
);

test('nothing says nothing', () => {
	expect(sent()).toBe(false);
});
