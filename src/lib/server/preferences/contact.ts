// Promise: whether somebody may be written to is answered from what they decided, and before that from their situation.
import type { Context } from '../context.ts';
import { topicsOf } from '../organisation/lookup.ts';
import type { Topic } from '../organisation/organisation.ts';
import type { AddressBlockTable, PersonState } from '../schema.ts';

/** As much of a person as deciding takes; `Person` of accounts is one. */
export interface Contactable {
	id: string;
	role: string;
	state: PersonState;
	pausedAt: string | null;
	/** By whose clock quiet hours run, and by whose law. */
	timeZone: string;
	country: string;
}

/** Codes with a sentence at `messages:because.<code>`. */
export type Because =
	| 'essential'
	| 'default'
	| 'decided'
	| 'no-such-choice'
	| 'verification-only'
	| 'address-stopped'
	| 'address-suppressed'
	| AddressBlockTable['because']
	| 'under-correction'
	| 'purpose-off'
	| 'paused'
	| 'quiet-hours'
	| Exclude<PersonState, 'active'>;

export interface Answer {
	allowed: boolean;
	because: Because;
	/** Since when; null where it was so from the beginning. */
	since: string | null;
	/** When the quiet hours end. */
	until?: string;
}

/** What the ledger and the addresses say about one choice of one person. */
export interface Facts {
	/** The change that counts (`standing`). */
	decided?: { allowed: number; at: string } | undefined;
	/** The address by that way was given for signing in safely, and for nothing else. */
	isForVerification?: boolean | undefined;
	/** The address by that way must not be written to. */
	blocks?: readonly { because: AddressBlockTable['because']; since: string }[] | undefined;
	/** Whoever had the address before said stop then. */
	strangerStoppedAt?: string | undefined;
	/** The address is contested, since then. */
	contestedAt?: string | undefined;
	/** The purpose of the topic is off, since then. */
	purposeOffAt?: string | undefined;
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

const no = (because: Because, since: string | null = null): Answer => ({ allowed: false, because, since });

/** What stands above every choice: nothing but what is essential goes to somebody who paused, leaves, or may not decide yet. */
export function situationOf({ state, pausedAt }: Contactable): Answer | undefined {
	if (state !== 'active') return no(state);
	return pausedAt ? no('paused', pausedAt) : undefined;
}

/** Such an address gets nothing: it is said not to exist (codes are tried all the same), or its carrier lets nothing through. */
const isDead = ({ because }: { because: AddressBlockTable['because'] }) =>
	because === 'carrier' || because === 'bounced';

/** Why nothing at all may go by a way, whatever it is about: also what is essential does not. */
export function addressProblem({ isForVerification, blocks }: Facts): Answer | undefined {
	if (isForVerification) return no('verification-only');
	const dead = blocks?.find(isDead);
	return dead && no(dead.because, dead.since);
}

function chosen(topic: Topic, { decided, strangerStoppedAt }: Facts): Answer {
	if (strangerStoppedAt && (!decided || decided.at <= strangerStoppedAt))
		return no('address-stopped', strangerStoppedAt);
	if (decided) return { allowed: decided.allowed === 1, because: 'decided', since: decided.at };
	return { allowed: topic.default === 'on', because: 'default', since: null };
}

/**
 * The answer for one choice. Essential topics always may, until the erasure begins, unless nothing at all can go there; nothing
 * else goes to somebody who paused, is leaving, or whose guardian has not agreed, to an address that they contest or that must
 * not be written to, or for a purpose that they objected to or switched off.
 */
export function answerOf(person: Contactable, topic: Topic, facts: Facts): Answer {
	if (person.state === 'erasing') return no('erasing');
	const problem = addressProblem(facts);
	if (problem) return problem;
	if (topic.essential) return { allowed: true, because: 'essential', since: null };
	const situation = situationOf(person);
	if (situation) return situation;
	const choice = chosen(topic, facts);
	if (!choice.allowed) return choice;
	const [block] = facts.blocks ?? [];
	if (block) return no(block.because, block.since);
	if (facts.contestedAt) return no('under-correction', facts.contestedAt);
	return facts.purposeOffAt ? no('purpose-off', facts.purposeOffAt) : choice;
}
