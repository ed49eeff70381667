// Systems outside that are read where they are: how each is, and when it last proved what it can.

/** Codes and instants; the words of whoever switched it off lie under the portal's own key. */
export interface SourceStateTable {
	source: string;
	offSince: string | null;
	offBy: string | null;
	offBecause: Buffer | null;
	/** When a call last failed, what was asked, and a code (`timed-out`, `refused 42P01`). */
	failedAt: string | null;
	failedAtWhat: string | null;
	failure: string | null;
	/** When it last answered with somebody else's rows, for which category, and how many it ever did. */
	foreignAt: string | null;
	foreignIn: string | null;
	foreignRows: number;
}

/** When a source last did something that it is described to be able to. */
export interface SourceProofTable {
	source: string;
	ability: 'read' | 'edit' | 'restrict' | 'erase' | 'plant';
	by: 'use' | 'canary';
	at: string;
}
