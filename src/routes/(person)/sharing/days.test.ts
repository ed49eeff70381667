import { expect, test } from 'vitest';
import { startOfDay } from './days';

test('a day begins where the person lives', () => {
	expect(startOfDay('2026-11-22', 'UTC')).toBe('2026-11-22T00:00:00.000Z');
	expect(startOfDay('2026-11-22', 'Asia/Seoul')).toBe('2026-11-21T15:00:00.000Z');
	expect(startOfDay('2026-11-22', 'America/Los_Angeles', 1)).toBe('2026-11-23T08:00:00.000Z');
	expect(startOfDay('2026-03-29', 'Europe/Madrid')).toBe('2026-03-28T23:00:00.000Z');
	expect(startOfDay('2026-03-29', 'Europe/Madrid', 1)).toBe('2026-03-29T22:00:00.000Z');
});

test('what is no day is passed over', () => {
	for (const wrong of [
		null,
		'',
		'yesterday',
		'2026-02-30',
		'2026-13-01',
		'2026-11-22T00:00',
		'２０２６-11-22'
	])
		expect(startOfDay(wrong, 'UTC')).toBeUndefined();
});
