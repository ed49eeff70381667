// Promise: a message goes out if and only if what it tells was committed, and nothing of it stays once it is delivered.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { OutboxTable } from '../schema.ts';
import type { Letter, Letters, Template } from './letters.ts';
import { insertMessage, selectAddresses, selectMessages, selectReader } from './queries.ts';

export type { Letters, Template } from './letters.ts';

export type Channel = OutboxTable['channel'];

/** What a sender says; all but the template and its values is found out where it is left away. */
export interface Sending<Name extends Template = Template> {
	template: Name;
	/** Needed where `Letters` names any. Personal values are welcome: the whole letter is sealed. */
	values?: Letters[Name];
	channel?: Channel;
	/** Another address than the person's verified one: a new email that is to be confirmed, the old one that is told. */
	to?: string;
	language?: string;
	/** Another page than the template's own behind the button, such as `/requests/<id>`. */
	path?: string;
	/** For a message about a topic, from `preferences.makeUnsubscribeUrl`. */
	unsubscribeUrl?: string;
}

export const letterPlace = (id: string) => ({ table: 'outbox', column: 'sealed', row: id });

const kinds = { email: 'email', sms: 'phone' } as const;

/**
 * Where the person is written to: the verified email, else the verified phone. A ledger knows no domain; it reads the
 * one column of `identifier` that it needs, so that no sender has to look an address up only to hand it on.
 */
async function addressOf(ctx: Context, personId: string, channel?: Channel): Promise<{ channel: Channel; to: string } | undefined> {
	const key = await ctx.keys.of(personId);
	const rows = await selectAddresses(ctx, personId);
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
 * The caller has asked `preferences.mayContact` where the message is about a topic that can be refused.
 */
export async function send<Name extends Template>(ctx: Context, personId: string, sending: Sending<Name>): Promise<{ id: string } | { refused: 'no-address' }> {
	const { template, values, path, unsubscribeUrl } = sending;
	const reader = await selectReader(ctx, personId);
	const address = sending.to
		? { to: sending.to, channel: sending.channel ?? channelOf(sending.to) }
		: await addressOf(ctx, personId, sending.channel);
	if (!reader || !address) return { refused: 'no-address' };
	const language = sending.language ?? reader.language;
	const letter: Letter = { to: address.to, language, timeZone: reader.timeZone, values: { ...values }, path, unsubscribeUrl };
	return { id: await put(ctx, personId, { channel: address.channel, template }, letter) };
}

/**
 * The last message to somebody of whom nothing is left: sealed under a key of its own, which dies with the delivery.
 * Makes that key, so it must not be called inside a transaction (DESIGN §3.8).
 */
export async function sendLast<Name extends Template>(
	ctx: Context,
	last: { to: string; language: string; timeZone?: string; template: Name; values: Letters[Name] }
): Promise<void> {
	const { to, language, timeZone = 'UTC', template, values } = last;
	const caseId = ctx.ids.next();
	await ctx.keys.birth(caseId);
	await put(ctx, caseId, { channel: channelOf(to), template }, { to, language, timeZone, values: { ...values }, last: true });
}

async function put(ctx: Context, personId: string, { channel, template }: { channel: Channel; template: Template }, letter: Letter): Promise<string> {
	const id = ctx.ids.next();
	const now = instant(ctx.clock.now());
	const sealed = seal(await ctx.keys.of(personId), letterPlace(id), letter);
	const due = { nextAttemptAt: now, leasedUntil: null, attempts: 0 };
	await insertMessage(ctx, { personId, id, channel, template, state: 'waiting', sealed, createdAt: now, sentAt: null, ...due });
	return id;
}

/** That something was sent, when and by which way; what it said is gone. Oldest first; `after` is the last id seen. */
export const history = (ctx: Context, personId: string, after: string | undefined, limit: number) =>
	selectMessages(ctx, personId, after, limit);
