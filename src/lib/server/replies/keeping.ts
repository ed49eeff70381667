// Promise: what somebody wrote in their own words is read by a person; until then an address is not written to that may have said stop.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { seal } from '../platform/keys/keys.ts';
import * as preferences from '../preferences/preferences.ts';
import type { ReplyTable } from '../schema.ts';
import { replyPlace } from './personal-data.ts';
import { endReply, insertReply, selectUnread } from './queries.ts';

type Channel = ReplyTable['channel'];

const longestText = 2_000;

export interface FreeText {
	channel: Channel;
	/** `stop-like`: a reasonable person reads it as a stop. */
	kind: ReplyTable['kind'];
	text: string;
	/** When it was sent. */
	at: Date;
}

/** Keeps it, sealed, for staff; what may be a stop keeps the address quiet meanwhile. In the caller's transaction. */
export async function keep(
	ctx: Context,
	personId: string,
	{ channel, kind, text, at }: FreeText
): Promise<string> {
	const id = ctx.ids.next();
	const words = text.toWellFormed().replaceAll('\0', '').slice(0, longestText).toWellFormed();
	await insertReply(ctx, {
		personId,
		id,
		channel,
		kind,
		state: 'waiting',
		sealed: seal(await ctx.keys.of(personId), replyPlace(id), { text: words }),
		at: instant(at),
		decidedAt: null
	});
	await audit.record(ctx, personId, `reply-${kind}`, { channel });
	if (kind === 'stop-like') await preferences.block(ctx, personId, channel, 'unread-reply');
	return id;
}

/** Whether something unread keeps the address from being written to. */
export const isQuiet = async (ctx: Context, personId: string, channel: Channel): Promise<boolean> =>
	(await selectUnread(ctx, personId, channel)).length > 0;

/** The address may be written to again as soon as nothing unread of it is left. In the caller's transaction. */
export async function unblockWhenRead(ctx: Context, personId: string, channel: Channel): Promise<void> {
	if (!(await isQuiet(ctx, personId, channel)))
		await preferences.unblock(ctx, personId, channel, 'unread-reply');
}

/**
 * The person has said it in a word since: what they wrote before needs no reading any more. `before`: the instant of that word;
 * everything that waits without it. In the caller's transaction.
 */
export async function settle(
	ctx: Context,
	personId: string,
	channel: Channel,
	{ state, before }: { state: 'stopped' | 'kept'; before?: Date }
): Promise<void> {
	const waiting = await selectUnread(ctx, personId, channel);
	const unread = before ? waiting.filter(({ at }) => at < instant(before)) : waiting;
	if (!unread.length) return;
	const decidedAt = instant(ctx.clock.now());
	for (const { id } of unread) await endReply(ctx, personId, id, { state, decidedAt });
	await unblockWhenRead(ctx, personId, channel);
}
