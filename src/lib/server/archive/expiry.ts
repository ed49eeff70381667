// Promise: an entry is destroyed on the day that was named when it was sealed, unless somebody holds it, and that is recorded.
import type { Context } from '../context.ts';
import { dayOf, instant } from '../platform/clock.ts';
import { truncateWriteAheadLog } from '../platform/database/open.ts';
import type { Ending } from '../platform/work/ending.ts';
import { countEnded, destroyEntry, selectEnded } from './queries.ts';

const batch = 100;

/** What is destroyed keeps its row: id, ground, count and the two instants are the record. */
export const archiveExpiry: Ending<Context> = {
	name: 'archive',
	over: async (ctx) => [{ rule: 'archive', rows: await countEnded(ctx, dayOf(ctx.clock.now())) }],
	run: async (ctx) => {
		const now = ctx.clock.now();
		let destroyed = 0;
		for (const { id, ground, records } of await selectEnded(ctx, dayOf(now), batch)) {
			if (!(await destroyEntry(ctx, id, dayOf(now), instant(now)))) continue;
			destroyed += 1;
			ctx.log.info({ entry: id, ground, records }, 'an archive entry was destroyed on its day');
		}
		if (destroyed > 0) await truncateWriteAheadLog(ctx.archive as never);
		return destroyed;
	}
};
