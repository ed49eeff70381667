import { expect, test } from 'vitest';
import { chosenIn, keepChosen, orderForm } from './chosen.ts';

test('what a person unticked before the proof is not ticked again after it', () => {
	const parameters = new URLSearchParams('category=a&category=b&since=2026-01-01&lang=ko');
	const chosen = { since: '', until: '2026-02-01', 'volume-size': '50' };
	keepChosen(parameters, { ...chosen, categories: ['b'] });
	expect(parameters.getAll('category')).toEqual(['b']);
	expect(chosenIn(parameters)).toMatchObject(chosen);
	expect(parameters.get('lang')).toBe('ko');
});

test.each([
	['1900-01-01', true],
	['2999-12-31', true],
	['9999-12-31', false],
	['1899-12-31', false],
	['2026-02-30', false]
])('a time until %s: %s', (until, isTaken) => {
	expect(orderForm.safeParse({ until }).success).toBe(isTaken);
});
