// Promise: a partner is called until it says that it heard, is gone, or has been silent for days; what it was told stays nowhere.
import type { Context } from '../../context.ts';
import { webhookOf } from '../../organisation/lookup.ts';
import { instant } from '../../platform/clock.ts';
import { open } from '../../platform/keys/keys.ts';
import { mostTries, nextTry } from '../../platform/work/schedule.ts';
import { claimDue, type Claim, type WorkKind } from '../../platform/work/work.ts';
import type { PartnerCallTable } from '../../schema.ts';
import { callWebhook, type WebhookAnswer } from '../webhooks.ts';
import { callPlace } from './partner-calls.ts';
import { deleteCall, endCall, isDisabled, postponeCall, selectCall, upsertDisabled } from './queries.ts';

/** Few at a time: their slowest end must lie within the lease. */
const batch = 10;

const end = (ctx: Context, { personId, id }: Claim, state: PartnerCallTable['state']) =>
	endCall(ctx, personId, id, { state, at: instant(ctx.clock.now()) });

/** Nobody was reached for days, or nobody is there any more: somebody has to look, so it is an error in the log. */
async function giveUp(ctx: Context, claim: Claim, partner: string, why: 'gone' | 'silent'): Promise<void> {
	ctx.log.error({ id: claim.id, partner, why }, "a partner's webhook does not answer: tell it another way");
	await end(ctx, claim, 'silent');
}

async function goOn(
	ctx: Context,
	claim: Claim,
	{ partner, url }: { partner: string; url: string },
	answer: WebhookAnswer
): Promise<void> {
	const { personId, id, attempts } = claim;
	if (answer.answer === 'acknowledged') return void (await end(ctx, claim, 'acknowledged'));
	if (answer.answer === 'gone') {
		await upsertDisabled(ctx, { partner, url, disabledAt: instant(ctx.clock.now()) });
		return giveUp(ctx, claim, partner, 'gone');
	}
	if (attempts + 1 >= mostTries) return giveUp(ctx, claim, partner, 'silent');
	await postponeCall(ctx, personId, id, nextTry(ctx.clock, attempts + 1, answer.waitSeconds));
}

async function attempt(ctx: Context, claim: Claim): Promise<void> {
	const { personId, id } = claim;
	const call = await selectCall(ctx, personId, id);
	if (!call) return;
	const { partner, type } = call;
	const url = webhookOf(ctx.organisation, partner);
	if (!url) return void (await end(ctx, claim, 'no-webhook'));
	if (await isDisabled(ctx, partner, url)) return giveUp(ctx, claim, partner, 'gone');
	const key = await ctx.keys.find(personId);
	// Whoever was erased meanwhile can't be read any more; of the erasure itself partners are told by its case.
	if (!key) return void (await deleteCall(ctx, personId, id));
	const data = open<Record<string, unknown>>(key, callPlace(id), call.sealed);
	const answer = await callWebhook(ctx, url, { id, secretOf: partner, type, at: call.createdAt, data });
	await goOn(ctx, claim, { partner, url }, answer);
}

export const partnerCallWork: WorkKind<Context> = {
	name: 'partner-calls',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'partner_call', batch);
		await Promise.all(claims.map((claim) => attempt(ctx, claim)));
		return claims.length;
	}
};
