// Promise: at night nobody is disturbed by what can wait, by the clock where they live (Korea, Network Act Art. 50(3)).
import type { Context } from '../../context.ts';
import type { Organisation, Topic } from '../../organisation/organisation.ts';
import { after, instant, localDay, localTime, timeOfDay } from '../../platform/clock.ts';
import type { Contactable } from '../contact.ts';

type QuietHours = Organisation['quietHours'][number];

/** The rules that hold for a choice of a person; none for what is essential. */
const quietHoursOf = (
	{ quietHours }: Organisation,
	{ country }: Pick<Contactable, 'country'>,
	channel: string,
	topic: Topic
): QuietHours[] =>
	topic.essential
		? []
		: quietHours.filter(
				({ channels, topics, countries }) =>
					channels.some((way) => way === channel) &&
					(topics?.includes(topic.id) ?? topic.marketing) &&
					(countries?.includes(country) ?? true)
			);

/** When the quiet hours end that run now in a time zone; undefined where none run. */
export function quietUntil(now: Date, { from, to }: QuietHours, timeZone: string): string | undefined {
	const time = localTime(now, timeZone);
	const isOverNight = from > to;
	const isQuiet = isOverNight ? time >= from || time < to : time >= from && time < to;
	if (!isQuiet) return undefined;
	const isEvening = isOverNight && time >= from;
	const day = localDay(isEvening ? after(now, 1, 'days') : now, timeZone);
	return instant(timeOfDay(day, to, timeZone));
}

interface Quiet {
	rule: QuietHours;
	until: string;
}

/** Those of the asks that are allowed and fall into quiet hours now, by their place; many people live in few time zones. */
export function quietFor(
	{ organisation, clock }: Pick<Context, 'organisation' | 'clock'>,
	asks: readonly { person: Contactable; channel: string; choice: Topic }[],
	answers: readonly { allowed: boolean }[]
): Map<number, Quiet> {
	const now = clock.now();
	const known = new Map<string, string | undefined>();
	const found = new Map<number, Quiet>();
	for (const [index, { person, channel, choice }] of asks.entries()) {
		if (!answers[index]?.allowed) continue;
		for (const rule of quietHoursOf(organisation, person, channel, choice)) {
			const name = `${rule.from} ${rule.to} ${person.timeZone}`;
			if (!known.has(name)) known.set(name, quietUntil(now, rule, person.timeZone));
			const until = known.get(name);
			if (until !== undefined) found.set(index, { rule, until });
		}
	}
	return found;
}
