// Promise: what may be a stop is decided by somebody who may, with a reason, and its person can read what was decided, and why.
import { find as findPerson, type Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { characterProblem, type ValueProblem } from '../organisation/field-value.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open } from '../platform/keys/keys.ts';
import * as preferences from '../preferences/preferences.ts';
import type { ReplyTable } from '../schema.ts';
import { lookAt, may, type Member } from '../staff/staff.ts';
import { unblockWhenRead } from './keeping.ts';
import { replyPlace } from './personal-data.ts';
import { endReply, selectQueue, selectReply, selectTally } from './queries.ts';

/** `stopped`: it was a stop; `kept`: it was none, and everything stays as it was. */
export const decisions = ['stopped', 'kept'] as const;
export type Decision = (typeof decisions)[number];

export const longestReason = 2_000;
const perPage = 50;
const tallyDays = 30;
const origins = { sms: 'sms', email: 'mail' } as const;

type NotPermitted = { refused: 'not-permitted' };

/** Those that wait, the oldest first, without a name or a word; refuses `not-permitted`. `after` is the last one seen. */
export async function queue(
	ctx: Context,
	member: Member,
	after?: { at: string; id: string }
): Promise<{ waiting: Awaited<ReturnType<typeof selectQueue>>; more: boolean } | NotPermitted> {
	if (!may(member, 'replies')) return { refused: 'not-permitted' };
	const waiting = await selectQueue(ctx, after, perPage + 1);
	return { waiting: waiting.slice(0, perPage), more: waiting.length > perPage };
}

/** How many text messages of the last 30 days came to what: numbers alone. */
export const tally = (ctx: Context): Promise<{ outcome: string; messages: number }[]> =>
	selectTally(ctx, instant(after(ctx.clock.now(), -tallyDays, 'days')).slice(0, 10));

export type Reply = Pick<ReplyTable, 'id' | 'channel' | 'kind' | 'state' | 'at' | 'decidedAt'> & {
	/** Undefined once it is decided. */
	text: string | undefined;
};

/**
 * What was written, for whoever decides; the look is written down for the person with its reason. Refuses `not-permitted`,
 * `look-refused` for somebody who is not there or being erased, `reply-unknown`.
 */
export async function see(
	ctx: Context,
	member: Member,
	personId: string,
	id: string
): Promise<
	{ person: Person; reply: Reply } | { refused: 'not-permitted' | 'look-refused' | 'reply-unknown' }
> {
	if (!may(member, 'replies')) return { refused: 'not-permitted' };
	const look = await lookAt(ctx, member, personId, { reason: 'contact', note: id });
	if ('refused' in look) return look;
	const row = await selectReply(ctx, personId, id);
	if (!row) return { refused: 'reply-unknown' };
	const { sealed, ...reply } = row;
	const key = await ctx.keys.of(personId);
	const text = sealed.length ? open<{ text: string }>(key, replyPlace(id), sealed).text : undefined;
	return { person: look.person, reply: { ...reply, text } };
}

/** A reason that staff write and the person reads: needed, readable, and no longer than `longestReason`. */
export function reasonProblem(reason: string): ValueProblem | undefined {
	const characters = characterProblem(reason, true);
	if (!reason.trim()) return { code: 'required' };
	if (characters) return { code: characters };
	return reason.length > longestReason ? { code: 'too-long', values: { max: longestReason } } : undefined;
}

export interface Deciding {
	personId: string;
	id: string;
	decision: Decision;
	reason: string;
}

/**
 * Decides one that waits; its words are destroyed then. `stopped` stops everything that can be refused by that way, as if it
 * had been said in a word, from when it was written. The address may be written to again when nothing else waits. `problems` for
 * `reason` (required); refuses `not-permitted`, `reply-unknown`, `reply-decided` and `person-leaving`.
 */
export async function decide(
	ctx: Context,
	member: Member,
	deciding: Deciding
): Promise<
	| { decided: Decision }
	| { problems: { reason: ValueProblem } }
	| NotPermitted
	| { refused: 'reply-unknown' | 'reply-decided' | 'person-leaving' }
> {
	if (!may(member, 'replies')) return { refused: 'not-permitted' };
	const reason = reasonProblem(deciding.reason);
	if (reason) return { problems: { reason } };
	const outcome = await transaction(ctx, (ctx) => settleOne(ctx, deciding));
	if ('decided' in outcome) await delivery.settled(ctx, deciding.personId);
	return outcome;
}

async function settleOne(ctx: Context, { personId, id, decision, reason }: Deciding) {
	if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
	const person = await findPerson(ctx, personId);
	const reply = person && (await selectReply(ctx, personId, id));
	if (!reply) return { refused: 'reply-unknown' as const };
	const { channel, at } = reply;
	const ended = { state: decision, decidedAt: instant(ctx.clock.now()) };
	if (!(await endReply(ctx, personId, id, ended))) return { refused: 'reply-decided' as const };
	if (decision === 'stopped')
		await preferences.stopChannel(ctx, person, channel, origins[channel], { at: new Date(at) });
	await unblockWhenRead(ctx, personId, channel);
	await audit.record(ctx, personId, `reply-${decision}`, { channel, reason });
	return { decided: decision };
}
