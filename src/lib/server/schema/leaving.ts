// Taking everything away, and leaving.
import type { Due } from './due.ts';

export interface ExportTable extends Due {
	personId: string;
	id: string;
	state: 'building' | 'ready' | 'failed' | 'cancelled' | 'expired';
	/** Codes separated by blanks. */
	categories: string;
	language: string;
	createdAt: string;
	readyAt: string | null;
	expiresAt: string | null;
	bytes: number | null;
	records: number | null;
	sha256: string | null;
	complete: number | null;
	failure: string | null;
	/** Only what has an instant from `since` on and before `until`. */
	since: string | null;
	until: string | null;
	/** How large a volume may become; null: one file. */
	volumeBytes: number | null;
	/** 1: its person has locked it with a passphrase. */
	locked: number;
	/** How often its person asked to keep it longer. */
	prolonged: number;
	/** The export of which this one fetches what was missing. */
	completes: string | null;
	/** Counts and codes as JSON: how far it is (exports/progress.ts), and what is missing and why (exports/missing.ts). */
	progress: string | null;
	missing: string | null;
}

export interface ExportVolumeTable {
	personId: string;
	exportId: string;
	/** From 1. */
	number: number;
	/** Of the plain ZIP. */
	bytes: number;
	sha256: string;
	records: number;
}

export interface WithdrawalTable extends Due {
	personId: string;
	id: string;
	state: 'grace' | 'cancelled' | 'erasing';
	requestedAt: string;
	eraseAt: string;
	reason: string | null;
	/** Sealed `SealedWithdrawal` (withdrawal/sealed.ts). */
	sealed: Buffer;
	endedAt: string | null;
	/** The case that outlives the person. */
	caseId: string | null;
	/** How many times the person was reminded in the grace period. */
	reminders: number;
}

/** An erasure's case (DESIGN §3.9): what is still to be done when the person is gone. Nothing in it names the person. */
export interface ErasureCaseTable extends Due {
	id: string;
	/** Keyed hash of the claim code; the code is with the person only. */
	claimHash: Buffer;
	state: 'grace' | 'cancelled' | 'locked' | 'erased' | 'closed';
	requestedAt: string;
	eraseAt: string;
	lockedAt: string | null;
	erasedAt: string | null;
	/** JSON of a `Plan` (withdrawal/case/plan.ts): counts and codes only. */
	plan: string | null;
	/** Sealed under the case key `Farewell`; emptied when the case is closed. */
	sealed: Buffer | null;
	/** When the last message to the person was taken over, or given up. */
	toldAt: string | null;
}

/** A partner that is told of an erasure, and what came back. */
export interface CaseRecipientTable {
	caseId: string;
	partner: string;
	state: 'waiting' | 'answered' | 'silent';
	at: string;
	attempts: number;
}

/** A source (a system outside) of which an erasure waits to hear that it holds nothing any more. */
export interface CaseSourceTable {
	caseId: string;
	source: string;
	/** `declared`: it could not be asked any more, and the organisation says so. */
	state: 'waiting' | 'erased' | 'declared';
	/** Since when it is waited for, then when it ended. */
	at: string;
	/** JSON of `Count[]`: what it held; null while it has not said so. */
	held: string | null;
	/** JSON of what the law keeps of it, once that is in the archive: counts and codes. */
	kept: string | null;
	/**
	 * Why the last try did not end it: a code of `SourceFailure` or `HeldUp`, `still-holds`, `by-hand`,
	 * `not-described`, `key-lost`.
	 */
	because: string | null;
	attempts: number;
}

/** A signed certificate of destruction; a later version of a case takes the place of an earlier one. */
export interface CertificateTable {
	caseId: string;
	version: number;
	issuedAt: string;
	jws: string;
}

/** What a system outside is to be told of a person who paused, or goes on; one row a source, the newest wish. */
export interface SourceRestrictionTable extends Due {
	personId: string;
	/** The source. */
	id: string;
	/** 1 or 0. */
	isOn: number;
	/** `by-hand`: nobody described how that source does it. */
	state: 'waiting' | 'done' | 'by-hand';
	at: string;
	/** Why the last try failed: a code of `SourceFailure`. */
	because: string | null;
}

/** The canary's walk through every source: one row. */
export interface CanaryRunTable extends Due {
	id: string;
	ranAt: string | null;
	/** JSON of what it found (canary/steps.ts): ids and codes. */
	result: string | null;
}
