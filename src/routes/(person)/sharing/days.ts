// Days of a filter as instants, in the person's own time zone.
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** How far the zone's wall clock is ahead of UTC at an instant, in milliseconds. */
function aheadAt(instant: Date, timeZone: string): number {
	const format = new Intl.DateTimeFormat('en-US', {
		timeZone,
		dateStyle: 'short',
		timeStyle: 'medium',
		hourCycle: 'h23'
	});
	const part = Object.fromEntries(
		format.formatToParts(instant).map(({ type, value }) => [type, Number(value)])
	);
	const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
	const full = year < 100 ? 2000 + year : year;
	return Date.UTC(full, month - 1, day, hour, minute, second) - Math.floor(instant.getTime() / 1000) * 1000;
}

/** The first instant of a day plus `days`; undefined for what is no day. */
export function startOfDay(text: string | null, timeZone: string, days = 0): string | undefined {
	if (!text || !dayPattern.test(text)) return undefined;
	const midnight = Date.parse(`${text}T00:00:00.000Z`) + days * 86_400_000;
	if (Number.isNaN(midnight) || new Date(midnight - days * 86_400_000).toISOString().slice(0, 10) !== text)
		return undefined;
	// Asked twice: the clock may have been turned between midnight UTC and midnight there.
	const guess = new Date(midnight - aheadAt(new Date(midnight), timeZone));
	return new Date(midnight - aheadAt(guess, timeZone)).toISOString();
}
