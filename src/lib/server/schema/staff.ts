// Who works for the organisation, what they did, and systems that act for it.

export type StaffRole = 'officer' | 'agent';

/** Who of the organisation may look: nobody of these is a person of the portal. */
export interface StaffMemberTable {
	/** What they sign in with, and how a person reads who looked. */
	id: string;
	name: string;
	role: StaffRole;
	state: 'active' | 'removed';
	/** Sealed argon2id hash, under the portal's own key; empty once removed. */
	hash: Buffer;
	passwordAt: string;
	/** 1 while the password is the one that was handed over. */
	initial: number;
	createdAt: string;
}

export interface StaffSessionTable {
	/** SHA-256 of the session id. */
	sessionId: string;
	staffId: string;
	createdAt: string;
	expiresAt: string;
	seenAt: string;
	language: string | null;
}

/** That a staff member may look at a person for a short while, and why. */
export interface StaffLookTable {
	personId: string;
	id: string;
	staffId: string;
	/** Sealed `{reason, note}`. */
	sealed: Buffer;
	at: string;
	expiresAt: string;
}

/** What staff did: codes and ids of staff. Only ever added to, until its time is over. */
export interface StaffLogTable {
	id: string;
	staffId: string;
	kind: string;
	/** Made from the person's key, and with it alone: tells whether somebody was looked at until they are erased. */
	subject: Buffer | null;
	at: string;
}

export interface SupportLinkTable {
	personId: string;
	id: string;
	page: string;
	language: string;
	/** Keyed hash of the token; the link itself is with the person only. */
	hash: Buffer;
	/** Keyed hash of the six-character code. */
	code: Buffer;
	tries: number;
	madeBy: string;
	createdAt: string;
	expiresAt: string;
	openedAt: string | null;
	confirmedAt: string | null;
}

/** A breach, or a drill of one. */
/** What was done outside the portal: by a command, or by hand of staff. */
export interface ControlDoneTable {
	id: string;
	/** Of the description. */
	control: string;
	/** A day, `YYYY-MM-DD`. */
	doneOn: string;
	/** The staff member's id, or `command`. */
	by: string;
	/** Sealed under the portal's own key: a note in the organisation's words. */
	sealed: Buffer;
	recordedAt: string;
}

export interface ApiTokenTable {
	id: string;
	name: string;
	/** SHA-256 of the token. */
	hash: Buffer;
	/** Codes separated by blanks. */
	scopes: string;
	/** Addresses and networks from which it is taken, separated by blanks; null for everywhere. */
	networks: string | null;
	createdAt: string;
	expiresAt: string;
	revokedAt: string | null;
}

/** Answers kept for `Idempotency-Key` (24 hours): ids and codes only. */
export interface IdempotentAnswerTable {
	tokenId: string;
	key: string;
	bodyHash: Buffer;
	status: number | null;
	answer: string | null;
	createdAt: string;
}
