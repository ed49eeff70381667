// Promise: of every line it is told what became of it, without a value of anybody.

export type Done = 'added' | 'changed' | 'replaced' | 'unchanged';

export interface FieldCode {
	field: string;
	code: string;
}

/** `line` counts from 1. `row` is what stands in a ledger now; `partly` says which fields were left out of it. */
export interface Accepted {
	line: number;
	done: Done;
	person: string;
	row?: {
		id: string;
		at: string;
		recorded: string;
		basis: string;
		country: string;
		consentVersion: string | null;
		released: string[];
	};
	partly?: FieldCode[];
}

/** A code, and the member that it is about; for a disclosure a code per field. */
export interface Rejected {
	line: number;
	refused: string;
	field?: string;
	fields?: FieldCode[];
}

export type Outcome = Accepted | Rejected;
