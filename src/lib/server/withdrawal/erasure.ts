// Promise: an erasure that has begun ends, however often it is interrupted, and touches nobody else.
import * as archive from '../archive/archive.ts';
import * as audit from '../audit/audit.ts';
import { identifiersOf } from '../accounts/identifiers.ts';
import * as people from '../accounts/people.ts';
import * as sessions from '../accounts/sessions.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { truncateWriteAheadLog } from '../platform/database/open.ts';
import { open } from '../platform/keys/keys.ts';
import { claimDue, type WorkKind } from '../platform/work/work.ts';
import * as cases from './case/case.ts';
import { issue } from './case/certificate.ts';
import { countLeft, selectRecipients, updateCase } from './case/queries.ts';
import { withdrawalContract } from './personal-data.ts';
import { selectRunning, updateFromGrace, updateState, updateWithdrawal } from './queries.ts';
import { at } from './rehearsal.ts';
import { isOver, remind } from './reminders.ts';
import { withdrawalPlace, type SealedWithdrawal } from './sealed.ts';

const batch = 1_000;
/** How long messages that were written before may take, before the erasure goes on without them. */
const patienceMinutes = 60;

/** Every keeper but the withdrawal itself. */
const keepers = (ctx: Context) => ctx.contracts.filter(({ id }) => id !== withdrawalContract.id);

type Running = NonNullable<Awaited<ReturnType<typeof selectRunning>>>;

/**
 * Locks the account for good: from here on nobody signs in, no system reads it, and nothing can be cancelled. What is
 * about to be destroyed is written down in the same transaction. Does nothing when the person cancelled meanwhile.
 */
async function lock(ctx: Context, personId: string, { id, caseId, eraseAt, sealed }: Running): Promise<void> {
	const key = await ctx.keys.of(personId);
	const { claimCode } = open<SealedWithdrawal>(key, withdrawalPlace(id), sealed);
	const externalId = (await people.find(ctx, personId))?.externalId ?? '';
	await transaction(ctx, async (ctx) => {
		const now = instant(ctx.clock.now());
		const erasing = {
			state: 'erasing' as const,
			endedAt: now,
			nextAttemptAt: now,
			leasedUntil: null,
			attempts: 0
		};
		if (!(await updateFromGrace(ctx, personId, id, erasing))) return;
		await updateState(ctx, personId, ['leaving', 'active', 'awaiting-consent'], 'erasing');
		await sessions.endAll(ctx, personId);
		await audit.record(ctx, personId, 'withdrawal-erasing');
		await cases.lock(ctx, personId, { caseId, eraseAt, claimCode, externalId });
	});
}

/** A message that was committed is still on its way, and there is time: the key that opens it lives a little longer. */
async function awaitsMessages(ctx: Context, personId: string, { endedAt }: Running): Promise<boolean> {
	if ((endedAt ?? '') < instant(after(ctx.clock.now(), -patienceMinutes, 'minutes'))) return false;
	return (await ctx.keys.find(personId)) !== undefined && delivery.isWaiting(ctx, personId);
}

/** What the law keeps goes to the archive while it can still be read. */
async function archiveKept(
	ctx: Context,
	personId: string,
	externalId: string,
	eraseAt: string
): Promise<void> {
	const then = at(ctx, eraseAt);
	const kept = [];
	for (const contract of ctx.contracts) kept.push(...(await contract.keep(then, personId)));
	await archive.keep(ctx, { id: personId, externalId, lockedAt: eraseAt }, kept);
}

/** Destroys in batches what the keepers hold of a person; whatever was destroyed before is passed over. */
async function eraseFrom(
	ctx: Context,
	contracts: Context['contracts'],
	personId: string,
	onContract?: (id: string) => Promise<void>
): Promise<void> {
	for (const contract of contracts) {
		await onContract?.(contract.id);
		for (let done = false; !done;)
			({ done } = await transaction(ctx, (ctx) => contract.erase(ctx, personId, batch)));
	}
}

/**
 * Destroys the rows and files of somebody whose key is gone already: a restored backup is brought up to what was erased
 * since. May run twice. A case that the backup still has open ends; its certificate is with the person.
 */
export async function eraseRows(ctx: Context, personId: string): Promise<void> {
	const running = await selectRunning(ctx, personId);
	await eraseFrom(ctx, ctx.contracts, personId);
	if (!running) return;
	const ended = { nextAttemptAt: null, leasedUntil: null, sealed: null };
	await updateCase(ctx, running.caseId, { state: 'closed', erasedAt: instant(ctx.clock.now()), ...ended });
}

/** Order of DESIGN §3.8: archive; tombstone and key in one transaction, the point of no return; then the rows. */
async function destroy(ctx: Context, personId: string, { id, caseId, eraseAt }: Running): Promise<void> {
	const checkpoint = (name: string) => updateWithdrawal(ctx, personId, id, { checkpoint: name });
	if (await ctx.keys.find(personId)) {
		const externalId = (await people.find(ctx, personId))?.externalId ?? '';
		await archiveKept(ctx, personId, externalId, eraseAt);
		await checkpoint('keys');
		const refuse = (await identifiersOf(ctx, personId)).map(({ kind, value }) => ({ kind, value }));
		await ctx.keys.destroy({ personId, refuse });
	}
	// The withdrawal comes last: while it is there, the erasure goes on.
	await eraseFrom(ctx, keepers(ctx), personId, checkpoint);
	await finish(ctx, personId, caseId);
	await truncateWriteAheadLog(ctx.db as never);
	ctx.log.info({ case: caseId, correlationId: ctx.correlationId }, 'a person was erased');
}

/** Counts what is left, signs that it is nothing, and lets the withdrawal go; from here on the case goes on alone. */
async function finish(ctx: Context, personId: string, caseId: string): Promise<void> {
	const tables = keepers(ctx).flatMap((contract) => contract.tables);
	const left = await countLeft(ctx, tables, personId);
	if (left > 0) throw new Error(`${left} rows of an erased person are left`);
	await transaction(ctx, async (ctx) => {
		const found = await cases.find(ctx, caseId);
		if (!found) throw new Error('the case of an erasure is gone');
		const erasedAt = instant(ctx.clock.now());
		const alone = (await selectRecipients(ctx, caseId)).length === 0;
		await issue(ctx, found, { version: 1, final: alone, erasedAt });
		const due = { nextAttemptAt: erasedAt, leasedUntil: null, attempts: 0 };
		await updateCase(ctx, caseId, { state: 'erased', erasedAt, ...due });
		await withdrawalContract.erase(ctx, personId, batch);
	});
}

/** Works off one due withdrawal: a reminder, the end of a grace period, or an erasure that goes on. */
async function step(ctx: Context, personId: string, id: string): Promise<void> {
	const running = await selectRunning(ctx, personId);
	if (!running || running.id !== id) return;
	if (running.state === 'erasing') {
		if (!(await awaitsMessages(ctx, personId, running))) return destroy(ctx, personId, running);
		const soon = instant(after(ctx.clock.now(), 2, 'seconds'));
		return updateWithdrawal(ctx, personId, id, { nextAttemptAt: soon, leasedUntil: null });
	}
	return isOver(ctx, running) ? lock(ctx, personId, running) : remind(ctx, personId, running);
}

export const erasureWork: WorkKind<Context> = {
	name: 'withdrawal',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'withdrawal', 10);
		// One that fails is due again when its lease runs out; it holds up nobody who is claimed with it.
		for (const { personId, id } of claims)
			await step(ctx, personId, id).catch((err: unknown) =>
				ctx.log.error({ err, correlationId: ctx.correlationId }, 'an erasure did not go on')
			);
		return claims.length;
	}
};
