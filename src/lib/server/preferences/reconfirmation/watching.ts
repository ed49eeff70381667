// Promise: whoever says yes to marketing is asked again in time, and who decides is told so (Korea, Network Act Art. 50(7), (8)).
import type { Context } from '../../context.ts';
import type { Organisation } from '../../organisation/organisation.ts';
import { after, afterDuration, instant } from '../../platform/clock.ts';
import { selectPeopleOf } from '../answers/queries.ts';
import { upsertNotices, upsertWatched } from './queries.ts';

export type Rule = NonNullable<Organisation['reconfirmation']>;

/** As long as a change can be undone on the page: what is taken back at once, nobody needs to be written about twice. */
const tellAfterHours = 1;

/** A change as it was written. */
export interface WrittenChange {
	personId: string;
	id: string;
	channel: string;
	topic: string;
	allowed: number;
	at: string;
}

/** Whether the rule is about that topic. */
export const covers = ({ topics }: Organisation, rule: Rule, topic: string): boolean =>
	rule.topics?.includes(topic) ?? topics.some(({ id, marketing }) => id === topic && marketing);

/** When somebody is asked about a yes of that instant. */
export const askingAt = ({ every, noticeDays }: Rule, since: string): string =>
	instant(after(afterDuration(new Date(since), every), -noticeDays, 'days'));

/**
 * Notes in the caller's transaction what changes lead to later. Who says yes is looked at in any country: they may live in another
 * one by then. `isPast`: decided elsewhere and earlier, and told by whoever it was told to.
 */
export async function watch(ctx: Context, changes: readonly WrittenChange[], isPast: boolean): Promise<void> {
	const rule = ctx.organisation.reconfirmation;
	if (!rule) return;
	const about = changes.filter(({ topic }) => topic === '*' || covers(ctx.organisation, rule, topic));
	const asked = new Map<string, string>();
	for (const { personId, topic, allowed, at } of about) {
		if (!allowed || topic === '*') continue;
		const askAt = askingAt(rule, at);
		const known = asked.get(personId);
		if (!known || askAt < known) asked.set(personId, askAt);
	}
	await upsertWatched(ctx, asked);
	if (rule.tellsDecisions && !isPast) await expectNotice(ctx, rule, about);
}

async function expectNotice(ctx: Context, rule: Rule, changes: readonly WrittenChange[]): Promise<void> {
	const first = new Map<string, string>();
	for (const { personId, id } of changes) if (!first.has(personId)) first.set(personId, id);
	if (!first.size) return;
	const people = await selectPeopleOf(ctx, [...first.keys()]);
	const here = new Set(people.filter(({ country }) => rule.countries.includes(country)).map(({ id }) => id));
	for (const personId of first.keys()) if (!here.has(personId)) first.delete(personId);
	await upsertNotices(ctx, first, instant(after(ctx.clock.now(), tellAfterHours, 'hours')));
}
