// What people are told.
import type { Due } from './due.ts';

export interface PolicyAnswerTable {
	personId: string;
	version: string;
	answer: 'seen' | 'accepted' | 'objected';
	language: string;
	at: string;
}

/** That somebody is to be told, or was: proof of delivery. */
export interface NoticeTable {
	personId: string;
	/** `policy <version>` or `incident <id>`. */
	about: string;
	/** `waiting` for their turn, `queued` in the outbox, then its end; `unreachable` who has no address. */
	state: 'waiting' | 'queued' | 'sent' | 'failed' | 'unreachable';
	channel: string | null;
	messageId: string | null;
	/** Since when it stands so. */
	at: string;
	/** When the person opened it in the portal. */
	readAt: string | null;
}

/** Something that is told to many people, each once: first found, then told, in batches behind `lastPerson`. */
export interface Round extends Due {
	id: string;
	phase: 'finding' | 'found' | 'telling' | 'done';
	lastPerson: string | null;
	/** How many people it concerns, and how many had their turn; both stay when people leave. */
	found: number;
	told: number;
}

/** A version of the policy since the portal first knew it; its id is the version. */
export interface PolicyAnnouncementTable extends Round {
	knownAt: string;
}

export interface IncidentTable extends Round {
	drill: number;
	knownAt: string;
	happenedFrom: string | null;
	happenedTo: string | null;
	/** Codes `category.field`, separated by blanks. */
	fields: string;
	/** JSON of an `Audience` (incidents/audience.ts): codes only. */
	audience: string;
	recordedAt: string;
	recordedBy: string;
	authorityDueAt: string;
	authorityToldAt: string | null;
	/** 1 once it was said that the clock runs out, 2 once that it ran out. */
	alarm: number;
	announcedAt: string | null;
	/** Sealed under the portal's own key: `IncidentTexts`. */
	sealed: Buffer;
}

export interface OutboxTable extends Due {
	personId: string;
	id: string;
	channel: 'email' | 'sms';
	/** A code such as `recovery-code`, for logs and the delivery log. */
	template: string;
	/**
	 * `sending` while it is being handed over; then `sent`, when the other side took it; `failed`, when it was given up;
	 * `withheld`, when the person stopped it before it left; `unconfirmed`, when the other side had all of it and we died before
	 * its answer: it is not sent a second time.
	 */
	state: 'waiting' | 'sending' | 'sent' | 'failed' | 'withheld' | 'unconfirmed';
	/** Sealed `Letter` (delivery/letters.ts); emptied after delivery. */
	sealed: Buffer;
	createdAt: string;
	sentAt: string | null;
	/** The topic that it is about, where it can be refused. */
	topic: string | null;
	/** What its sender calls it: the same key is written once a person. */
	key: string | null;
	/** When the last byte was about to leave: after that, nobody can tell whether it arrived. */
	handedAt: string | null;
}

/** What a system of the organisation's own is told of everybody. */
export interface ListenerCallTable extends Due {
	id: string;
	listener: string;
	type: string;
	/** The matter: told once a listener. */
	about: string;
	/** JSON of ids and codes. */
	codes: string;
	state: 'waiting' | 'acknowledged' | 'silent';
	createdAt: string;
	at: string;
}

/** A stop from an address that belongs to nobody here: whoever gets that address later is not written to either. */
export interface StrangerStopTable {
	channel: 'email' | 'sms';
	blind: Buffer;
	at: string;
}

/** Somebody who said yes to marketing, and when to look whether they have to be asked again. `id` is the person's. */
export interface ReconfirmationTable extends Due {
	personId: string;
	id: string;
	/** While an answer is awaited: since when. */
	askedAt: string | null;
	/** When they were asked the last time and did not answer, where that leaves the yes standing. */
	settledAt: string | null;
}

/** Somebody who decided about marketing and is told that it was done. `id` is the person's. */
export interface DecisionNoticeTable extends Due {
	personId: string;
	id: string;
	/** The first change that they were not told of yet; null: none. */
	fromId: string | null;
	/** When they were told the last time. */
	writtenAt: string | null;
}

/** What the gateway has brought already, by its own name, hashed. */
export interface GatewayMessageTable {
	id: string;
	at: string;
}

/** How many text messages came to what: numbers alone. */
export interface ReplyTallyTable {
	/** `2026-11-22`, in UTC. */
	day: string;
	outcome: string;
	messages: number;
}

/** What somebody wrote back in their own words, for a member of staff to read. */
export interface ReplyTable {
	personId: string;
	id: string;
	channel: 'email' | 'sms';
	/** `stop-like`: free text that a reasonable person reads as a stop. */
	kind: 'stop-like' | 'other';
	/** `kept`: it was no stop; `closed`: nobody answers here, and it was put aside. */
	state: 'waiting' | 'stopped' | 'kept' | 'closed';
	/** Sealed `{text}`; emptied when it is decided. */
	sealed: Buffer;
	at: string;
	decidedAt: string | null;
}
