// What is held about a person, and what they decided about it.
import type { Due } from './due.ts';

export interface ProfileValueTable {
	personId: string;
	field: string;
	/** Sealed JSON value. */
	sealed: Buffer;
	/** An origin of the description, or `person` for what they wrote here. */
	origin: string;
	changedAt: string;
}

export interface RecordTable {
	personId: string;
	category: string;
	/** The organisation's own id of the record; same id again replaces. */
	id: string;
	at: string;
	/** Sealed `{<field>: value}`. */
	sealed: Buffer;
	origin: string;
}

export interface RecordCountTable {
	personId: string;
	category: string;
	records: number;
	/** The instant of the oldest record: by it, what has outlived its retention is found without a look at every record. */
	oldestAt: string | null;
}

export interface PreferenceChangeTable {
	personId: string;
	id: string;
	channel: string;
	topic: string;
	allowed: number;
	/** By which way: `Origin` in preferences/preferences.ts. */
	origin: string;
	/** What was changed at once shares one: that is what an undo takes back. */
	changeSet: string;
	at: string;
	/** The id of what stood beside the switch, in `shown_words`; null where nothing was shown (an import, a keyword). */
	words: string | null;
}

/** What stood beside a switch when somebody used it: the organisation's own words, once each. */
export interface ShownWordsTable {
	/** SHA-256 of language and text. */
	id: string;
	language: string;
	text: string;
}

/** That the answer to "may we write to them" may be another one since. */
export interface ContactChangeTable {
	personId: string;
	id: string;
	/** Null: about every way. */
	channel: string | null;
	/** Null: about every topic. */
	topic: string | null;
	at: string;
	/** Given after commit, without gaps; null until then (DESIGN §3.11). */
	position: number | null;
}

/** An address of the person that must not be written to any more; gone when the address is. */
export interface AddressBlockTable {
	personId: string;
	channel: 'email' | 'sms';
	/** `carrier` refused it, it `bounced`, its owner `complained`, or wrote something that a member of staff still has to read. */
	because: 'carrier' | 'bounced' | 'complained' | 'unread-reply';
	/** Keyed hash of the address, as `identifier.blind`. */
	blind: Buffer;
	since: string;
}

/** A field that a person contests; restricted everywhere until `ended`. */
export interface CorrectionTable extends Due {
	personId: string;
	id: string;
	/** `category.field` */
	field: string;
	/** The record of the category, where it has many. */
	record: string | null;
	state: 'open' | 'decided' | 'ended';
	decision: 'accepted' | 'other' | 'erased' | 'refused' | null;
	openedAt: string;
	decidedAt: string | null;
	/** When the restriction ends; null until it is decided. */
	endsAt: string | null;
}

/** What happened in a correction, in its order. */
export interface CorrectionStepTable {
	personId: string;
	correctionId: string;
	id: string;
	kind: 'opened' | 'accepted' | 'other' | 'erased' | 'refused' | 'again' | 'ended';
	actor: string;
	at: string;
	/** Sealed `{wrong?, right?, before?, value?, reason?}`. */
	sealed: Buffer;
}

/** That a person objected to a purpose, switched it off or on again: the newest one counts. */
export interface PurposeChoiceTable {
	personId: string;
	id: string;
	purpose: string;
	allowed: number;
	/** `page`, `consent`, `gpc`, `agent`. */
	origin: string;
	at: string;
}

/** That a person keeps something on although their browser's signal says otherwise: of this purpose they are asked no more. */
export interface SignalKeptTable {
	personId: string;
	purpose: string;
	/** What they keep: the id of their choice, or the instant of their agreement to a partner. Another one is asked about anew. */
	choice: string;
	at: string;
}

/** Who may see a field, where the person decided it. */
export interface FieldVisibilityTable {
	personId: string;
	/** `category.field` */
	field: string;
	viewers: 'everyone' | 'members' | 'nobody';
	changedAt: string;
}

/** For how long a category was kept, and since when that is so ('' from the beginning). */
export interface RetentionRuleTable {
	category: string;
	since: string;
	/** ISO 8601; '' for as long as the person stays. */
	duration: string;
}
