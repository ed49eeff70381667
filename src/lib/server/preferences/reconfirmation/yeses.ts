// The yeses of a person that have to be asked about, and when each of them runs out.
import type { Person } from '../../accounts/people.ts';
import type { Context } from '../../context.ts';
import { afterDuration, instant } from '../../platform/clock.ts';
import { answersOf } from '../answers/answers.ts';
import { grid } from '../grid.ts';
import { askingAt, covers, type Rule } from './watching.ts';

export interface Yes {
	channel: string;
	topic: string;
	/** When it was said, or confirmed. */
	since: string;
	/** From then on its clock runs: `since`, or when the person was asked about it and said nothing. */
	from: string;
	/** Whether anything is sent for it now: not while the person has paused, or the address takes nothing. */
	counts: boolean;
}

/** What the person said yes to; a default is no yes. */
export async function yesesOf(
	ctx: Context,
	person: Person,
	rule: Rule,
	settledAt: string | null
): Promise<Yes[]> {
	const rows = (await grid(ctx, person)).filter(({ topic }) => covers(ctx.organisation, rule, topic.id));
	const said = rows.flatMap(({ topic, cells }) =>
		cells.flatMap(({ channel, chosen, since }) =>
			chosen && since ? [{ channel, topic: topic.id, since }] : []
		)
	);
	const asks = said.map(({ channel, topic }) => ({ person, channel, topic }));
	const answers = await answersOf(ctx, asks, { atAnyHour: true });
	return said.map((yes, index) => ({
		...yes,
		from: settledAt && askingAt(rule, yes.since) <= settledAt ? settledAt : yes.since,
		counts: answers[index]?.allowed === true
	}));
}

/** Those that were to be asked about at that instant. */
export const askedAbout = (rule: Rule, yeses: readonly Yes[], at: string): Yes[] =>
	yeses.filter(({ counts, from }) => counts && askingAt(rule, from) <= at);

/** The earliest of some instants. */
export const earliest = (instants: readonly string[]): string => [...instants].sort()[0] as string;

/** When the first of them runs out. */
export const runsOutAt = ({ every }: Rule, yeses: readonly Yes[]): string =>
	instant(afterDuration(new Date(earliest(yeses.map(({ from }) => from))), every));
