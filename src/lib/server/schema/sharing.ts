// Agreements, what went to partners, and what partners are told.
import type { Due } from './due.ts';

export interface ConsentTable {
	personId: string;
	id: string;
	partner: string;
	decision: 'granted' | 'withdrawn';
	/** Fingerprint of the partner's field list when it was shown. */
	version: string;
	language: string;
	/** Sealed `{words, fields, about?, by?}`: what was shown, and what stood around it. */
	sealed: Buffer;
	origin: string;
	at: string;
	/** `guardian:<id>` or `school:<id>` where the person did not decide themselves. */
	givenBy: string | null;
	/** A paper of `consent_evidence`. */
	evidence: string | null;
}

/** A paper on which somebody agreed in a person's place. */
export interface ConsentEvidenceTable {
	personId: string;
	id: string;
	/** Sealed `{type, bytes, sha256}`. */
	sealed: Buffer;
	/** Sealed bytes of the file. */
	content: Buffer;
	at: string;
}

export interface DisclosureTable {
	personId: string;
	id: string;
	partner: string;
	purpose: string;
	basis: string;
	/** Codes `category.field`, separated by blanks. */
	fields: string;
	country: string;
	consentVersion: string | null;
	/** `released` through the gate, `afterwards` when it was told later. */
	recorded: 'released' | 'afterwards';
	at: string;
	recordedAt: string;
	/** Sealed `{reference?, key?}`. */
	sealed: Buffer;
	/** Keyed hash of the caller's own key of the row, for running an import twice. */
	dedupe: Buffer;
}

export interface DisclosureCountTable {
	personId: string;
	partner: string;
	disclosures: number;
	lastAt: string;
}

/** What flowed where, counted as it is written: by category (`field` empty) and by each of its fields. */
export interface DisclosureFlowTable {
	personId: string;
	partner: string;
	category: string;
	field: string;
	disclosures: number;
	firstAt: string;
	lastAt: string;
}

/** What a partner is told of a person by signed webhook. */
export interface PartnerCallTable extends Due {
	personId: string;
	id: string;
	partner: string;
	/** A type of webhook, such as `correction.decided`. */
	type: string;
	/** What it belongs to, such as `correction:<id>`: several calls to one partner about it are one matter. */
	about: string;
	state: 'waiting' | 'acknowledged' | 'silent' | 'no-webhook';
	/** Sealed data of the call; emptied when nothing is to be told any more. */
	sealed: Buffer;
	createdAt: string;
	/** Since when it is in its state. */
	at: string;
}

/** A webhook whose owner answered that it is gone (410); another address in the description is called again. */
export interface PartnerWebhookTable {
	partner: string;
	url: string;
	disabledAt: string;
}
