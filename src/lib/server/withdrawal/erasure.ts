// Promise: an erasure that has begun ends, however often it is interrupted, and touches nobody else.
import * as archive from '../archive/archive.ts';
import * as audit from '../audit/audit.ts';
import * as contactChanges from '../contact-changes/contact-changes.ts';
import { identifiersOf } from '../accounts/identifiers.ts';
import * as people from '../accounts/people.ts';
import * as sessions from '../accounts/sessions.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { truncateWriteAheadLog } from '../platform/database/open.ts';
import { open, type Tombstone } from '../platform/keys/keys.ts';
import { claimDue, renewLease, type WorkKind } from '../platform/work/work.ts';
import * as cases from './case/case.ts';
import { inLine } from './case/asking.ts';
import { issue } from './case/certificate.ts';
import * as outside from './case/outside.ts';
import { noteDown } from './case/reopening.ts';
import { countLeft, selectRecipients, selectSources, updateCase } from './case/queries.ts';
import { withdrawalContract } from './personal-data.ts';
import { selectRunning, updateFromGrace, updateState, updateWithdrawal } from './queries.ts';
import { at, inside } from './rehearsal.ts';
import { isOver, remind } from './reminders.ts';
import { withdrawalPlace, type SealedWithdrawal } from './sealed.ts';

/** People who are worked on together. */
const atOnce = 50;
/** Rows a transaction. */
const batch = 1_000;
/** How long messages that were written before may take, before the erasure goes on without them. */
const patienceMinutes = 60;

/** Every keeper but the withdrawal itself; what lies outside is not in these databases, and is erased by the case. */
const keepers = (ctx: Context) =>
	ctx.contracts.filter(({ id, outside }) => !outside && id !== withdrawalContract.id);

type Running = NonNullable<Awaited<ReturnType<typeof selectRunning>>>;

/**
 * Locks the account for good: from here on nobody signs in, no system reads it, and nothing can be cancelled. What is
 * about to be destroyed is written down in the same transaction. Does nothing when the person cancelled meanwhile.
 */
async function lock(ctx: Context, personId: string, { id, caseId, eraseAt, sealed }: Running): Promise<void> {
	const key = await ctx.keys.of(personId);
	const { claimCode } = open<SealedWithdrawal>(key, withdrawalPlace(id), sealed);
	const externalId = (await people.find(ctx, personId))?.externalId ?? '';
	const held = await outside.heldOutside(ctx, externalId);
	// Before the transaction: none spans two databases, and a key that is not used does no harm.
	await ctx.caseKeys.birth(caseId);
	await transaction(ctx, async (ctx) => {
		const now = instant(ctx.clock.now());
		const erasing = {
			state: 'erasing' as const,
			endedAt: now,
			nextAttemptAt: now,
			leasedUntil: null,
			attempts: 0
		};
		// Before the chain, as everybody who needs both: two that held one of them each would wait for ever.
		await audit.holdPerson(ctx, personId);
		if (!(await updateFromGrace(ctx, personId, id, erasing))) return;
		// The last event of all: it holds the chain, and whoever writes behind it finds the person locked.
		await audit.record(ctx, personId, 'withdrawal-erasing');
		await cases.lock(ctx, personId, { caseId, eraseAt, claimCode, externalId }, held);
		await updateState(ctx, personId, ['leaving', 'active', 'awaiting-consent'], 'erasing');
		await contactChanges.note(ctx, personId);
		await sessions.endAll(ctx, personId);
	});
}

/** A message that was committed is still on its way, and there is time: the key that opens it lives a little longer. */
async function awaitsMessages(ctx: Context, personId: string, { endedAt }: Running): Promise<boolean> {
	if ((endedAt ?? '') < instant(after(ctx.clock.now(), -patienceMinutes, 'minutes'))) return false;
	return (await ctx.keys.find(personId)) !== undefined && delivery.isWaiting(ctx, personId);
}

/** What the law keeps goes to the archive while it can still be read; answers what stays in the keys database. */
async function archiveKept(ctx: Context, { personId, eraseAt }: Running): Promise<Tombstone> {
	const then = at(ctx, eraseAt);
	const kept = [];
	for (const contract of inside(ctx).contracts) kept.push(...(await contract.keep(then, personId)));
	const refuse = (await identifiersOf(ctx, personId)).map(({ kind, value }) => ({ kind, value }));
	const externalId = refuse.find(({ kind }) => kind === 'external')?.value ?? '';
	await archive.keep(ctx, { id: personId, externalId, lockedAt: eraseAt }, kept);
	return { personId, refuse };
}

/** Destroys in batches what the keepers hold of a person; whatever was destroyed before is passed over. */
async function eraseFrom(ctx: Context, contracts: Context['contracts'], personId: string): Promise<void> {
	const remaining = [...contracts];
	while (remaining.length > 0)
		await transaction(ctx, async (ctx) => {
			for (let left = batch; remaining[0] && left > 0;) {
				const { destroyed, done } = await remaining[0].erase(ctx, personId, left);
				left -= destroyed;
				if (done) remaining.shift();
			}
		});
}

/**
 * Destroys the rows and files of somebody whose key is gone already: a restored backup is brought up to what was erased
 * since. May run twice. A case that the backup still has open ends; its certificate is with the person.
 */
export async function eraseRows(ctx: Context, personId: string): Promise<void> {
	const running = await selectRunning(ctx, personId);
	const ended = { nextAttemptAt: null, leasedUntil: null, sealed: null };
	const closed = { state: 'closed' as const, erasedAt: instant(ctx.clock.now()), ...ended };
	if (running) await updateCase(ctx, running.caseId, closed);
	// The person's own row goes last: by it, somebody who is still to be replayed is found.
	await eraseFrom(ctx, [withdrawalContract, ...keepers(ctx)], personId);
}

/** Systems outside that answer now are erased before the certificate says how it stands; the case goes on with the others. */
async function tryOutside(ctx: Context, caseId: string): Promise<void> {
	const found = await cases.find(ctx, caseId);
	const farewell = found?.state === 'locked' ? await cases.farewellOf(ctx, found) : undefined;
	if (!found || !farewell) return;
	await outside.settle(ctx, { found, farewell, within: inLine });
	await noteDown(ctx, caseId);
}

/** Counts what is left, signs that it is nothing, and lets the withdrawal go; from here on the case goes on alone. */
async function finish(ctx: Context, { personId, caseId }: Running): Promise<void> {
	const left = await countLeft(
		ctx,
		keepers(ctx).flatMap((contract) => contract.tables),
		personId
	);
	if (left !== 0) throw new Error(`${left} rows of an erased person are left`);
	const keyDestroyedAt = await ctx.keys.erasedAt(personId);
	await tryOutside(ctx, caseId);
	await transaction(ctx, async (ctx) => {
		const found = await cases.find(ctx, caseId);
		if (!found) throw new Error('the case of an erasure is gone');
		await withdrawalContract.erase(ctx, personId, batch);
		// Another process was here before: what it signed stands.
		if (found.state !== 'locked') return;
		const erasedAt = instant(ctx.clock.now());
		const waits = (await selectSources(ctx, caseId)).some(({ state }) => state === 'waiting');
		const alone = !waits && (await selectRecipients(ctx, caseId)).length === 0;
		const plan = JSON.stringify({ ...cases.planIn(found), keyDestroyedAt });
		await issue(ctx, { ...found, plan }, { version: 1, final: alone, erasedAt });
		const due = { nextAttemptAt: erasedAt, leasedUntil: null, attempts: 0 };
		await updateCase(ctx, caseId, { state: 'erased', plan, erasedAt, ...due });
	});
}

/** Runs `work` for each; one that fails is due again when its lease runs out, and holds up nobody else. */
async function eachOf<Item, Result>(
	ctx: Context,
	items: readonly Item[],
	work: (item: Item) => Promise<Result>
): Promise<Result[]> {
	const results: Result[] = [];
	for (const item of items)
		try {
			results.push(await work(item));
		} catch (err) {
			ctx.log.error({ err, correlationId: ctx.correlationId }, 'an erasure did not go on');
		}
	return results;
}

/**
 * Order of DESIGN §3.8, for several people at once: archive; tombstones and keys in one transaction, the point of no return;
 * then the rows, the withdrawal last: while it is there, the erasure goes on. The logs are emptied once for all.
 */
async function destroy(ctx: Context, locked: readonly Running[]): Promise<void> {
	if (locked.length === 0) return;
	const archived = await eachOf(ctx, locked, async (running) => {
		if (!(await ctx.keys.exists(running.personId))) return undefined;
		await noteDown(ctx, running.caseId);
		return archiveKept(ctx, running);
	});
	await ctx.keys.destroy(...archived.filter((tombstone) => tombstone !== undefined));
	await eachOf(ctx, locked, async (running) => {
		if (await ctx.keys.exists(running.personId)) return;
		if (!(await renewLease(ctx, 'withdrawal', running))) return;
		await eraseFrom(ctx, keepers(ctx), running.personId);
		await finish(ctx, running);
		ctx.log.info({ case: running.caseId, correlationId: ctx.correlationId }, 'a person was erased');
	});
	await truncateWriteAheadLog(ctx.db as never);
}

/** A reminder, or the end of a grace period; answers an erasure that is to go on. */
async function step(ctx: Context, personId: string, id: string): Promise<Running | undefined> {
	const running = await selectRunning(ctx, personId);
	if (!running || running.id !== id) return undefined;
	if (running.state === 'grace') {
		await (isOver(ctx, running) ? lock(ctx, personId, running) : remind(ctx, personId, running));
		return undefined;
	}
	if (!(await awaitsMessages(ctx, personId, running))) return running;
	const soon = instant(after(ctx.clock.now(), 2, 'seconds'));
	await updateWithdrawal(ctx, personId, id, { nextAttemptAt: soon, leasedUntil: null });
	return undefined;
}

export const erasureWork: WorkKind<Context> = {
	name: 'withdrawal',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'withdrawal', atOnce);
		const steps = await eachOf(ctx, claims, async (claim) =>
			// Sources before this one may have been slow.
			(await renewLease(ctx, 'withdrawal', claim)) ? step(ctx, claim.personId, claim.id) : undefined
		);
		await destroy(
			ctx,
			steps.filter((running) => running !== undefined)
		);
		return claims.length;
	}
};
