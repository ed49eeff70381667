// Promise: what a system outside has not erased for longer than a day is said in the log once a day, until it has.
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import { onceADay } from '../../platform/work/daily.ts';
import { countWaitedFor, selectWaitedFor } from './queries.ts';

export const waitingAlarm = onceADay<Context>('alarm of erasures in systems outside', async (ctx) => {
	const dayAgo = instant(after(ctx.clock.now(), -1, 'days'));
	for (const { source, cases, since } of await countWaitedFor(ctx))
		if (since < dayAgo)
			ctx.log.error({ source, cases: Number(cases), since }, 'a source has not erased people for days');
});

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
