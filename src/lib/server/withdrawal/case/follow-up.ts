// Promise: after an erasure the person is told once, every recipient until it answers, and then the case forgets them all.
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { webhookOf } from '../../organisation/lookup.ts';
import { after, instant } from '../../platform/clock.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { claimDue, nextAttempt, renewLease, type WorkKind } from '../../platform/work/work.ts';
import type { CaseRecipientTable, ErasureCaseTable } from '../../schema.ts';
import { farewellOf, type Farewell } from './case.ts';
import { issue } from './certificate.ts';
import { selectCase, selectRecipients, updateCase, updateRecipient, updateSilent } from './queries.ts';

/** How long the address is kept after the last message: until then it may come back undelivered and be tried again. */
const lastMessageDays = 1;

async function tellPerson(ctx: Context, found: ErasureCaseTable, farewell: Farewell): Promise<void> {
	if (found.toldAt) return;
	const outcome = farewell.reader
		? await delivery.sendNow(ctx, {
				id: found.id,
				createdAt: found.erasedAt ?? found.eraseAt,
				template: 'withdrawal-done',
				reader: farewell.reader,
				values: { code: farewell.claimCode }
			})
		: 'gone';
	if (outcome !== 'later') await updateCase(ctx, found.id, { toldAt: instant(ctx.clock.now()) });
}

/** A partner with a webhook is called; one without is told by the organisation, which records the answer. */
async function tellRecipient(
	ctx: Context,
	{ caseId, partner, attempts }: CaseRecipientTable,
	{ erasedAt, eraseAt }: ErasureCaseTable,
	farewell: Farewell
): Promise<void> {
	const webhook = webhookOf(ctx.organisation, partner);
	if (!webhook) return;
	const { answer } = await delivery.callWebhook(ctx, webhook, {
		id: `${caseId}.${partner}`,
		secretOf: partner,
		type: 'person.erased',
		at: erasedAt ?? eraseAt,
		data: { externalId: farewell.externalId }
	});
	const at = instant(ctx.clock.now());
	const change = answer === 'acknowledged' ? { state: 'answered' as const, at } : { attempts: attempts + 1 };
	await updateRecipient(ctx, { caseId, partner }, change);
}

/** The last version is signed, and the key that opens what the case kept is destroyed. */
async function close(ctx: Context, found: ErasureCaseTable, told: boolean): Promise<void> {
	const now = instant(ctx.clock.now());
	await ctx.caseKeys.destroy(found.id);
	await delivery.forget(ctx, [found.id]);
	await transaction(ctx, async (ctx) => {
		await updateSilent(ctx, found.id, now);
		if (told) await issue(ctx, found, { version: 2, final: true, erasedAt: found.erasedAt ?? now });
		await updateCase(ctx, found.id, {
			state: 'closed',
			sealed: null,
			nextAttemptAt: null,
			leasedUntil: null
		});
	});
}

const overBy = (ctx: Context, { erasedAt }: ErasureCaseTable, days: number): boolean =>
	instant(after(new Date(erasedAt ?? 0), days, 'days')) <= instant(ctx.clock.now());

async function step(ctx: Context, id: string): Promise<void> {
	const found = await selectCase(ctx, id);
	if (found?.state !== 'erased') return;
	const farewell = await farewellOf(ctx, found);
	const before = await selectRecipients(ctx, id);
	if (!farewell || overBy(ctx, found, ctx.organisation.withdrawal.followUpDays))
		return close(ctx, found, before.length > 0);
	await tellPerson(ctx, found, farewell);
	for (const recipient of before)
		if (recipient.state === 'waiting') await tellRecipient(ctx, recipient, found, farewell);
	const waiting = (await selectRecipients(ctx, id)).some(({ state }) => state === 'waiting');
	const told = (await selectCase(ctx, id))?.toldAt;
	if (!waiting && told && overBy(ctx, found, lastMessageDays)) return close(ctx, found, before.length > 0);
	const nextAttemptAt = nextAttempt(ctx.clock, found.attempts);
	await updateCase(ctx, id, { nextAttemptAt, leasedUntil: null });
}

export const caseWork: WorkKind<Context> = {
	name: 'erasure-cases',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'erasure_case', 10, 'id');
		for (const claim of claims) {
			// Partners before this one may have been slow: nobody is told by two processes at once.
			if (!(await renewLease(ctx, 'erasure_case', claim, 'id'))) continue;
			await step(ctx, claim.id).catch((err: unknown) =>
				ctx.log.error({ err, case: claim.id, correlationId: ctx.correlationId }, 'a case did not go on')
			);
		}
		return claims.length;
	}
};

/** The organisation says that a partner without a webhook was told and answered. Refuses `not-waiting`. */
export async function answered(
	ctx: Context,
	caseId: string,
	partner: string
): Promise<{ answered: true } | { refused: 'not-waiting' }> {
	const change = { state: 'answered' as const, at: instant(ctx.clock.now()) };
	return (await updateRecipient(ctx, { caseId, partner }, change))
		? { answered: true }
		: { refused: 'not-waiting' };
}
