// Promise: whether somebody may be written to is answered from what they decided, and before that from their situation.
import type { Context } from '../context.ts';
import { topicsOf } from '../organisation/lookup.ts';
import type { Topic } from '../organisation/organisation.ts';
import type { PersonState } from '../schema.ts';

/** As much of a person as deciding takes; `Person` of accounts is one. */
export interface Contactable {
	id: string;
	role: string;
	state: PersonState;
	pausedAt: string | null;
}

/** Codes with a sentence at `messages:because.<code>`. */
export type Because =
	| 'essential'
	| 'default'
	| 'decided'
	| 'no-such-choice'
	| 'under-correction'
	| 'purpose-off'
	| 'paused'
	| 'leaving'
	| 'awaiting-consent'
	| 'locked'
	| 'erasing';

export interface Answer {
	allowed: boolean;
	because: Because;
	/** Since when; null where it was so from the beginning. */
	since: string | null;
}

/** The topic, where a person of the role can get it by that way; undefined where there is no such choice. */
export function choiceOf(
	{ organisation }: Pick<Context, 'organisation'>,
	role: string,
	channel: string,
	topic: string
): Topic | undefined {
	if (!organisation.channels.some(({ id }) => id === channel)) return undefined;
	return topicsOf(organisation, role).find(
		({ id, channels }) => id === topic && channels.some((possible) => possible === channel)
	);
}

/** What stands above every choice: nothing but what is essential goes to somebody who paused, leaves, or may not decide yet. */
export function situationOf({ state, pausedAt }: Contactable): Answer | undefined {
	if (state !== 'active') return { allowed: false, because: state, since: null };
	return pausedAt ? { allowed: false, because: 'paused', since: pausedAt } : undefined;
}

/** The answer for one cell, from the topic, the person's situation and the newest change of it. */
export function answerOf(
	person: Contactable,
	topic: Topic | undefined,
	latest: { allowed: number; at: string } | undefined
): Answer {
	if (!topic) return { allowed: false, because: 'no-such-choice', since: null };
	if (person.state === 'erasing') return { allowed: false, because: 'erasing', since: null };
	if (topic.essential) return { allowed: true, because: 'essential', since: null };
	const situation = situationOf(person);
	if (situation) return situation;
	if (latest) return { allowed: latest.allowed === 1, because: 'decided', since: latest.at };
	return { allowed: topic.default === 'on', because: 'default', since: null };
}
