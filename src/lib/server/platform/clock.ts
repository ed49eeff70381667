// Promise: nobody else asks the machine what time it is.
import { readFileSync, statSync } from 'node:fs';

export interface Clock {
	now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands at `at` until it is moved; for tests. */
export function fixedClock(at: string | Date): Clock & { move(to: string | Date): void } {
	let current = new Date(at);
	return {
		now: () => new Date(current),
		move: (to) => {
			current = new Date(to);
		}
	};
}

/**
 * The demonstration's clock: the instant written in `file`, read again whenever the file changed, plus the time that
 * has passed since it was written, so that two events do not fall on the same millisecond.
 */
export function fileClock(file: string): Clock {
	let changedAt = -1;
	let start = 0;
	return {
		now: () => {
			const { mtimeMs } = statSync(file);
			if (mtimeMs !== changedAt) {
				start = Date.parse(readFileSync(file, 'utf8').trim());
				if (Number.isNaN(start)) throw new Error(`CANDOR_CLOCK_FILE: ${file} holds no instant`);
				changedAt = mtimeMs;
			}
			return new Date(start + Math.max(0, Date.now() - mtimeMs));
		}
	};
}

/** `2026-11-22T00:32:20.000Z`: the only form in which instants are stored. */
export const instant = (date: Date): string => date.toISOString();

/** `2026-11-22`, the UTC day of an instant. */
export const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

const wallClocks = new Map<string, Intl.DateTimeFormat>();

/** Kept: making one costs more than everything that it is asked. */
function wallClockIn(timeZone: string): Intl.DateTimeFormat {
	const kept = wallClocks.get(timeZone);
	if (kept) return kept;
	const made = new Intl.DateTimeFormat('en-US', {
		timeZone,
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
		hourCycle: 'h23'
	});
	wallClocks.set(timeZone, made);
	return made;
}

/** How far the zone's wall clock is ahead of UTC at an instant, in milliseconds. */
function aheadAt(at: Date, timeZone: string): number {
	const part = Object.fromEntries(
		wallClockIn(timeZone)
			.formatToParts(at)
			.map(({ type, value }) => [type, Number(value)])
	);
	const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
	return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000;
}

/** `2026-11-23`: the day that it is at that instant in a time zone. */
export const localDay = (at: Date, timeZone: string): string =>
	dayOf(new Date(at.getTime() + aheadAt(at, timeZone)));

/** `21:30`: the time of day that it is at that instant in a time zone. */
export const localTime = (at: Date, timeZone: string): string =>
	instant(new Date(at.getTime() + aheadAt(at, timeZone))).slice(11, 16);

/** The instant of a day at which clocks in a time zone show `21:30`. Asked twice: they may be turned between UTC and there. */
export function timeOfDay(day: string, time: string, timeZone: string): Date {
	const there = Date.parse(`${day}T${time}:00.000Z`);
	const guess = new Date(there - aheadAt(new Date(there), timeZone));
	return new Date(there - aheadAt(guess, timeZone));
}

/** The first instant of a day in a time zone. */
export const startOfDay = (day: string, timeZone: string): Date => timeOfDay(day, '00:00', timeZone);

/** The last instant of a day in a time zone. */
export const endOfDay = (day: string, timeZone: string): Date =>
	after(startOfDay(dayOf(after(new Date(day), 1, 'days')), timeZone), -1 / 1000, 'seconds');

const units = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** `after(now, 5, 'minutes')`; a negative amount goes back. */
export const after = (date: Date, amount: number, unit: keyof typeof units): Date =>
	new Date(date.getTime() + amount * units[unit]);

/** Adds an ISO 8601 duration of years, months, weeks and days (`P5Y`, `P90D`), in UTC; month ends are kept. */
export function afterDuration(date: Date, duration: string): Date {
	const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(duration);
	if (!match) throw new Error(`not a duration: ${duration}`);
	const [years, months, weeks, days] = match.slice(1).map((part) => Number(part ?? 0)) as [
		number,
		number,
		number,
		number
	];
	const end = new Date(date);
	end.setUTCDate(1);
	end.setUTCMonth(end.getUTCMonth() + months + years * 12);
	const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
	end.setUTCDate(Math.min(date.getUTCDate(), lastDay));
	return after(end, weeks * 7 + days, 'days');
}

/**
 * The instant before which everything is older than the duration, in UTC. The last day of a month reaches back to the
 * last day of the other, so that what is of the 31st does not outlive its month in February.
 */
export function beforeDuration(date: Date, duration: string): Date {
	const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(duration);
	if (!match) throw new Error(`not a duration: ${duration}`);
	const [years, months, weeks, days] = match.slice(1).map((part) => Number(part ?? 0)) as [
		number,
		number,
		number,
		number
	];
	const start = after(date, -(weeks * 7 + days), 'days');
	const [year, month, day] = [
		start.getUTCFullYear() - years,
		start.getUTCMonth() - months,
		start.getUTCDate()
	];
	if (years + months === 0) return start;
	const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
	const isLastDay = after(start, 1, 'days').getUTCMonth() !== start.getUTCMonth();
	start.setUTCFullYear(year, month, isLastDay ? lastDay : Math.min(day, lastDay));
	return start;
}
