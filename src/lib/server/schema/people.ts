// Who somebody is, and how they sign in.
import type { Due } from './due.ts';

/** `locked`: somebody reported that a child's data is held without consent; nothing happens with it until that is decided. */
export type PersonState = 'active' | 'awaiting-consent' | 'locked' | 'leaving' | 'erasing';

export interface PersonTable {
	personId: string;
	role: string;
	state: PersonState;
	/** A language of the description; `country` and `region` are codes. */
	language: string;
	timeZone: string;
	country: string;
	region: string | null;
	/** Sealed `{externalId, bornOn?}`. */
	sealed: Buffer;
	createdAt: string;
	/** The person asked that their data rest: nothing is sent or passed on. */
	pausedAt: string | null;
}

export interface IdentifierTable {
	personId: string;
	kind: 'email' | 'phone' | 'username' | 'external';
	blind: Buffer;
	/** Sealed text of the value as the person writes it. */
	sealed: Buffer;
	verifiedAt: string | null;
	changedAt: string;
	/** `verification`: given for signing in safely, and used for nothing else. */
	use: 'contact' | 'verification';
}

/** `child` belongs to the row's person, who is the guardian's ward; the guardian is an id and nothing else. */
export interface GuardianTable {
	personId: string;
	guardianId: string;
	since: string;
}

/** Somebody whom others may have rights for: looked at once a day until they are grown up. `id` is the person's. */
export interface MinorTable extends Due {
	personId: string;
	id: string;
	/** 1 once they were told that they decide alone. */
	told: number;
}

export interface CredentialTable {
	personId: string;
	/** Sealed argon2id hash. */
	sealed: Buffer;
	changedAt: string;
}

export interface SessionTable {
	/** SHA-256 of the session id; the id itself is with the browser only. */
	sessionId: string;
	personId: string;
	createdAt: string;
	expiresAt: string;
	seenAt: string;
	/** The last time that the person proved again who they are. */
	provedAt: string | null;
	language: string | null;
	/** Sealed `{device, address}`. */
	sealed: Buffer;
}

/** A proof bound to one action, used once. */
export interface StepUpTable {
	personId: string;
	sessionId: string;
	action: string;
	grantedAt: string;
	usedAt: string | null;
}

export interface OneTimeCodeTable {
	personId: string;
	id: string;
	/** `recovery`, `change-email`, …: a code counts for its purpose only. */
	purpose: string;
	/** Keyed hash of the code. */
	hash: Buffer;
	/** Sealed `{value?}`: for a change, the new address. */
	sealed: Buffer;
	tries: number;
	expiresAt: string;
	usedAt: string | null;
	createdAt: string;
}
