// Promise: an erasure that has begun ends, however often it is interrupted, and touches nobody else.
import * as people from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, instant } from '../platform/clock.ts';
import { truncateWriteAheadLog } from '../platform/database/open.ts';
import { transaction } from '../platform/database/transaction.ts';
import { claimDue, type WorkKind } from '../platform/work/work.ts';
import { selectRunning, updateFromGrace, updateState, updateWithdrawal } from './queries.ts';

const batch = 1_000;
/** How long the last message may take before the erasure goes on without it. */
const patienceMinutes = 60;

/**
 * Locks the account for good and writes the last message. From here on nobody signs in, and nothing can be cancelled.
 * Does nothing when the person cancelled meanwhile.
 */
async function begin(ctx: Context, personId: string, id: string): Promise<void> {
	await transaction(ctx, async (ctx) => {
		const now = instant(ctx.clock.now());
		if (
			!(await updateFromGrace(ctx, personId, id, {
				state: 'erasing',
				endedAt: now,
				nextAttemptAt: now,
				leasedUntil: null
			}))
		)
			return;
		await updateState(ctx, personId, ['leaving', 'active', 'awaiting-consent'], 'erasing');
		await audit.record(ctx, personId, 'withdrawal-erasing');
		await delivery.send(ctx, personId, { template: 'withdrawal-done' });
	});
}

/** The last message is still on its way and there is time: the key that opens it must live a little longer. */
async function awaitsLastMessage(ctx: Context, personId: string, begunAt: string): Promise<boolean> {
	if (begunAt < instant(after(ctx.clock.now(), -patienceMinutes, 'minutes'))) return false;
	return (await ctx.keys.find(personId)) !== undefined && delivery.isWaiting(ctx, personId);
}

/** Order of DESIGN §3.8: tombstone and key in one transaction, the point of no return; then the rows, the person last. */
async function destroy(ctx: Context, personId: string, id: string): Promise<void> {
	const person = await people.find(ctx, personId);
	if (person) await ctx.keys.destroy({ personId, refuse: [{ kind: 'external', value: person.externalId }] });
	for (const contract of ctx.contracts) {
		await updateWithdrawal(ctx, personId, id, { checkpoint: contract.id });
		for (;;) {
			const { done } = await transaction(ctx, (ctx) => contract.erase(ctx, personId, batch));
			if (done) break;
		}
	}
	await truncateWriteAheadLog(ctx.db as never);
	ctx.log.info({ personId, correlationId: ctx.correlationId }, 'a person was erased');
}

/** Works off one due withdrawal: the end of a grace period begins the erasure, a begun erasure goes on. */
async function step(ctx: Context, personId: string, id: string): Promise<void> {
	const running = await selectRunning(ctx, personId);
	if (!running || running.id !== id) return;
	if (running.state === 'grace') return begin(ctx, personId, id);
	if (await awaitsLastMessage(ctx, personId, running.endedAt ?? '')) {
		const soon = instant(after(ctx.clock.now(), 2, 'seconds'));
		return updateWithdrawal(ctx, personId, id, { nextAttemptAt: soon, leasedUntil: null });
	}
	return destroy(ctx, personId, id);
}

export const erasureWork: WorkKind<Context> = {
	name: 'withdrawal',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'withdrawal', 10);
		// One that fails is due again when its lease runs out; it holds up nobody who is claimed with it.
		for (const { personId, id } of claims)
			await step(ctx, personId, id).catch((err: unknown) =>
				ctx.log.error({ err, personId, correlationId: ctx.correlationId }, 'an erasure did not go on')
			);
		return claims.length;
	}
};

/** Destroys every row and file of somebody whose tombstone stands, in the order of the registry. May run twice. */
export async function eraseRows(ctx: Context, personId: string): Promise<void> {
	for (const contract of ctx.contracts)
		for (let done = false; !done;)
			({ done } = await transaction(ctx, (ctx) => contract.erase(ctx, personId, batch)));
}
