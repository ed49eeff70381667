// Promise: a listener is called until it heard, is gone, or has been silent for days.
import type { Context } from '../../context.ts';
import { webhookOf } from '../../organisation/lookup.ts';
import { instant } from '../../platform/clock.ts';
import { mostTries, nextTry } from '../../platform/work/schedule.ts';
import { claimDue, type Claim, type WorkKind } from '../../platform/work/work.ts';
import { callWebhook } from '../webhooks.ts';
import { endListenerCall, postponeListenerCall, selectListenerCall } from './queries.ts';

/** Few at a time: their slowest end must lie within the lease. */
const batch = 10;

async function attempt(ctx: Context, { id, attempts }: Claim): Promise<void> {
	const call = await selectListenerCall(ctx, id);
	if (!call) return;
	const { listener, type, codes, createdAt } = call;
	const url = webhookOf(ctx.organisation, listener);
	const at = instant(ctx.clock.now());
	if (!url) return void (await endListenerCall(ctx, id, { state: 'silent', at }));
	const data = JSON.parse(codes) as Record<string, unknown>;
	const answer = await callWebhook(ctx, url, { id, secretOf: listener, type, at: createdAt, data });
	if (answer.answer === 'acknowledged')
		return void (await endListenerCall(ctx, id, { state: 'acknowledged', at }));
	if (answer.answer === 'failed' && attempts + 1 < mostTries)
		return void (await postponeListenerCall(ctx, id, nextTry(ctx.clock, attempts + 1, answer.waitSeconds)));
	ctx.log.error({ id, listener, type }, "a listener's webhook does not answer: tell it another way");
	await endListenerCall(ctx, id, { state: 'silent', at });
}

export const listenerWork: WorkKind<Context> = {
	name: 'listener-calls',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'listener_call', batch, 'id');
		await Promise.all(claims.map((claim) => attempt(ctx, claim)));
		return claims.length;
	}
};
