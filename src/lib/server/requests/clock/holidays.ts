// Promise: a day of rest is a Saturday, a Sunday, or what the law of the place calls a public holiday.
import Holidays from 'date-holidays';
import { dayOf } from '../../platform/clock.ts';

const known = new Map<string, ReadonlySet<string>>();

const dayAfter = (day: string): string => dayOf(new Date(Date.parse(day) + 86_400_000));

/** Public holidays of a year; none for a place that the library does not know. */
function holidaysOf(country: string, region: string | undefined, year: number): ReadonlySet<string> {
	const name = `${country} ${region} ${year}`;
	const found = known.get(name);
	if (found) return found;
	const calendar = region ? new Holidays(country, region) : new Holidays(country);
	const days = new Set<string>();
	for (const { date, start, end, type } of calendar.getHolidays(year) ?? []) {
		if (type !== 'public') continue;
		// Some last for days, such as the Korean new year: as long as the calendar of the place says.
		const nights = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
		for (let day = date.slice(0, 10), left = nights; left > 0; left--, day = dayAfter(day)) days.add(day);
	}
	known.set(name, days);
	return days;
}

/** Whether nobody has to work on that day (`2027-01-01`) in that country, or in that region of it. */
export function isDayOfRest(day: string, country: string, region?: string): boolean {
	const weekday = new Date(`${day}T00:00:00.000Z`).getUTCDay();
	return weekday === 0 || weekday === 6 || holidaysOf(country, region, Number(day.slice(0, 4))).has(day);
}
