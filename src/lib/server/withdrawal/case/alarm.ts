// Promise: what a system outside has not erased for longer than a day is said in the log once a day, until it has.
import type { Context } from '../../context.ts';
import { after, dayOf, instant } from '../../platform/clock.ts';
import type { WorkKind } from '../../platform/work/work.ts';
import { countWaitedFor, selectWaitedFor } from './queries.ts';

const told = new WeakMap<Context['settings'], string>();

export const waitingAlarm: WorkKind<Context> = {
	name: 'alarm of erasures in systems outside',
	everyMilliseconds: 60_000,
	run: async (ctx) => {
		const today = dayOf(ctx.clock.now());
		if (told.get(ctx.settings) === today) return 0;
		told.set(ctx.settings, today);
		const dayAgo = instant(after(ctx.clock.now(), -1, 'days'));
		for (const { source, cases, since } of await countWaitedFor(ctx))
			if (since < dayAgo)
				ctx.log.error({ source, cases: Number(cases), since }, 'a source has not erased people for days');
		return 0;
	}
};

/** A case that a source keeps open, for staff: its number, since when, how often it was tried, and why in vain. */
export interface Waiting {
	case: string;
	source: string;
	since: string;
	attempts: number;
	because: string | null;
}

/** The longest ones first, at most `limit`; and how many there are of each source. */
export async function waitingOutside(
	ctx: Context,
	limit: number
): Promise<{ counts: { source: string; cases: number; since: string }[]; oldest: Waiting[] }> {
	const counts = (await countWaitedFor(ctx)).map(({ source, cases, since }) => ({
		source,
		cases: Number(cases),
		since
	}));
	const oldest = (await selectWaitedFor(ctx, limit)).map(({ caseId, at: since, ...row }) => ({
		case: caseId,
		since,
		...row
	}));
	return { counts, oldest };
}
