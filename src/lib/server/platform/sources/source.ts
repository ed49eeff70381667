// Promise: whatever a system outside does, a call to it ends within its budget, with an answer or with a code.

/** What a source can be asked to do; what it cannot is done there by hand, and said. */
export type Ability = 'read' | 'edit' | 'restrict' | 'erase' | 'plant';

/**
 * Why a call brought nothing: it is switched `off`; it failed too often just now and is left alone (`resting`); it is
 * `unreachable`, `timed-out`, or gave more than its budget (`over-budget`); it `refused`; what it said was `not-understood`, or
 * ended in the middle (`cut-off`); it `cannot`, for nobody described how.
 */
export type SourceFailureCode =
	| 'off'
	| 'resting'
	| 'unreachable'
	| 'timed-out'
	| 'over-budget'
	| 'refused'
	| 'not-understood'
	| 'cut-off'
	| 'cannot';

/** Carries codes only: what a driver says holds values. */
export class SourceFailure extends Error {
	readonly source: string;
	readonly code: SourceFailureCode;
	/** A code of the system's own, for whoever mends it: `42P01`, `ECONNREFUSED`, `503`. */
	readonly because: string | undefined;
	constructor(source: string, code: SourceFailureCode, because?: string) {
		super(`${source}: ${code}`);
		this.name = 'SourceFailure';
		this.source = source;
		this.code = code;
		this.because = because;
	}
}

/** As the source said it, checked for nothing: `at` is its own writing of an instant, by which it orders. */
export interface SourceRow {
	person: string;
	id: string;
	at: string;
	[field: string]: unknown;
}

/** Where a page begins or ends: a row's own `at` and `id`. */
export interface SourcePlace {
	at: string;
	id: string;
}

/** For one call: less than the source's own budget, or an end from outside. */
export interface Within {
	seconds?: number;
	signal?: AbortSignal;
	/** Is told of each row that could not be read as text, and so was left out. */
	unreadable?: () => void;
}

/**
 * One system outside. Each call runs within its time, rows and bytes, behind its switch and its breaker. Throws
 * `SourceFailure`, and nothing else but bugs. `person` is what that system calls them: their external id.
 */
export interface Source {
	readonly id: string;
	/** `edit`: at least one field; which ones says `edits`. */
	readonly can: ReadonlySet<Ability>;
	/** Whether a field of a category can be changed there. */
	edits(category: string, field: string): boolean;
	count(category: string, person: string, within?: Within): Promise<number>;
	/** Pages of at most 1,000, newest first; memory does not grow with them. What came before a failure stands. */
	read(category: string, person: string, within?: Within): AsyncIterable<readonly SourceRow[]>;
	/** Newest first: just older than `before`, or just newer than `after`. */
	page(
		category: string,
		person: string,
		place: { before?: SourcePlace; after?: SourcePlace; limit: number },
		within?: Within
	): Promise<readonly SourceRow[]>;
	find(category: string, person: string, record: string, within?: Within): Promise<SourceRow | undefined>;
	/** Writes one field; null erases it. The same change may come twice. `record` is left out where a category has one row. */
	edit(
		category: string,
		person: string,
		change: { record?: string; field: string; value: unknown },
		within?: Within
	): Promise<'done' | 'not-found'>;
	/** Restriction of processing, on or off; may run twice. */
	restrict(person: string, on: boolean, within?: Within): Promise<void>;
	/** May run twice. Afterwards every count is 0, which the caller asks. */
	erase(person: string, within?: Within): Promise<void>;
	/** Makes somebody invented, on whom all of this can be tried. */
	plant(person: string, within?: Within): Promise<void>;
	/** A file that a row names, by its path below the person's files. */
	file(
		person: string,
		path: string,
		within?: Within
	): Promise<{ mediaType: string; bytes: AsyncIterable<Uint8Array> }>;
	/** Whether it is left alone just now because it failed too often, in this process. */
	readonly resting: boolean;
	close(): Promise<void>;
}
