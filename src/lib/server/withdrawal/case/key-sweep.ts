// Promise: no key outlives its case, also when an older keys database brought it back.
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import { selectOpenCases } from './queries.ts';

const batch = 500;

/**
 * Destroys the keys of cases that are closed, cancelled or not there. Only those older than a day: a younger one may belong
 * to a transaction that another process has not ended. Answers how many; may run twice.
 */
export async function sweepCaseKeys(ctx: Context): Promise<number> {
	const dayAgo = instant(after(ctx.clock.now(), -1, 'days'));
	let destroyed = 0;
	for (let last = ''; ;) {
		const ids = await ctx.caseKeys.list(dayAgo, last, batch);
		const open = new Set(await selectOpenCases(ctx, ids));
		const over = ids.filter((id) => !open.has(id));
		await ctx.caseKeys.destroy(...over);
		destroyed += over.length;
		if (ids.length < batch) return destroyed;
		last = ids.at(-1) as string;
	}
}
