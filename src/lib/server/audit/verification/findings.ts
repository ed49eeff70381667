// What a verification of the whole can find, by code: the sentences are the command's.

/** Where a signed head was read. */
export type Place = 'database' | 'file';

export type Finding =
	/** Positions have a gap: a leaf was dropped, or was never there. */
	| { found: 'leaf-missing'; position: number }
	| { found: 'node-wrong'; level: number; number: number }
	/** No head that the portal signed: changed, or made by somebody else. */
	| { found: 'head-forged'; place: Place; size: number }
	/** The portal signed another tree than the one that is there. */
	| { found: 'head-differs'; place: Place; size: number }
	/** The portal signed a tree of more leaves than there are. */
	| { found: 'tree-cut'; place: Place; size: number; leaves: number }
	| { found: 'event-changed'; personId: string; number: number }
	| { found: 'event-missing'; personId: string; number: number }
	| { found: 'leaf-differs'; personId: string; number: number; position: number }
	/** The end of a person's chain is not where it was. */
	| { found: 'chain-cut'; personId: string }
	/** Leaves whose events are gone though no erasure took them. */
	| { found: 'events-gone'; leaves: number; events: number };
