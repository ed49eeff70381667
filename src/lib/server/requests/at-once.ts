// Promise: what the portal can do by itself it does at once, and the request says that it was done.
import { find as findPerson, type Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import * as exports from '../exports/exports.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { WorkKind } from '../platform/work/work.ts';
import * as preferences from '../preferences/preferences.ts';
import * as withdrawal from '../withdrawal/withdrawal.ts';
import { answeredByExport, type Kind } from './kinds.ts';
import { open, receive, type Arrival, type Opened, type Opening } from './opening.ts';
import { selectFulfillable, selectOpenOf, selectRequest, updateRequest } from './queries.ts';
import { confirm as confirmRequest, ended } from './thread.ts';

/** What is done the moment it is asked for. */
export type DoneNow = 'restriction' | 'objection' | 'california-disclosure';
export const doneNow: readonly DoneNow[] = ['restriction', 'objection', 'california-disclosure'];

const batch = 200;

/** What the ledger of messages says of how an objection came. */
const origins: Readonly<Record<Arrival['channel'], preferences.Origin>> = {
	portal: 'page',
	mail: 'mail',
	api: 'api',
	agent: 'agent',
	phone: 'staff',
	letter: 'staff',
	counter: 'staff'
};

/** GDPR Art. 18: a pause of everything; Art. 21(2)(3): no marketing any more; § 1798.83: the page shows the ledger. */
async function act(
	ctx: Context,
	person: Person,
	kind: DoneNow,
	channel: Arrival['channel'] = 'portal'
): Promise<void> {
	if (kind === 'restriction') await withdrawal.pause(ctx, person.id, true);
	if (kind === 'objection') await preferences.stopAllMarketing(ctx, person, origins[channel]);
}

/**
 * Opens a request, does what it asks, and ends it as done. `problems` and refusals as `open` has them.
 */
export async function openAndDo(
	ctx: Context,
	person: Person,
	opening: Opening & { kind: DoneNow }
): Promise<Opened | Exclude<Awaited<ReturnType<typeof open>>, Opened>> {
	const outcome = await transaction(ctx, async (ctx) => {
		const opened = await open(ctx, person, opening);
		if (!('id' in opened)) return opened;
		await act(ctx, person, opening.kind);
		await fulfil(ctx, person.id, opened.id);
		return opened;
	});
	return delivery.whenSettled(ctx, person.id, outcome);
}

/** Done from afar too; a Californian disclosure has to be sent to somebody who does not look at the page. */
const doneFromAfar: readonly DoneNow[] = ['restriction', 'objection'];

/** As `receive`; an objection or a restriction that is proved to come from the person is done with it. */
export async function receiveAndDo(
	ctx: Context,
	person: Person,
	opening: Opening,
	arrival: Arrival
): ReturnType<typeof receive> {
	const outcome = await transaction(ctx, async (ctx) => {
		const received = await receive(ctx, person, opening, arrival);
		const now = doneFromAfar.find((kind) => kind === opening.kind);
		if (!('id' in received) || arrival.toBeProved || !now) return received;
		await act(ctx, person, now, arrival.channel);
		await fulfil(ctx, person.id, received.id);
		return received;
	});
	return delivery.whenSettled(ctx, person.id, outcome);
}

/**
 * The signed-in person says that what came in their name is theirs (`thread.confirm`); what can be done at once is done with
 * it. Twice is once. Refuses `request-unknown`.
 */
export async function confirm(
	ctx: Context,
	personId: string,
	requestId: string
): Promise<Awaited<ReturnType<typeof confirmRequest>>> {
	const confirmed = await transaction(ctx, async (ctx) => {
		const outcome = await confirmRequest(ctx, personId, requestId);
		if ('refused' in outcome || !outcome.confirmed) return outcome;
		const [person, request] = [
			await findPerson(ctx, personId),
			await selectRequest(ctx, personId, requestId)
		];
		const now = doneNow.find((kind) => kind === request?.kind);
		if (person && now) {
			await act(ctx, person, now);
			await fulfil(ctx, personId, requestId);
		}
		return outcome;
	});
	return delivery.whenSettled(ctx, personId, confirmed);
}

/** Ends an open request as done by the portal itself; false where it was not open. */
async function fulfil(ctx: Context, personId: string, requestId: string): Promise<boolean> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return false;
		const change = { ...ended(ctx), decision: 'done-at-once' as const, decidedAt: instant(ctx.clock.now()) };
		if (!(await updateRequest(ctx, personId, requestId, ['open'], change))) return false;
		await audit.record(ctx, personId, 'request-done-at-once', { request: requestId });
		return true;
	});
}

/** Whether the person took away everything, or withdrew, since they asked. */
async function isDone(
	ctx: Context,
	personId: string,
	{ kind, openedAt }: { kind: Kind; openedAt: string }
): Promise<boolean> {
	if (kind === 'erasure') {
		const leaving = await withdrawal.running(ctx, personId);
		return leaving !== undefined && leaving.requestedAt >= openedAt;
	}
	if (!answeredByExport.includes(kind)) return false;
	return (await exports.list(ctx, personId)).some(
		({ readyAt, complete, completedBy, categories, since, until, completes }) =>
			readyAt !== null &&
			readyAt >= openedAt &&
			(complete || completedBy !== undefined) &&
			[...categories, since, until, completes].every((limit) => limit === null)
	);
}

/** Ends those of a person's open requests that are answered by what they did meanwhile; answers how many. */
export async function settle(ctx: Context, personId: string): Promise<number> {
	let settled = 0;
	for (const request of await selectOpenOf(ctx, personId, [...answeredByExport, 'erasure']))
		if ((await isDone(ctx, personId, request)) && (await fulfil(ctx, personId, request.id))) settled++;
	return settled;
}

/** The same for everybody, a minute later at most. */
export const settleWork: WorkKind<Context> = {
	name: 'requests done at once',
	everyMilliseconds: 60_000,
	run: async (ctx) => {
		let [settled, after] = [0, ''];
		for (;;) {
			const people = await selectFulfillable(ctx, [...answeredByExport, 'erasure'], after, batch);
			for (const personId of people)
				if (await ctx.keys.find(personId)) settled += await settle(ctx, personId);
			if (people.length < batch) return settled;
			after = people.at(-1) as string;
		}
	}
};
