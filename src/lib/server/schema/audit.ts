// What happened, and the proof of it.

export interface AuditEventTable {
	personId: string;
	id: string;
	/** A code such as `session.started`; its sentence is `activity:event.<kind>`. */
	kind: string;
	actor: string;
	at: string;
	/** Sealed details, by name. */
	sealed: Buffer;
	/** 1, 2, … per person; null until an event from before there were chains has joined its chain. */
	number: number | null;
	/** Keyed hash over this event and all before it (audit/commitments.ts). */
	commitment: Buffer | null;
	/** Its leaf's place in the tree, 0, 1, …; null until the worker has given one. */
	position: number | null;
}

/** The end of a person's chain; whoever writes an event locks it. */
export interface AuditChainTable {
	personId: string;
	events: number;
	commitment: Buffer;
	/** Keyed hash that says that this is the end. */
	ending: Buffer;
}

/** What stays in the tree when a person was erased: a commitment that nobody can open any more. */
export interface AuditLeafTable {
	position: number;
	commitment: Buffer;
	/** 1 when an erasure took its event. */
	erased: number;
}

/** Hashes of complete subtrees of 2^level leaves, level 1 and up. */
export interface AuditNodeTable {
	level: number;
	number: number;
	hash: Buffer;
}

/** Signed heads of the tree. */
export interface AuditHeadTable {
	size: number;
	root: Buffer;
	at: string;
	jws: string;
}

/** Facts about the database itself: `demonstration`, `description`. */
export interface MarkTable {
	name: string;
	value: string;
}
