// Promise: a person leaves when they say so, can turn back until the day that was named, and then nothing of them is left.
import * as audit from '../audit/audit.ts';
import * as contactChanges from '../contact-changes/contact-changes.ts';
import type { Context } from '../context.ts';
import { find as findPerson, isBelowConsent, stateAfter, type Person } from '../accounts/people.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open, seal } from '../platform/keys/keys.ts';
import * as cases from './case/case.ts';
import { insertWithdrawal, selectRunning, updateFromGrace, updatePaused, updateState } from './queries.ts';
import { nextOf } from './reminders.ts';
import { withdrawalPlace, type SealedWithdrawal } from './sealed.ts';

export { eraseRows } from './erasure.ts';
export { answered } from './case/follow-up.ts';
export { waitingOutside, type Waiting } from './case/alarm.ts';
export type { Certificate } from './case/certificate.ts';
export { claim, longestTyped, stateOfClaim, type Claimed } from './claim.ts';
export { rehearse, wouldEndAt, type Rehearsal } from './rehearsal.ts';
export { remindersOf } from './reminders.ts';

export interface Withdrawal {
	id: string;
	state: 'grace' | 'erasing';
	requestedAt: string;
	/** The day on which the grace period ends. */
	eraseAt: string;
}

export interface Request {
	/** One of the description's reasons. */
	reason?: string | undefined;
	/** In the person's own words; sealed. */
	note?: string | undefined;
	/** In the organisation's words, where it ends the account; sealed. */
	orderedBecause?: string | undefined;
	/** Days until erasure; the description's grace period where it is left out. */
	graceDays?: number | undefined;
}

/** The withdrawal that runs; undefined when the person stays. */
export async function running(ctx: Context, personId: string): Promise<Withdrawal | undefined> {
	const row = await selectRunning(ctx, personId);
	if (!row) return undefined;
	const { id, requestedAt, eraseAt } = row;
	return { id, state: row.state as Withdrawal['state'], requestedAt, eraseAt };
}

/** The code that opens /claim when the account is gone; undefined when nothing runs. */
export async function claimCode(ctx: Context, personId: string): Promise<string | undefined> {
	const row = await selectRunning(ctx, personId);
	const key = await ctx.keys.of(personId);
	return row && open<SealedWithdrawal>(key, withdrawalPlace(row.id), row.sealed).claimCode;
}

/**
 * Opens a withdrawal: from this moment no marketing and no disclosure; the person can still sign in, export, cancel.
 * They are written to. Refuses `already-leaving`, and `account-locked` for a child that a report is about: only the
 * organisation's order ends that account, and nobody undoes the lock by leaving and staying after all.
 */
export async function request(
	ctx: Context,
	person: Pick<Person, 'id' | 'state'>,
	{ reason, note, orderedBecause, graceDays }: Request = {}
): Promise<Withdrawal | { refused: 'already-leaving' | 'account-locked' }> {
	const now = ctx.clock.now();
	const eraseAt = instant(after(now, graceDays ?? ctx.organisation.withdrawal.graceDays, 'days'));
	const key = await ctx.keys.of(person.id);
	const outcome = await transaction(ctx, async (ctx) => {
		const from = ['active', 'awaiting-consent', ...(orderedBecause ? ['locked' as const] : [])] as const;
		if (!(await updateState(ctx, person.id, from, 'leaving'))) {
			const locked = (await findPerson(ctx, person.id))?.state === 'locked';
			return { refused: locked ? ('account-locked' as const) : ('already-leaving' as const) };
		}
		const id = ctx.ids.next();
		const requestedAt = instant(now);
		const { caseId, claimCode } = await cases.begin(ctx, { requestedAt, eraseAt });
		const before = { stateBefore: person.state, ...(await agedNow(ctx, person.id)) };
		const sealed = seal(key, withdrawalPlace(id), { note, orderedBecause, claimCode, ...before });
		const nextAttemptAt = nextOf({ requestedAt, eraseAt }, 0);
		const due = { nextAttemptAt, leasedUntil: null, attempts: 0, reminders: 0 };
		await insertWithdrawal(ctx, {
			personId: person.id,
			id,
			state: 'grace',
			requestedAt,
			eraseAt,
			reason: reason ?? null,
			sealed,
			endedAt: null,
			caseId,
			...due
		});
		await audit.record(ctx, person.id, 'withdrawal-requested', { until: eraseAt });
		await contactChanges.note(ctx, person.id);
		await delivery.tellListeners(ctx, person.id, 'withdrawal.requested', { eraseAt });
		await delivery.send(ctx, person.id, {
			template: 'withdrawal-requested',
			values: { eraseAt, code: claimCode }
		});
		return { id, state: 'grace' as const, requestedAt, eraseAt };
	});
	return 'refused' in outcome ? outcome : delivery.whenSettled(ctx, person.id, outcome);
}

/** By what it is told whether a consent is needed, and whether it is. */
async function agedNow(
	ctx: Context,
	personId: string
): Promise<Pick<SealedWithdrawal, 'aged' | 'consentNeeded'>> {
	const person = await findPerson(ctx, personId);
	if (!person) return { consentNeeded: false };
	const { bornOn, country, timeZone } = person;
	return { aged: { bornOn, country, timeZone }, consentNeeded: isBelowConsent(ctx, person) };
}

/**
 * Stays after all; a birthday put right meanwhile decides whether a consent is waited for. Refuses `not-leaving` when
 * nothing runs, or when the erasure has begun.
 */
export async function cancel(
	ctx: Context,
	person: Pick<Person, 'id'>
): Promise<{ refused: 'not-leaving' } | { cancelled: true }> {
	const key = await ctx.keys.find(person.id);
	if (!key) return { refused: 'not-leaving' };
	return transaction(ctx, async (ctx) => {
		const found = await selectRunning(ctx, person.id);
		const ended = {
			state: 'cancelled' as const,
			endedAt: instant(ctx.clock.now()),
			nextAttemptAt: null,
			leasedUntil: null
		};
		if (!found || !(await updateFromGrace(ctx, person.id, found.id, ended)))
			return { refused: 'not-leaving' as const };
		const before = open<SealedWithdrawal>(key, withdrawalPlace(found.id), found.sealed);
		const { consentNeeded: needs } = await agedNow(ctx, person.id);
		// By today's age: whoever grew up in the meantime decides alone, and is not let in by a birthday.
		const needed = before.aged ? isBelowConsent(ctx, before.aged) : before.consentNeeded;
		await updateState(ctx, person.id, ['leaving'], stateAfter(before.stateBefore, needed, needs));
		await cases.cancel(ctx, found.caseId);
		await audit.record(ctx, person.id, 'withdrawal-cancelled');
		await contactChanges.note(ctx, person.id);
		await delivery.tellListeners(ctx, person.id, 'withdrawal.cancelled');
		await delivery.send(ctx, person.id, { template: 'withdrawal-cancelled' });
		return { cancelled: true as const };
	});
}

/** Restriction of processing as the alternative to leaving (GDPR Art. 18): nothing is sent or passed on until resumed. */
export async function pause(ctx: Context, personId: string, on: boolean): Promise<void> {
	await transaction(ctx, async (ctx) => {
		await updatePaused(ctx, personId, on ? instant(ctx.clock.now()) : null);
		for (const contract of ctx.contracts) await contract.restrict(ctx, personId, on);
		await audit.record(ctx, personId, on ? 'paused' : 'resumed');
		await contactChanges.note(ctx, personId);
		await delivery.tellListeners(ctx, personId, 'disclosure.restricted', { restricted: on });
	});
	if (on) await delivery.whenSettled(ctx, personId, undefined);
}
