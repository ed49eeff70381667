// Promise: the link at the foot of a message stops exactly that, for ever, and tells whoever finds it nothing.
import type { Context } from '../context.ts';
import { longId, shortId } from '../platform/ids.ts';
import { choiceOf } from './contact.ts';

export interface WayOut {
	personId: string;
	channel: string;
	topic: string;
	/** The language of the message. */
	language: string;
}

/** Person, channel, topic, language, and blanks; as short as it goes, for it stands in every message. */
type Token = [personId: string, channel: string, topic: string, language: string, blanks: string];

const purpose = 'unsubscribe';
/** Tokens are of few lengths, so that theirs does not tell a topic from another one. */
const step = 32;

function filled(token: [string, string, string, string]): Token {
	const { length } = JSON.stringify([...token, '']);
	return [...token, ' '.repeat((step - (length % step)) % step)];
}

/** The way out for one person, way and topic; it never expires. Throws for an essential topic, which has none. */
export function makeUnsubscribeUrl(
	ctx: Context,
	person: { id: string; role: string; language: string },
	channel: string,
	topic: string
): string {
	const choice = choiceOf(ctx, person.role, channel, topic);
	if (!choice || choice.essential) throw new Error(`there is no way out of ${channel}.${topic}`);
	const token = filled([shortId(person.id), channel, topic, person.language]);
	return new URL(`/unsubscribe/${ctx.keys.makeToken(purpose, token)}`, ctx.settings.origin).href;
}

/** What a token was made for; undefined for anything that this portal did not make. */
export function readUnsubscribeToken(ctx: Context, token: string): WayOut | undefined {
	const read = token.length < 1_000 ? ctx.keys.readToken<Token>(purpose, token) : undefined;
	return read && { personId: longId(read[0]), channel: read[1], topic: read[2], language: read[3] };
}
