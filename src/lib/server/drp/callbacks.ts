// Promise: an agent that gave an address is told of each change until it took it, and never through our own network.
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { instant } from '../platform/clock.ts';
import { endingOf } from '../platform/work/ending.ts';
import { claimDue, nextAttempt, type WorkKind } from '../platform/work/work.ts';
import type { DrpRequestTable } from '../schema.ts';
import { selectOpen, selectRequest, updateDue, updateOpen } from './queries.ts';
import { isFinal, sealedOf, standingOf, statusObject } from './status.ts';

const batch = 100;
const callsAtOnce = 10;
const triesAtMost = 12;

/** Writes a change down, so that it stays when the person is gone, and makes the call due. */
async function notice(ctx: Context, row: DrpRequestTable): Promise<number> {
	const { status, reason } = await standingOf(ctx, row);
	if (status === row.status && reason === row.reason) return 0;
	const now = instant(ctx.clock.now());
	const closedAt = isFinal(status) ? now : null;
	const nextAttemptAt = sealedOf(ctx, row).statusCallback ? now : null;
	return Number(await updateOpen(ctx, row.id, { status, reason, closedAt, nextAttemptAt, attempts: 0 }));
}

export const drpChanges: WorkKind<Context> = {
	name: 'requests of agents',
	everyMilliseconds: 30_000,
	run: async (ctx) => {
		let [noticed, after] = [0, ''];
		for (;;) {
			const rows = await selectOpen(ctx, after, batch);
			for (const row of rows) noticed += await notice(ctx, row);
			if (rows.length < batch) return noticed;
			after = rows.at(-1)?.id as string;
		}
	}
};

async function call(ctx: Context, id: string, attempts: number): Promise<void> {
	const row = await selectRequest(ctx, id);
	const url = row && sealedOf(ctx, row).statusCallback;
	const taken =
		!row || !url || (await delivery.postJson(ctx, url, statusObject(ctx, row, await standingOf(ctx, row))));
	const isOver = taken || attempts >= triesAtMost;
	await updateDue(ctx, id, {
		nextAttemptAt: isOver ? null : nextAttempt(ctx.clock, attempts),
		leasedUntil: null
	});
}

export const drpCalls: WorkKind<Context> = {
	name: 'calls to agents',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'drp_request', callsAtOnce, 'id');
		await Promise.all(claims.map(({ id, attempts }) => call(ctx, id, attempts + 1)));
		return claims.length;
	}
};

/** What is final may be dropped after 60 days; a signature once it has run out. */
export const drpEnds = endingOf<Context>('drp', [
	{ rule: 'requests of agents', table: 'drp_request', key: ['id'], from: 'closed_at', keptFor: 'P60D' },
	{ rule: 'signatures of agents', table: 'drp_signature', key: ['hash'], from: 'expires_at', keptFor: 'P0D' }
]);
