// Promise: what is told to many people reaches each of them once, whatever dies meanwhile, and how it ended stays on record.
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { claimDue } from '../../platform/work/work.ts';
import type { NoticeTable } from '../../schema.ts';
import { send, type Sending, type Template } from '../delivery.ts';
import {
	insertNotices,
	lockRound,
	selectEnded,
	selectQueued,
	selectRound,
	selectWaiting,
	updateNotice,
	updateRound,
	type RoundTable
} from './queries.ts';

export { list, markRead, tally, to, type Tally } from './reading.ts';

/** Whom a notice goes to, as far as its words hang on it. */
export interface Addressee {
	personId: string;
	language: string;
	country: string;
	region: string | null;
}

/** One thing that is told to many. */
export interface Telling {
	about: string;
	/** The next people whom it concerns, by id, after the last one. */
	find(ctx: Context, after: string | null, limit: number): Promise<{ found: string[]; last: string | null }>;
	write(addressee: Addressee): { [Name in Template]: Sending<Name> }[Template];
	/** What the person reads in their activity. */
	event: { kind: string; details: Record<string, string> };
	/** Whether people are told as soon as all are found; else it rests at `found`. */
	tellsAtOnce: boolean;
}

const foundAtOnce = 500;
const toldAtOnce = 20;
/** While messages are on their way, how often it is looked whether they arrived. */
const settleSeconds = 5;

const tables = { policyAnnouncement: 'policy_announcement', incident: 'incident' } as const;

/** Works off one batch of each round of a table that is due; `tellingOf` says what a round is about. */
export async function work(
	ctx: Context,
	table: RoundTable,
	tellingOf: (ctx: Context, id: string) => Promise<Telling | undefined>
): Promise<number> {
	const claims = await claimDue(ctx, tables[table], 1, 'id');
	for (const { id } of claims) {
		const telling = await tellingOf(ctx, id);
		if (telling) await advance(ctx, table, id, telling);
		else await updateRound(ctx, table, id, { nextAttemptAt: null, leasedUntil: null });
	}
	return claims.length;
}

async function advance(ctx: Context, table: RoundTable, id: string, telling: Telling): Promise<void> {
	const round = await selectRound(ctx, table, id);
	if (round?.phase === 'finding') await find(ctx, table, { ...round, telling });
	if (round?.phase === 'telling') await tell(ctx, table, { id, told: round.told, telling });
	if (round?.phase === 'done') await settle(ctx, table, { id, about: telling.about });
}

type Finding = { id: string; lastPerson: string | null; found: number; telling: Telling };

async function find(ctx: Context, table: RoundTable, { id, lastPerson, found, telling }: Finding) {
	const batch = await telling.find(ctx, lastPerson, foundAtOnce);
	const now = instant(ctx.clock.now());
	const isLast = batch.last === null;
	await transaction(ctx, async (ctx) => {
		await lockRound(ctx, table, id);
		const added = await insertNotices(ctx, telling.about, batch.found, now);
		await updateRound(ctx, table, id, {
			found: found + added,
			lastPerson: batch.last,
			phase: !isLast ? 'finding' : telling.tellsAtOnce ? 'telling' : 'found',
			nextAttemptAt: isLast && !telling.tellsAtOnce ? null : now,
			leasedUntil: null
		});
	});
}

/** The row of the person, their message and their event are written together: whoever was told is never told again. */
async function tell(
	ctx: Context,
	table: RoundTable,
	{ id, told, telling }: { id: string; told: number; telling: Telling }
) {
	await transaction(ctx, async (ctx) => {
		await lockRound(ctx, table, id);
		const waiting = await selectWaiting(ctx, telling.about, toldAtOnce);
		for (const addressee of waiting) await tellOne(ctx, addressee, telling);
		await updateRound(ctx, table, id, {
			told: told + waiting.length,
			phase: waiting.length ? 'telling' : 'done',
			nextAttemptAt: instant(ctx.clock.now()),
			leasedUntil: null
		});
	});
}

async function tellOne(ctx: Context, addressee: Addressee, { about, write, event }: Telling): Promise<void> {
	const { personId } = addressee;
	const at = instant(ctx.clock.now());
	// Their erasure has begun: nothing is written to them any more, and it deletes this row.
	if (!(await audit.holdPerson(ctx, personId)))
		return void (await updateNotice(ctx, personId, about, { state: 'unreachable', at }));
	// Whichever template it is, its values fit: `write` was checked.
	const outcome = await send(ctx, personId, write(addressee) as Sending<'policy-announced'>);
	const sent =
		'id' in outcome ? { state: 'queued', messageId: outcome.id, channel: outcome.channel } : undefined;
	await updateNotice(ctx, personId, about, { state: 'unreachable', at, ...(sent as Partial<NoticeTable>) });
	await audit.record(ctx, personId, event.kind, event.details);
}

/** Takes over how the messages ended, until none is on its way. */
async function settle(ctx: Context, table: RoundTable, { id, about }: { id: string; about: string }) {
	const now = ctx.clock.now();
	const ended = await selectEnded(ctx, about, foundAtOnce);
	for (const { personId, state, sentAt } of ended)
		await updateNotice(ctx, personId, about, {
			// Of one that nobody confirmed there is no proof that it arrived.
			state: state === 'sent' ? 'sent' : 'failed',
			at: sentAt ?? instant(now)
		});
	const waits = ended.length ? 0 : settleSeconds;
	const open = ended.length > 0 || (await selectQueued(ctx, about)) !== undefined;
	const nextAttemptAt = open ? instant(after(now, waits, 'seconds')) : null;
	await updateRound(ctx, table, id, { nextAttemptAt, leasedUntil: null });
}

/** Adds people to whom something is to be told; whoever is on the list stays as they are. Answers how many are new. */
export async function expect(ctx: Context, about: string, personIds: readonly string[]): Promise<number> {
	const now = instant(ctx.clock.now());
	let added = 0;
	for (let start = 0; start < personIds.length; start += foundAtOnce)
		added += await insertNotices(ctx, about, personIds.slice(start, start + foundAtOnce), now);
	return added;
}
