// One day as an iCalendar file (RFC 5545), with an alarm on the day before.

export interface Day {
	uid: string;
	/** `2026-12-06`. */
	on: string;
	/** When the entry was made. */
	madeAt: Date;
	summary: string;
	description: string;
}

/** Octets of a line without its end (RFC 5545 §3.1). */
const longestLine = 75;

const escaped = (text: string): string =>
	text
		.replace(/[\\;,]/g, (sign) => `\\${sign}`)
		.replace(/\r\n|[\r\n]/g, '\\n')
		.replace(/[^\P{Cc}\t]/gu, '');

/** Folds by octets, and never inside a character. */
function folded(line: string): string {
	const lines = [''];
	let octets = 0;
	for (const character of line) {
		const size = Buffer.byteLength(character);
		if (octets + size > longestLine) {
			lines.push(' ');
			octets = 1;
		}
		lines[lines.length - 1] += character;
		octets += size;
	}
	return lines.join('\r\n');
}

const stamp = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

export function calendarFile({ uid, on, madeAt, summary, description }: Day): string {
	const lines = [
		'BEGIN:VCALENDAR',
		'VERSION:2.0',
		'PRODID:-//Candor//Privacy center//EN',
		'BEGIN:VEVENT',
		`UID:${escaped(uid)}`,
		`DTSTAMP:${stamp(madeAt)}`,
		`DTSTART;VALUE=DATE:${on.replaceAll('-', '')}`,
		`SUMMARY:${escaped(summary)}`,
		`DESCRIPTION:${escaped(description)}`,
		'CLASS:PRIVATE',
		'TRANSP:TRANSPARENT',
		'BEGIN:VALARM',
		'ACTION:DISPLAY',
		'TRIGGER:-P1D',
		`DESCRIPTION:${escaped(summary)}`,
		'END:VALARM',
		'END:VEVENT',
		'END:VCALENDAR'
	];
	return lines.map((line) => `${folded(line)}\r\n`).join('');
}
