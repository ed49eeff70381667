// Promise: a source that answers with somebody else's rows is told to staff and in the log, in codes; the rows are shown to nobody.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { addForeign } from './queries.ts';

export async function alarm(
	ctx: Context,
	{ source, category, rows }: { source: string; category: string; rows: number }
): Promise<void> {
	ctx.log.error({ source, category, rows }, 'a source answered with rows of somebody else');
	await addForeign(ctx, source, { foreignAt: instant(ctx.clock.now()), foreignIn: category, rows });
}
