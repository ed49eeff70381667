// Promise: a period is counted as the law counts: the day of the event is none of its days, and its last day is one on which somebody works.
import { afterDuration, dayOf } from '../../platform/clock.ts';
import { isDayOfRest } from './holidays.ts';
import type { LegalRule, Span } from './rules.ts';

type Counting = Pick<LegalRule, 'span' | 'extension' | 'runsOn' | 'holidays'>;
type Rests = (day: string) => boolean;

const plus = (day: string, days: number): string => dayOf(new Date(Date.parse(day) + days * 86_400_000));

function nextWorkingDay(day: string, rests: Rests): string {
	let next = day;
	while (rests(next)) next = plus(next, 1);
	return next;
}

function workingDaysAfter(day: string, number: number, rests: Rests): string {
	let last = day;
	for (let counted = 0; counted < number; counted++) last = nextWorkingDay(plus(last, 1), rests);
	return last;
}

/** A month that is too short for the day ends with its last one (Regulation 1182/71 Art. 3(2)(c)). */
function counted(day: string, { number, unit }: Span, rests: Rests): string {
	if (unit === 'months') return dayOf(afterDuration(new Date(day), `P${number}M`));
	return unit === 'calendar-days' ? plus(day, number) : workingDaysAfter(day, number, rests);
}

/**
 * The last day of a rule's period for what was received on a day. With `extended` both periods are counted as one, for a
 * rule that can be prolonged.
 */
export function lastDayOf(
	{ span, extension, runsOn, holidays }: Counting,
	receivedOn: string,
	country: string,
	extended = false
): string {
	const [land, region] = holidays === 'of-the-person' ? [country] : holidays;
	const rests = (day: string) => isDayOfRest(day, land, region);
	const number = span.number + (extended && extension?.unit === span.unit ? extension.number : 0);
	const last = counted(receivedOn, { ...span, number }, rests);
	return runsOn ? nextWorkingDay(last, rests) : last;
}
