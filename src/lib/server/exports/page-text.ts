// Promise: a page of rows becomes the same text whichever thread makes it, and a seal that does not open ends the export.
import type { KeyObject } from 'node:crypto';
import type { PlaceOfRow, Row, SealedPages, SealedRow } from '../personal-data-contract.ts';
import { openBytes } from '../platform/keys/seal.ts';
import { csvLines } from './inside/csv.ts';

export interface PageText {
	records: number;
	/** The rows' JSON, each page beginning with the comma that parts it from the one before. */
	json: Uint8Array;
	/** Lines of a table; undefined for a document. */
	csv: Uint8Array | undefined;
}

/** A page as it was read: what of it was not asked for, and where to go on behind it, where the part can. */
export interface ReadPage extends PageText {
	outside: number;
	after: PlaceOfRow | undefined;
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
/** Names that the portal itself gives to columns of a record. */
const ownNames = ['id', 'at', 'origin'];

const pageOf = (rows: readonly Row[], json: string, columns: readonly string[] | undefined): PageText => ({
	records: rows.length,
	json: encoder.encode(`,\n${json}`),
	csv: columns && encoder.encode(csvLines(columns, rows))
});

/** `columns` only where there is to be a table. */
export const textOf = (rows: readonly Row[], columns: readonly string[] | undefined): PageText =>
	pageOf(rows, JSON.stringify(rows).slice(1, -1), columns);

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
	let json = '';
	const rows = ids.map((id, index) => {
		const value = sealed.subarray(ends[index - 1] ?? 0, ends[index]);
		const text = openBytes(key, { table, column, row: rowPrefix + id }, value).toString();
		const fields = JSON.parse(text) as Row;
		const row = { id, at: ats[index], ...fields, origin: origins[index] };
		json += `${json && ','}${jsonOf(row, fields, text)}`;
		return row;
	});
	return pageOf(rows, json, columns);
}

/** What was sealed is JSON already, and is written anew only where a field has one of our own names. */
function jsonOf(row: Row, fields: Row, text: string): string {
	if (text.length < 3 || ownNames.some((name) => name in fields)) return JSON.stringify(row);
	const { id, at, origin } = row;
	return `{"id":${JSON.stringify(id)},"at":"${String(at)}",${text.slice(1, -1)},"origin":${JSON.stringify(origin)}}`;
}
