// The time of a portal that runs, read by it from CANDOR_CLOCK_FILE.
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';

/** Where every portal of the tests begins: a Sunday morning on which both examples' policies are in force. */
export const beginning = '2026-11-22T09:00:00.000Z';

const units = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

export interface MovableClock {
	file: string;
	now(): Date;
	set(instant: string | Date): void;
	/** `clock.pass(8, 'days')` */
	pass(amount: number, unit: keyof typeof units): void;
}

export function movableClock(file: string, start: string | Date = beginning): MovableClock {
	const now = () => new Date(Date.parse(readFileSync(file, 'utf8')) + Date.now() - statSync(file).mtimeMs);
	const set = (instant: string | Date) => {
		// Renamed into place: the portal must never read half an instant.
		writeFileSync(`${file}.new`, new Date(instant).toISOString());
		renameSync(`${file}.new`, file);
	};
	set(start);
	return { file, now, set, pass: (amount, unit) => set(new Date(now().getTime() + amount * units[unit])) };
}
