// Days of a filter as instants, in the person's own time zone.
import { after, dayOf, startOfDay as startOfDayIn } from '$lib/server/platform/clock';

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** The first instant of a day plus `days`; undefined for what is no day. */
export function startOfDay(text: string | null, timeZone: string, days = 0): string | undefined {
	if (!text || !dayPattern.test(text)) return undefined;
	const day = new Date(`${text}T00:00:00.000Z`);
	if (Number.isNaN(day.getTime()) || dayOf(day) !== text) return undefined;
	return startOfDayIn(dayOf(after(day, days, 'days')), timeZone).toISOString();
}
