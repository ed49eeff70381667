// Rights exercised.
import type { Due } from './due.ts';

export type RequestKind =
	| 'access'
	| 'copy'
	| 'correction'
	| 'erasure'
	| 'restriction'
	| 'objection'
	| 'portability'
	| 'california-disclosure'
	| 'question'
	| 'complaint'
	| 'appeal';

export interface RequestTable {
	personId: string;
	id: string;
	kind: RequestKind;
	/** `waiting-for-proof`: nobody has shown yet that it comes from the person. */
	state: 'waiting-for-proof' | 'open' | 'answered' | 'closed';
	/** `category.field` for a correction. */
	subject: string | null;
	/** By what it is due: a rule of requests/clock/rules.ts, or `own-word`. */
	rule: string;
	openedAt: string;
	/** The last instant of the day that is due, where the person lives. */
	dueAt: string;
	closedAt: string | null;
	/** How it came in. */
	channel: 'portal' | 'phone' | 'letter' | 'mail' | 'counter' | 'api' | 'agent';
	/** From here the clock runs: for what came by letter, earlier than it was written down. */
	receivedAt: string;
	/** The things that an access can ask for (PIPA Art. 35), codes separated by blanks. */
	asks: string;
	extendedAt: string | null;
	decision: 'granted' | 'partly' | 'refused' | 'done-at-once' | 'not-mine' | 'unproved' | 'revoked' | null;
	/** The legal ground of a refusal. */
	ground: string | null;
	decidedAt: string | null;
	/** The request whose decision is appealed against. */
	appealOf: string | null;
	remindedAt: string | null;
	alarmedAt: string | null;
	/** Keyed hash of the mail that it came with, so that the same one counts once. */
	mailKey: Buffer | null;
}

/** A file that either side added to a message. */
export interface RequestAttachmentTable {
	personId: string;
	requestId: string;
	id: string;
	messageId: string;
	/** One of a few kinds, by what is in it. */
	type: string;
	bytes: number;
	/** Sealed `{name}`: how its sender calls it. */
	sealed: Buffer;
	/** Sealed bytes. */
	content: Buffer;
}

/** How many mails came in on a day, and what became of them; of whom, nothing. */
export interface MailTallyTable {
	day: string;
	outcome: string;
	mails: number;
}

export interface RequestMessageTable {
	personId: string;
	requestId: string;
	id: string;
	author: 'person' | 'organisation';
	/** Sealed `{text}`. */
	sealed: Buffer;
	at: string;
}

/** The token of an agent of the Data Rights Protocol. */
export interface DrpTokenTable {
	agentId: string;
	/** SHA-256 of the token. */
	hash: Buffer;
	createdAt: string;
}

/** What an agent signed, so that it counts once. */
export interface DrpSignatureTable {
	hash: string;
	expiresAt: string;
}

/** What an agent asked; whose it is says only the request of the same id, where there is one. */
export interface DrpRequestTable extends Due {
	id: string;
	agentId: string;
	exercise: string;
	receivedAt: string;
	expectedBy: string;
	/** As it was last noticed. */
	status: string;
	reason: string | null;
	/** Sealed under the portal's key `{agentRequestId?, statusCallback?}`. */
	sealed: Buffer;
	closedAt: string | null;
}
