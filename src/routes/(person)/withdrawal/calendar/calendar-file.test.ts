import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarFile, type Day } from './calendar-file.ts';

const day: Day = {
	uid: '0193-a',
	on: '2026-12-06',
	madeAt: new Date('2026-11-22T09:00:00.000Z'),
	summary: 'Classting',
	description: 'Your reminder'
};

/** What a calendar reads: unfolded lines by name, the first of each. */
const read = (file: string): Map<string, string> =>
	new Map(
		file
			.replaceAll('\r\n ', '')
			.split('\r\n')
			.toReversed()
			.map((line) => [line.split(/[;:]/)[0] ?? '', line.slice(line.indexOf(':') + 1)])
	);
const unescaped = (text: string) => text.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));

test('Alice’s calendar gets the day as a whole, and rings on the day before', () => {
	const file = calendarFile(day);
	expect(file).toContain('\r\nDTSTART;VALUE=DATE:20261206\r\n');
	expect(file).toContain('\r\nDTSTAMP:20261122T090000Z\r\n');
	expect(file).toContain('\r\nTRIGGER:-P1D\r\n');
	expect(file.endsWith('\r\nEND:VCALENDAR\r\n')).toBe(true);
	expect(read(file).get('UID')).toBe('0193-a');
});

test('no organisation’s name can write lines of its own', () => {
	const file = calendarFile({ ...day, summary: 'A\r\nATTENDEE:mailto:eve@example.com\nB\rC;D,E\\F\0' });
	expect(file).not.toMatch(/^ATTENDEE/m);
	expect(file).toContain('SUMMARY:A\\nATTENDEE:mailto:eve@example.com\\nB\\nC\\;D\\,E\\\\F\r\n');
});

test('whatever the name is, lines are short enough, and the name can be read again', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (summary) => {
			const written = summary.replace(/\r\n|\r/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '');
			const file = calendarFile({ ...day, summary: written });
			for (const line of file.split('\r\n')) {
				expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
				expect(Buffer.from(line).toString()).toBe(line);
			}
			expect(unescaped(read(file).get('SUMMARY') ?? '')).toBe(written);
		})
	);
	expect(calendarFile({ ...day, summary: '한국어 '.repeat(40) })).toContain('\r\n ');
});
