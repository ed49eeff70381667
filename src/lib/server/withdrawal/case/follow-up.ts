// Promise: after an erasure the person is told once, every recipient until it answers or its time is over, every source until it
// has erased them, however long that takes; and then the case forgets them all.
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { webhookOf } from '../../organisation/lookup.ts';
import { after, instant } from '../../platform/clock.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { claimDue, nextAttempt, renewLease, type WorkKind } from '../../platform/work/work.ts';
import type { CaseRecipientTable, ErasureCaseTable } from '../../schema.ts';
import { farewellOf, reseal, type Farewell } from './case.ts';
import { issue, issued } from './certificate.ts';
import * as outside from './outside.ts';
import { noteDown } from './reopening.ts';
import {
	selectCase,
	selectRecipients,
	selectSources,
	updateCase,
	updateRecipient,
	updateSilent
} from './queries.ts';

/** How long the address is kept after the last message: until then it may come back undelivered and be tried again. */
const lastMessageDays = 1;

/** The last letter; where a system outside is still waited for it says so, by its name. */
function lastLetter(
	{ organisation }: Context,
	{ claimCode: code, reader }: Farewell & { reader: delivery.Reader },
	waiting: readonly string[]
) {
	if (waiting.length === 0) return { template: 'withdrawal-done' as const, values: { code } };
	const names = waiting.map((id) => {
		const label = organisation.sources.find((source) => source.id === id)?.label;
		return label?.[reader.language] ?? label?.[organisation.languages[0] ?? ''] ?? id;
	});
	const systems = new Intl.ListFormat(reader.language, { type: 'conjunction' }).format(names);
	return { template: 'withdrawal-done-here' as const, values: { code, systems } };
}

async function tellPerson(
	ctx: Context,
	found: ErasureCaseTable,
	farewell: Farewell,
	waiting: readonly string[]
): Promise<void> {
	if (found.toldAt) return;
	const { reader } = farewell;
	const outcome = reader
		? await delivery.sendNow(ctx, {
				id: found.id,
				createdAt: found.erasedAt ?? found.eraseAt,
				...lastLetter(ctx, { ...farewell, reader }, waiting),
				reader
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
async function close(ctx: Context, found: ErasureCaseTable): Promise<void> {
	const now = instant(ctx.clock.now());
	// A case that was made anew after a restore has no plan, and whoever it was has their certificate.
	const isOpen = found.plan !== null && (await issued(ctx, found.id))?.certificate.final !== true;
	await ctx.caseKeys.destroy(found.id);
	await delivery.forget(ctx, [found.id]);
	await transaction(ctx, async (ctx) => {
		await updateSilent(ctx, found.id, now);
		if (isOpen) await issue(ctx, found, { version: 2, final: true, erasedAt: found.erasedAt ?? now });
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

/** The address is not kept for longer than the last message needs it, whoever else is still waited for. */
async function letGoOfAddress(ctx: Context, found: ErasureCaseTable, farewell: Farewell): Promise<void> {
	if (!farewell.reader) return;
	await delivery.forget(ctx, [found.id]);
	await reseal(ctx, found.id, { ...farewell, reader: undefined });
}

/** Those of its sources that a case still waits for. */
const waitedFor = async (ctx: Context, id: string) =>
	(await selectSources(ctx, id)).filter(({ state }) => state === 'waiting');

/** The case as it is now, for five minutes more; undefined where another process has it, or ended it. */
async function stillOurs(ctx: Context, found: ErasureCaseTable): Promise<ErasureCaseTable | undefined> {
	const { id, attempts, leasedUntil } = found;
	const claim = { personId: id, id, attempts, leasedUntil: leasedUntil ?? '' };
	if (!(await renewLease(ctx, 'erasure_case', claim, 'id'))) return undefined;
	const now = await selectCase(ctx, id);
	return now?.state === 'erased' ? now : undefined;
}

const later = (ctx: Context, { id, attempts }: ErasureCaseTable) =>
	updateCase(ctx, id, { nextAttemptAt: nextAttempt(ctx.clock, attempts), leasedUntil: null });

/** Nobody can be told any more; what a source still holds has to be seen to by hand, and keeps the case open. */
async function withoutKey(ctx: Context, found: ErasureCaseTable): Promise<void> {
	const waiting = await waitedFor(ctx, found.id);
	if (waiting.length === 0) return close(ctx, found);
	await outside.keyLost(ctx, waiting);
	await later(ctx, found);
}

async function step(ctx: Context, id: string): Promise<void> {
	const before = await selectCase(ctx, id);
	if (before?.state !== 'erased') return;
	const farewell = await farewellOf(ctx, before);
	if (!farewell) return withoutKey(ctx, before);
	await outside.settle(ctx, { found: before, farewell });
	// Sources may have been slow: nobody is told by two processes at once.
	const found = await stillOurs(ctx, before);
	if (!found) return;
	await noteDown(ctx, id);
	const sources = (await waitedFor(ctx, id)).map(({ source }) => source);
	const isOver = overBy(ctx, found, ctx.organisation.withdrawal.followUpDays);
	if (!isOver) await tellPerson(ctx, found, farewell, sources);
	await tellRecipients(ctx, found, farewell, isOver);
	if (isOver) await updateSilent(ctx, id, instant(ctx.clock.now()));
	const waits = (await selectRecipients(ctx, id)).some(({ state }) => state === 'waiting');
	const toldAt = (await selectCase(ctx, id))?.toldAt;
	const isTold = isOver || (toldAt !== null && overBy(ctx, found, lastMessageDays));
	if (isTold && !waits && sources.length === 0) return close(ctx, found);
	if (isTold) await letGoOfAddress(ctx, found, farewell);
	await later(ctx, found);
}

/** Also when the time is over, whoever was never told: a case that was made anew may be older than that. */
async function tellRecipients(
	ctx: Context,
	found: ErasureCaseTable,
	farewell: Farewell,
	isOver: boolean
): Promise<void> {
	for (const recipient of await selectRecipients(ctx, found.id))
		if (recipient.state === 'waiting' && (!isOver || recipient.attempts === 0))
			await tellRecipient(ctx, recipient, found, farewell);
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

/**
 * The organisation says that a partner without a webhook was told and answered, or that a source which cannot erase by itself
 * was seen to: that one is asked first (`outside.declare`). Refuses `not-waiting`, and of a source `still-holds`, `source-down`.
 */
export async function answered(
	ctx: Context,
	caseId: string,
	recipient: { partner: string } | { source: string }
): Promise<{ answered: true } | { refused: 'not-waiting' | 'still-holds' | 'source-down' }> {
	const at = instant(ctx.clock.now());
	if ('partner' in recipient)
		return (await updateRecipient(ctx, { caseId, ...recipient }, { state: 'answered', at }))
			? { answered: true }
			: { refused: 'not-waiting' };
	const found = await selectCase(ctx, caseId);
	const row = (await selectSources(ctx, caseId)).find(({ source }) => source === recipient.source);
	if (found?.state !== 'erased' || row?.state !== 'waiting') return { refused: 'not-waiting' };
	return outside.declare(ctx, row, await farewellOf(ctx, found));
}
