// Promise: what either side wrote is sealed under the person's key and kept in the order in which it was written.
import type { Context } from '../context.ts';
import { characterProblem, type ValueProblem } from '../organisation/field-value.ts';
import { instant } from '../platform/clock.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { RequestMessageTable } from '../schema.ts';
import { insertMessage, selectMessages } from './queries.ts';

export const longestText = 5_000;

export interface Message {
	id: string;
	author: RequestMessageTable['author'];
	text: string;
	at: string;
}

const place = (requestId: string, id: string) => ({
	table: 'request_message',
	column: 'sealed',
	row: `${requestId}/${id}`
});

/** For readers that walk a whole thread. */
export async function readMessages(
	ctx: Context,
	personId: string,
	requestId: string,
	{ after, limit }: { after?: string | undefined; limit: number }
): Promise<Message[]> {
	const key = await ctx.keys.of(personId);
	const rows = await selectMessages(ctx, personId, requestId, after, limit);
	return rows.map(({ id, author, sealed, at }) => ({
		id,
		author,
		at,
		text: open<{ text: string }>(key, place(requestId, id), sealed).text
	}));
}

/** What is wrong with a text that somebody wants to send. */
export function textProblem(text: string): ValueProblem | undefined {
	const trimmed = text.trim();
	if (trimmed === '') return { code: 'required' };
	if (trimmed.length > longestText) return { code: 'too-long', values: { max: longestText } };
	const code = characterProblem(trimmed, true);
	return code ? { code } : undefined;
}

/** Adds a message, in the caller's transaction. */
export async function write(
	ctx: Context,
	personId: string,
	requestId: string,
	{ author, text }: { author: RequestMessageTable['author']; text: string }
): Promise<{ id: string }> {
	const id = ctx.ids.next();
	const sealed = seal(await ctx.keys.of(personId), place(requestId, id), { text: text.trim() });
	await insertMessage(ctx, { personId, requestId, id, author, sealed, at: instant(ctx.clock.now()) });
	return { id };
}
