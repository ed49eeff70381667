// Promise: a message goes out if and only if what it tells was committed, and nothing of it stays once it is delivered.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { OutboxTable } from '../schema.ts';
import { letterPlace, type Letter, type Letters, type LetterValues, type Template } from './letters.ts';
import {
	insertMessage,
	selectAddresses,
	selectByKey,
	selectHandedOver,
	selectMessages,
	selectReader,
	selectWaiting
} from './queries.ts';

export type { Letters, Template } from './letters.ts';
export { settled, whenSettled } from './sending/settled.ts';
export { forget, readerOf, sendNow, type Reader } from './last-message.ts';
export { lastTopic, wroteSince } from './lately.ts';
export * as log from './log/log.ts';
export * as notices from './notices/notices.ts';
export { tellPartner, toldPartners, withholdValues, type PartnerCall } from './partners/partner-calls.ts';
export { externalIdOf, tellListeners, tellListenersOfAll } from './listeners/listeners.ts';
export { callWebhook, postJson, webhookSecret } from './webhooks.ts';
export { previews, type Preview } from './previews.ts';
export { saysGone, statusIn } from './transports/address-gone.ts';
export { sentMessage, sentMessages, type SentMessage } from './outbox-folder.ts';

export type Channel = OutboxTable['channel'];

interface Choices {
	channel?: Channel;
	/** Another address than the person's verified one: a new email that is to be confirmed, the old one that is told. */
	to?: string;
	language?: string;
	/** Another page than the template's own behind the button, such as `/requests/<id>`. */
	path?: string;
	/** For a message about a topic, from `preferences.makeUnsubscribeUrl`. */
	unsubscribeUrl?: string;
	/** From this instant on it helps nobody any more, and is not sent. */
	until?: string;
	/** What it is about, where that can be refused: it stays here when the person stops that before it leaves. */
	topic?: string;
	/** What its sender calls it: with the same key, nothing is written to the same person a second time. */
	key?: string;
}

/** What a sender says. Personal values are welcome: the whole letter is sealed. */
export type Sending<Name extends Template = Template> = Choices & {
	template: Name;
} & (keyof Letters[Name] extends never ? { values?: undefined } : { values: Letters[Name] });

const kinds = { email: 'email', sms: 'phone' } as const;

/**
 * Where the person is written to: the verified email, else the verified phone. A ledger knows no domain; it reads the
 * columns of `identifier` that it needs, so that no sender has to look an address up only to hand it on. One that was given for
 * signing in safely alone is written to `forSafety`, with a code, and with nothing else.
 */
export async function addressOf(
	ctx: Context,
	personId: string,
	channel?: Channel,
	forSafety = false
): Promise<{ channel: Channel; to: string } | undefined> {
	const key = await ctx.keys.of(personId);
	const rows = (await selectAddresses(ctx, personId)).filter(({ use }) => forSafety || use === 'contact');
	for (const possible of channel ? [channel] : (['email', 'sms'] as const)) {
		const row = rows.find(({ kind }) => kind === kinds[possible]);
		const place = { table: 'identifier', column: 'sealed', row: kinds[possible] };
		if (row) return { channel: possible, to: open<string>(key, place, row.sealed) };
	}
	return undefined;
}

const channelOf = (to: string): Channel => (to.includes('@') ? 'email' : 'sms');

/**
 * Writes a message into the outbox, in the caller's transaction; due work delivers it when that has committed.
 * Refuses `no-address` for somebody who can't be reached that way (a child with a username alone): nothing is written.
 * The caller has asked `preferences.mayContact` where the message is about a topic that can be refused, and names the topic:
 * it is asked again right before the message leaves. A second one of the same `key` is not written; answers the first.
 */
export async function send<Name extends Template>(
	ctx: Context,
	personId: string,
	sending: Sending<Name>
): Promise<{ id: string; channel: Channel } | { refused: 'no-address' }> {
	const { template, to, channel, path, unsubscribeUrl, until, topic = null, key = null } = sending;
	const reader = await selectReader(ctx, personId);
	const address = to
		? { to, channel: channel ?? channelOf(to) }
		: await addressOf(ctx, personId, channel, template.endsWith('-code'));
	if (!reader || !address) return { refused: 'no-address' };
	const values = { ...sending.values } as LetterValues;
	const letter: Letter = {
		to: address.to,
		language: sending.language ?? reader.language,
		timeZone: reader.timeZone,
		values,
		path,
		topic: topic ?? undefined,
		until,
		unsubscribeUrl
	};
	const id = ctx.ids.next();
	const now = instant(ctx.clock.now());
	const sealed = seal(await ctx.keys.of(personId), letterPlace(id), letter);
	const due = { nextAttemptAt: now, leasedUntil: null, attempts: 0 };
	const isNew = await insertMessage(ctx, {
		personId,
		id,
		channel: address.channel,
		template,
		state: 'waiting',
		sealed,
		createdAt: now,
		sentAt: null,
		topic,
		key,
		handedAt: null,
		...due
	});
	return isNew || key === null ? { id, channel: address.channel } : selectByKey(ctx, personId, key);
}

/** Whether something for the person is still on its way: the key that opens it must not be destroyed yet. */
export const isWaiting = async (ctx: Context, personId: string): Promise<boolean> =>
	(await selectWaiting(ctx, personId)) !== undefined;

/** That something was sent, when and by which way; what it said is gone. Newest first; `before` is the last id seen. */
export const history = (ctx: Context, personId: string, before: string | undefined, limit: number) =>
	selectMessages(ctx, personId, before, limit);

/** The time zone in which the person reads dates. */
export const timeZoneOf = async (ctx: Context, personId: string): Promise<string> =>
	(await selectReader(ctx, personId))?.timeZone ?? 'UTC';

/** Whose message went out under that name, and about what; undefined for one that we never sent. */
export const handedOver = (ctx: Context, id: string) => selectHandedOver(ctx, id);
