// What a source of some kind has to bring; `guarded.ts` makes a Source of it, with budget, switch and breaker.
import type { Ability, Source, SourceFailureCode, SourcePlace, SourceRow } from './source.ts';

/** One call under way. A driver ends it as soon as `signal` says so. */
export interface Call {
	signal: AbortSignal;
	/** So much may come back, in bytes. */
	bytes: number;
	/** So long it may take, for a system that can be told. */
	milliseconds: number;
	/** One row could not be read, and is left out. */
	unreadable(): void;
}

export interface Driver extends Pick<Source, 'edits' | 'close'> {
	can: ReadonlySet<Ability>;
	count(call: Call, category: string, person: string): Promise<number>;
	read(call: Call, category: string, person: string): AsyncIterable<readonly SourceRow[]>;
	page(
		call: Call,
		category: string,
		person: string,
		place: { before?: SourcePlace; after?: SourcePlace; limit: number }
	): Promise<readonly SourceRow[]>;
	find(call: Call, category: string, person: string, record: string): Promise<SourceRow | undefined>;
	edit: (
		call: Call,
		category: string,
		person: string,
		change: { record?: string; field: string; value: unknown }
	) => Promise<'done' | 'not-found'>;
	restrict(call: Call, person: string, on: boolean): Promise<void>;
	erase(call: Call, person: string): Promise<void>;
	plant(call: Call, person: string): Promise<void>;
	file(
		call: Call,
		person: string,
		path: string
	): Promise<{ mediaType: string; bytes: AsyncIterable<Uint8Array> }>;
}

/** A failed call as a driver tells it; `because` is a code of the system's own (`42P01`, `ECONNREFUSED`, `503`). */
export class CallFailed extends Error {
	readonly code: SourceFailureCode;
	readonly because: string | undefined;
	constructor(code: SourceFailureCode, because?: string) {
		super(code);
		this.name = 'CallFailed';
		this.code = code;
		this.because = because;
	}
}

export interface Budget {
	seconds: number;
	rows: number;
	megabytes: number;
}

/** What is described of a category, as far as a driver needs it. */
export interface DrivenCategory {
	category: string;
	/** Ids of its fields. */
	fields: readonly string[];
	read?: string | undefined;
	count?: string | undefined;
	edit: readonly { field: string; statement?: string | undefined }[];
}

/** What is described of a source. */
export interface Driven {
	id: string;
	categories: readonly DrivenCategory[];
	restrict: readonly string[];
	erase: readonly string[];
	plant: readonly string[];
	can: readonly ('restrict' | 'erase' | 'plant')[];
	budget: Budget;
	pool: number;
}
