// Promise: the link at the foot of a message stops exactly that, for ever, and tells whoever finds it nothing.
import type { Context } from '../context.ts';
import { choiceOf } from './contact.ts';

export interface WayOut {
	personId: string;
	channel: string;
	topic: string;
	/** The language of the message. */
	language: string;
}

/** Short names: the token goes into every message. */
interface Token {
	p: string;
	c: string;
	t: string;
	l: string;
}

const purpose = 'unsubscribe';

/** The way out for one person, way and topic; it never expires. Throws for an essential topic, which has none. */
export function makeUnsubscribeUrl(
	ctx: Context,
	person: { id: string; role: string; language: string },
	channel: string,
	topic: string
): string {
	const choice = choiceOf(ctx, person.role, channel, topic);
	if (!choice || choice.essential) throw new Error(`there is no way out of ${channel}.${topic}`);
	const token: Token = { p: person.id, c: channel, t: topic, l: person.language };
	return new URL(`/unsubscribe/${ctx.keys.makeToken(purpose, token)}`, ctx.settings.origin).href;
}

/** What a token was made for; undefined for anything that this portal did not make. */
export function readUnsubscribeToken(ctx: Context, token: string): WayOut | undefined {
	const read = token.length < 1_000 ? ctx.keys.readToken<Token>(purpose, token) : undefined;
	return read && { personId: read.p, channel: read.c, topic: read.t, language: read.l };
}
