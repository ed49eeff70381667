// Promise: how a notice stands can be read by the person whom it concerns, and, as counts and ids, by who sent it.
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import type { NoticeTable } from '../../schema.ts';
import { countStates, selectNotices, selectNoticesTo, updateNotice } from './queries.ts';

export interface Tally {
	waiting: number;
	queued: number;
	sent: number;
	failed: number;
	unreachable: number;
	read: number;
}

/** How many people stand how. */
export async function tally(ctx: Context, about: string): Promise<Tally> {
	const counts: Tally = { waiting: 0, queued: 0, sent: 0, failed: 0, unreachable: 0, read: 0 };
	for (const { state, people, read } of await countStates(ctx, about)) {
		counts[state] = people;
		counts.read += read;
	}
	return counts;
}

/** Who was told, by id, a page at a time; `after` is the last id seen. */
export const list = (
	ctx: Context,
	about: string,
	page: { state?: NoticeTable['state'] | undefined; after?: string | undefined; limit: number }
) => selectNotices(ctx, about, page);

/** Everything that the person is to be told, or was. */
export const to = (ctx: Context, personId: string) => selectNoticesTo(ctx, personId);

/** The person opened it in the portal; the first time counts. */
export async function markRead(ctx: Context, personId: string, about: string): Promise<void> {
	const row = (await to(ctx, personId)).find((notice) => notice.about === about);
	if (row && !row.readAt) await updateNotice(ctx, personId, about, { readAt: instant(ctx.clock.now()) });
}
