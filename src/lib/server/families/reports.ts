// Promise: anybody can say that a child's data is held without consent; the child is safe at once, and no stranger learns or breaks anything.
import { setTimeout as pause } from 'node:timers/promises';
import { findByExternalId, guardianship, lookUp } from '../accounts/accounts.ts';
import { find, isBelowConsent, type Person } from '../accounts/people.ts';
import * as sessions from '../accounts/sessions.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open, seal } from '../platform/keys/keys.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import type { ChildReportTable } from '../schema.ts';
import { tellGuardians } from './ledger.ts';
import { insertLock, insertReport } from './queries.ts';

const perAddress: Limit = { name: 'child-report', points: 10, seconds: 3_600 };
/** Longer than locking takes: whether there is such an account shows by no clock. */
const leastMilliseconds = 300;

export interface Report {
	/** Email, phone, username or number of the account, as far as the reporter knows it. */
	account: string;
	about: string;
	/** Where the reporter wants to be asked; kept until the report is closed. */
	contact: string;
}

const place = (id: string) => ({ table: 'child_report', column: 'sealed', row: id });

/** What was written; undefined once the report is closed. */
export const written = (
	ctx: Context,
	{ id, sealed }: Pick<ChildReportTable, 'id' | 'sealed'>
): Report | undefined => (sealed ? open<Report>(ctx.keys.portalKey, place(id), sealed) : undefined);

/**
 * Takes a report from anybody. Where it names exactly one account, and that of a child, the account is locked before the
 * answer, which is the same for everybody and takes as long. Refuses `too-many-tries` (10 an hour from one address).
 */
export async function report(
	ctx: Context,
	given: Report & { address: string }
): Promise<{ reported: true } | { refused: 'too-many-tries'; waitSeconds: number }> {
	const wait = await take(ctx, perAddress, ctx.keys.blindIndex('throttle', given.address));
	if (wait) return { refused: 'too-many-tries', ...wait };
	await Promise.all([write(ctx, given), pause(leastMilliseconds)]);
	return { reported: true };
}

async function write(ctx: Context, { account, about, contact }: Report): Promise<void> {
	const id = ctx.ids.next();
	const child = await childOf(ctx, account);
	const sealed = seal(ctx.keys.portalKey, place(id), { account, about, contact });
	await transaction(ctx, async (ctx) => {
		const locked = child !== undefined && (await lock(ctx, child, id));
		const found = locked ? ('locked' as const) : ('unclear' as const);
		const at = instant(ctx.clock.now());
		await insertReport(ctx, { id, state: 'open', found, at, closedAt: null, outcome: null, sealed });
	});
	ctx.log.warn({ alarm: 'child-report', report: id }, "a child's data without consent was reported");
}

/** The child whose account that is, exactly; nobody else's is touched, whatever a stranger says about it. */
export async function childOf(ctx: Context, account: string): Promise<Person | undefined> {
	const named = account.trim().slice(0, 254);
	if (!named) return undefined;
	const personId = (await lookUp(ctx, named))?.personId ?? (await findByExternalId(ctx, named))?.id;
	const person = personId === undefined ? undefined : await find(ctx, personId);
	return person && isBelowConsent(ctx, person) ? person : undefined;
}

/** Locks the account and ends its sessions, in the caller's transaction; false for one that is locked or leaving already. */
export async function lock(ctx: Context, child: Person, reportId: string): Promise<boolean> {
	if (child.state !== 'active' && child.state !== 'awaiting-consent') return false;
	if (!(await audit.holdPerson(ctx, child.id))) return false;
	if (!(await guardianship.setLock(ctx, child.id, child.state, 'locked'))) return false;
	const now = ctx.clock.now();
	const destroyAt = instant(after(now, ctx.organisation.minors?.reportDays ?? 3, 'days'));
	const key = await ctx.keys.of(child.id);
	await insertLock(ctx, {
		personId: child.id,
		id: reportId,
		state: 'locked',
		stateBefore: child.state,
		lockedAt: instant(now),
		destroyAt,
		endedAt: null,
		sealed: seal(key, lockPlace(reportId), {}),
		nextAttemptAt: destroyAt,
		leasedUntil: null,
		attempts: 0
	});
	await sessions.endAll(ctx, child.id);
	await audit.record(ctx, child.id, 'child-locked', { until: destroyAt });
	await delivery.send(ctx, child.id, { template: 'child-locked', values: { destroyAt } });
	await tellGuardians(ctx, child.id, {
		template: 'child-locked',
		values: { destroyAt },
		path: `/family/${child.id}`
	});
	return true;
}

export const lockPlace = (id: string) => ({ table: 'child_lock', column: 'sealed', row: id });
