// Promise: the last message reaches somebody who is held nowhere any more; it lies in no outbox and is named by its case.
import type { Context } from '../context.ts';
import { addressOf, type Channel } from './delivery.ts';
import type { Letters, LetterValues, Template } from './letters.ts';
import { removeFromFolder } from './outbox-folder.ts';
import { selectReader } from './queries.ts';
import { Rejected } from './transports/transport.ts';
import { transportsOf } from './transports/transports.ts';
import { writeLetter } from './writing.ts';

/** Where and how somebody reads; kept sealed by whoever writes to them when their own data is gone. */
export interface Reader {
	to: string;
	channel: Channel;
	language: string;
	timeZone: string;
}

/** The person's verified address with their language; undefined for somebody who can't be reached. */
export async function readerOf(ctx: Context, personId: string): Promise<Reader | undefined> {
	const reader = await selectReader(ctx, personId);
	const address = await addressOf(ctx, personId);
	return reader && address && { ...address, language: reader.language, timeZone: reader.timeZone };
}

interface LastMessage<Name extends Template> {
	/** Names the message to the outside: a second try is recognised as the same one. */
	id: string;
	createdAt: string;
	template: Name;
	reader: Reader;
	values: Letters[Name];
}

/** Hands a message over at once. `gone` when it is no use to try again, `later` when it is. */
export async function sendNow<Name extends Template>(
	ctx: Context,
	{ id, createdAt, template, reader, values }: LastMessage<Name>
): Promise<'sent' | 'gone' | 'later'> {
	const transport = transportsOf(ctx.settings)[reader.channel];
	if (!transport) return 'later';
	const { to, language, timeZone } = reader;
	const letter = { to, language, timeZone, values: values as LetterValues };
	try {
		const written = writeLetter(ctx, template, letter);
		// Nothing tells an outbox here: a repeated one carries the same name.
		const handOver = () => Promise.resolve();
		await transport.send(ctx, { id, createdAt, letter, written, handOver });
		return 'sent';
	} catch (error) {
		if (error instanceof Rejected) return 'gone';
		ctx.log.warn({ id, template }, 'a last message could not be delivered yet');
		return 'later';
	}
}

/** The demonstration keeps what was sent in a folder: these are taken out of it. */
export const forget = (ctx: Context, ids: readonly string[]): Promise<void> => removeFromFolder(ctx, ids);
