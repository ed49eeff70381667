// Expired support links are of no use to anybody: they go a month after their end.
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import type { WorkKind } from '../../platform/work/work.ts';
import { deleteExpiredLinks } from './queries.ts';

const keptDays = 30;
const batch = 500;

export const supportLinkSweep: WorkKind<Context> = {
	name: 'expired-support-links',
	run: (ctx) => deleteExpiredLinks(ctx, instant(after(ctx.clock.now(), -keptDays, 'days')), batch)
};
