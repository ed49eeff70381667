// Who decided for a child, and reports of a child’s data.
import type { Due } from './due.ts';
import type { PersonState } from './people.ts';

/** `use`: of the service; `sharing`: that data is passed on to partners (COPPA 16 CFR 312.5(a)(2) wants them apart). */
export type ConsentScope = 'use' | 'sharing';

/** What was agreed for a child, by whom and how; only ever added to. The row is the child's, the giver an id and a role. */
export interface FamilyConsentTable {
	personId: string;
	id: string;
	scope: ConsentScope;
	/** `asked`: waits until staff have seen the evidence; `declined`: they did not find it enough. */
	decision: 'asked' | 'granted' | 'declined' | 'withdrawn';
	/** A way of the description. */
	way: string;
	giver: 'guardian' | 'school' | 'person' | 'staff';
	giverId: string;
	/** A paper of `consent_evidence`. */
	evidence: string | null;
	/** Sealed `{language, words, categories, partners, note?}`: what was read. */
	sealed: Buffer;
	at: string;
}

/** That the operator wants to see a school's evidence of a consent, until when. */
export interface EvidenceRequestTable extends Due {
	personId: string;
	id: string;
	/** Whose it is to show: a person with a role that consents for children. */
	askedOf: string;
	askedBy: string;
	state: 'open' | 'overdue' | 'answered';
	askedAt: string;
	dueAt: string;
	answeredAt: string | null;
}

/** A report that a child's data is held without consent. It names nobody in the clear; what was written is emptied when it is closed. */
export interface ChildReportTable {
	id: string;
	state: 'open' | 'closed';
	/** What the portal did by itself: `locked` where it was certain whom it is about. */
	found: 'locked' | 'unclear';
	at: string;
	closedAt: string | null;
	/** `destroyed`, `released`, `no-child`. */
	outcome: string | null;
	/** Sealed under the portal's key: `{about, account, contact}`. */
	sealed: Buffer | null;
}

/** That a child's account is locked because of such a report, whose id it has. */
export interface ChildLockTable extends Due {
	personId: string;
	id: string;
	state: 'locked' | 'released' | 'destroying';
	stateBefore: PersonState;
	lockedAt: string;
	destroyAt: string;
	endedAt: string | null;
	/** Sealed `{reason?}`: why staff let it go. */
	sealed: Buffer;
}
