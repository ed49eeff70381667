// Promise: a locked child's data is destroyed on the day that was told, with a certificate, unless staff find the consent on file and say why.
import { guardianship } from '../accounts/accounts.ts';
import { find, isBelowConsent, type Person } from '../accounts/people.ts';
import { translationIn } from '../../i18n/catalogues.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { seal } from '../platform/keys/keys.ts';
import { claimDue, type WorkKind } from '../platform/work/work.ts';
import { may, type Member } from '../staff/staff.ts';
import * as withdrawal from '../withdrawal/withdrawal.ts';
import { tellGuardians } from './ledger.ts';
import {
	selectLockOf,
	selectLocks,
	selectReport,
	selectReports,
	updateLock,
	updateReport
} from './queries.ts';
import { childOf, lock, lockPlace, written, type Report } from './reports.ts';
import { standingOf } from './standing.ts';

export interface ReportCase {
	id: string;
	state: 'open' | 'closed';
	at: string;
	closedAt: string | null;
	outcome: string | null;
	/** What was written; undefined once it is closed. */
	report: Report | undefined;
	/** The child whose account is locked. */
	child:
		| {
				externalId: string;
				role: string;
				country: string;
				/** Nothing is destroyed before somebody has looked. */
				consent: boolean;
				destroyAt: string;
		  }
		| undefined;
}

/** Those that are open, and the last that were closed. */
export const reports = async (ctx: Context) => [
	...(await selectReports(ctx, 'open', 100)),
	...(await selectReports(ctx, 'closed', 20))
];

/** A report with what was written; the child reads who of the staff looked. Refuses `not-permitted`, `case-unknown`. */
export async function reportCase(
	ctx: Context,
	member: Member,
	id: string
): Promise<ReportCase | { refused: 'not-permitted' | 'case-unknown' }> {
	if (!may(member, 'families')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		const row = await selectReport(ctx, id);
		if (!row) return { refused: 'case-unknown' as const };
		const { state, at, closedAt, outcome } = row;
		const base = { id, state, at, closedAt, outcome, report: written(ctx, row) };
		const locked = await selectLockOf(ctx, id);
		const child =
			locked && (await audit.holdPerson(ctx, locked.personId)) ? await find(ctx, locked.personId) : undefined;
		if (!locked || !child) return { ...base, child: undefined };
		await audit.record(ctx, child.id, 'family-looked', { staff: member.id });
		const { externalId, role, country } = child;
		const consent = await isKept(ctx, child, id);
		return { ...base, child: { externalId, role, country, consent, destroyAt: locked.destroyAt } };
	});
}

const closed = (ctx: Context, outcome: string) => ({
	state: 'closed' as const,
	closedAt: instant(ctx.clock.now()),
	outcome,
	// The reporter is needed no longer.
	sealed: null
});

type Refusal = 'not-permitted' | 'case-unknown';

/** What the ledger says of the use decides, over what was before the lock. */
const stateBy = { granted: 'active', withdrawn: 'awaiting-consent' } as const;

/**
 * The consent is on file: the account is as it was. What was found is written down for the child. Refuses `not-permitted`,
 * `case-unknown` when nothing is locked (any more).
 */
export async function release(
	ctx: Context,
	member: Member,
	id: string,
	reason: string
): Promise<{ released: true } | { refused: Refusal }> {
	if (!may(member, 'families')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		const found = await selectLockOf(ctx, id);
		const held = found && (await audit.holdPerson(ctx, found.personId));
		const locked = held ? await selectLockOf(ctx, id) : undefined;
		if (!locked) return { refused: 'case-unknown' as const };
		const { personId } = locked;
		const use = (await standingOf(ctx, personId)).use.state;
		const state = use === 'none' ? locked.stateBefore : stateBy[use];
		// Somebody who is leaving by order has left the lock already.
		if (!(await guardianship.setLock(ctx, personId, 'locked', state)))
			return { refused: 'case-unknown' as const };
		const sealed = seal(await ctx.keys.of(personId), lockPlace(id), { reason, staff: member.id });
		const ended = { state: 'released' as const, endedAt: instant(ctx.clock.now()), nextAttemptAt: null };
		await updateLock(ctx, personId, id, { ...ended, leasedUntil: null, sealed });
		await updateReport(ctx, id, closed(ctx, 'released'));
		await audit.record(ctx, personId, 'child-released', { staff: member.id, note: reason });
		await delivery.send(ctx, personId, { template: 'child-released' });
		await tellGuardians(ctx, personId, { template: 'child-released', path: `/family/${personId}` });
		return { released: true as const };
	});
}

/**
 * Locks the account that staff found out a report is about. Refuses `not-permitted`, `case-unknown` for a report that is
 * closed or has locked one already, `no-child` where that is no account of a child, or one that is leaving.
 */
export async function lockFor(
	ctx: Context,
	member: Member,
	id: string,
	account: string
): Promise<{ locked: true } | { refused: Refusal | 'no-child' }> {
	if (!may(member, 'families')) return { refused: 'not-permitted' };
	const child = await childOf(ctx, account);
	return transaction(ctx, async (ctx) => {
		if (await selectLockOf(ctx, id)) return { refused: 'case-unknown' as const };
		if (!(await updateReport(ctx, id, { found: 'locked' }))) return { refused: 'case-unknown' as const };
		if (child && (await lock(ctx, child, id))) return { locked: true as const };
		await updateReport(ctx, id, { found: 'unclear' });
		return { refused: 'no-child' as const };
	});
}

/** Closes a report that is about nobody who is here; the reporter's words and contact are destroyed. Refuses `not-permitted`, `case-unknown`. */
export async function close(
	ctx: Context,
	member: Member,
	id: string
): Promise<{ closed: true } | { refused: Refusal }> {
	if (!may(member, 'families')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		if (await selectLockOf(ctx, id)) return { refused: 'case-unknown' as const };
		const done = await updateReport(ctx, id, closed(ctx, 'no-child'));
		return done ? { closed: true as const } : { refused: 'case-unknown' as const };
	});
}

/** What the locks of a child's account came to, newest first. */
export const locksOf = async (ctx: Context, childId: string) =>
	(await selectLocks(ctx, childId)).map(({ id, state, lockedAt, destroyAt, endedAt }) => ({
		id,
		state,
		lockedAt,
		destroyAt,
		endedAt
	}));

/**
 * Whether nothing may be destroyed without somebody having looked: a consent is on file here or, for one who could use the
 * service though nobody decided here, at the organisation; or it is no child any more, by a birthday or by one put right.
 */
async function isKept(ctx: Context, child: Person, id: string): Promise<boolean> {
	if (!isBelowConsent(ctx, child)) return true;
	const use = (await standingOf(ctx, child.id)).use.state;
	return use === 'granted' || (use === 'none' && (await selectLockOf(ctx, id))?.stateBefore === 'active');
}

const lookTomorrow = (ctx: Context, personId: string, id: string) =>
	updateLock(ctx, personId, id, {
		nextAttemptAt: instant(after(ctx.clock.now(), 1, 'days')),
		leasedUntil: null
	});

/** An alarm each day until somebody has looked. */
async function remind(ctx: Context, personId: string, id: string): Promise<void> {
	ctx.log.error(
		{ alarm: 'child-report-overdue', report: id },
		'a report waits about somebody with a consent on file or who is no child any more'
	);
	await lookTomorrow(ctx, personId, id);
}

async function destroy(ctx: Context, child: Person, id: string): Promise<void> {
	await transaction(ctx, async (ctx) => {
		// Asked again where nobody can decide in between.
		if (!(await audit.holdPerson(ctx, child.id)) || (await isKept(ctx, child, id))) return;
		const now = instant(ctx.clock.now());
		const ended = { state: 'destroying' as const, endedAt: now, nextAttemptAt: null, leasedUntil: null };
		if (!(await updateLock(ctx, child.id, id, ended))) return;
		const orderedBecause = translationIn(child.language).t('family:locked.ordered');
		await withdrawal.request(ctx, child, { orderedBecause, graceDays: 0 });
		const code = (await withdrawal.claimCode(ctx, child.id)) ?? '';
		await tellGuardians(ctx, child.id, { template: 'child-destroyed', values: { code }, path: '/claim' });
		await updateReport(ctx, id, closed(ctx, 'destroyed'));
	});
}

export const lockWork: WorkKind<Context> = {
	name: 'child-locks',
	everyMilliseconds: 5_000,
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'child_lock', 20);
		for (const { personId, id } of claims) {
			const child = await find(ctx, personId);
			// Whose key is gone is being erased, and the row goes with them.
			if (!child) await updateLock(ctx, personId, id, { nextAttemptAt: null });
			// Leaving by order: whoever stays after all is locked again.
			else if (child.state !== 'locked') await lookTomorrow(ctx, personId, id);
			else if (await isKept(ctx, child, id)) await remind(ctx, personId, id);
			else await destroy(ctx, child, id);
		}
		return claims.length;
	}
};
