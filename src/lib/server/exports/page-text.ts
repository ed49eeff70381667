// Promise: a page of rows becomes the same text whichever thread makes it, and a seal that does not open ends the export.
import type { KeyObject } from 'node:crypto';
import type { Row, SealedPages, SealedRow } from '../personal-data-contract.ts';
import { open } from '../platform/keys/seal.ts';
import { csvLines } from './inside/csv.ts';

export interface PageText {
	records: number;
	/** The rows' JSON, each page beginning with the comma that parts it from the one before. */
	json: Uint8Array;
	/** Lines of a table; undefined for a document. */
	csv: Uint8Array | undefined;
}

/** A sealed page as it travels to another thread: columns, and all sealed values in one piece of memory. */
export interface PageToOpen {
	key: KeyObject;
	place: SealedPages['place'];
	columns: readonly string[] | undefined;
	ids: string[];
	ats: string[];
	origins: string[];
	/** Where each sealed value ends. */
	ends: number[];
	sealed: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/** `columns` only where there is to be a table. */
export const textOf = (rows: readonly Row[], columns: readonly string[] | undefined): PageText => ({
	records: rows.length,
	json: encoder.encode(`,\n${JSON.stringify(rows).slice(1, -1)}`),
	csv: columns && encoder.encode(csvLines(columns, rows))
});

export function packed(
	rows: readonly SealedRow[],
	given: Pick<PageToOpen, 'key' | 'place' | 'columns'>
): PageToOpen {
	let end = 0;
	const ends = rows.map(({ sealed }) => (end += sealed.length));
	const sealed = new Uint8Array(end);
	rows.forEach((row, index) => sealed.set(row.sealed, ends[index - 1] ?? 0));
	return {
		...given,
		ids: rows.map(({ id }) => id),
		ats: rows.map(({ at }) => at),
		origins: rows.map(({ origin }) => origin),
		ends,
		sealed
	};
}

/** Throws when a value was changed, moved, or sealed with another key. */
export function openedText({ key, place, columns, ids, ats, origins, ends, sealed }: PageToOpen): PageText {
	const { table, column, rowPrefix } = place;
	const rows = ids.map((id, index) => {
		const value = sealed.subarray(ends[index - 1] ?? 0, ends[index]);
		const fields = open<Row>(key, { table, column, row: rowPrefix + id }, value);
		return { id, at: ats[index], ...fields, origin: origins[index] };
	});
	return textOf(rows, columns);
}
