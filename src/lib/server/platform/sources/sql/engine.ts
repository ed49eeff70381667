// What three databases have in common for a source: bound statements, rows a page at a time, an end when it is told.
import type { Call } from '../driver.ts';

export type DatabaseRow = Record<string, unknown>;

/** A statement with the database's own marks, and the values in their order. */
export interface Statement {
	text: string;
	values: readonly unknown[];
}

export interface Engine {
	/** How the database writes the place of a value. */
	mark(place: number): string;
	/** What the database makes of a value that is to be bound. */
	bindable(value: unknown): unknown;
	/** Pages of rows; nothing can be changed by it. Ends with `call.signal`, and throws `CallFailed` alone. */
	read(call: Call, statement: Statement): AsyncIterable<readonly DatabaseRow[]>;
	/** Runs all of them in one transaction; answers how many rows each met. */
	change(call: Call, statements: readonly Statement[]): Promise<number[]>;
	close(): Promise<void>;
}

/** Rows that are fetched at once. */
export const rowsAtOnce = 500;
/** More than this between two pages is no row any more. */
export const mostBetweenPages = 64_000_000;

/** Values as text where the database gives something of its own; nothing is guessed. */
export const plain = (value: unknown): unknown => {
	if (typeof value === 'bigint') return value.toString();
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
	return value;
};
