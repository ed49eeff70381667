// Promise: every committed note gets one position, in order and without gaps, from one process at a time (DESIGN §3.11).
import type { Context } from '../context.ts';
import { beforeDuration, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { WorkKind } from '../platform/work/work.ts';
import {
	deleteUpTo,
	isAnyWithoutPosition,
	lockPositions,
	lockWithoutPosition,
	selectFollowing,
	updateMark,
	updatePosition
} from './queries.ts';

const batch = 500;
/** Whoever has not asked for that long begins anew. */
const kept = 'P1Y';

async function placeSome(ctx: Context): Promise<number> {
	const last = await lockPositions(ctx);
	if (last === undefined) return 0;
	const notes = await lockWithoutPosition(ctx, batch);
	for (const [index, { personId, id }] of notes.entries())
		await updatePosition(ctx, personId, id, last + 1 + index);
	if (notes.length) await updateMark(ctx, 'contact-changes', last + notes.length);
	return notes.length;
}

/** Gives positions to what was committed since: a note that is committed late comes late, and is passed over by nobody. */
export const positionWork: WorkKind<Context> = {
	name: 'positions of changed answers',
	run: async (ctx) => ((await isAnyWithoutPosition(ctx)) ? transaction(ctx, placeSome) : 0)
};

async function dropSome(ctx: Context): Promise<number> {
	if ((await lockPositions(ctx)) === undefined) return 0;
	const since = instant(beforeDuration(ctx.clock.now(), kept));
	const oldest = await selectFollowing(ctx, 0, batch);
	const end = oldest.findIndex(({ at }) => at >= since);
	const old = end < 0 ? oldest : oldest.slice(0, end);
	const last = old.at(-1);
	if (!last) return 0;
	await deleteUpTo(ctx, last.position);
	await updateMark(ctx, 'contact-changes-gone', last.position);
	return old.length;
}

/** Notes end after a year; which was the last one to go is remembered. */
export const positionEnds: WorkKind<Context> = {
	name: 'end of old changes of answers',
	everyMilliseconds: 3_600_000,
	run: (ctx) => transaction(ctx, dropSome)
};
