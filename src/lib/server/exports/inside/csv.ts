// CSV as RFC 4180 has it, with a byte order mark for spreadsheet programs and no cell that they would run as a formula.

export const byteOrderMark = '\ufeff';

/** First characters that make a spreadsheet run a cell, full-width twins included (ASVS 1.2.10). */
const formula = /^[=+\-@\t\r\n＝＋－＠\0]/;
/**
 * A program that parts cells at semicolons or tabs, as those of many countries do, reads our quotes as text: there a cell may
 * begin in the middle of ours, and a line behind any break.
 */
const separators = /[;\t|\r\n]/;
const hidden = /([;\t|\r\n]["']*)([=+\-@＝＋－＠])/g;
const quoted = /[",;\t|\r\n]/;

/** One value as a cell; lists and objects are written as JSON, which the JSON file has unchanged. */
function cell(value: unknown): string {
	if (value === null || value === undefined) return '';
	// A number is none of ours to guard: -5 stays a number, and none can hold a formula.
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	const first = formula.test(text) ? `'${text}` : text;
	if (!quoted.test(first)) return first;
	const safe = separators.test(first) ? first.replace(hidden, "$1'$2") : first;
	return `"${safe.replaceAll('"', '""')}"`;
}

/** Lines end with CRLF, the last one too. */
export function csvLines(fields: readonly string[], rows: readonly Record<string, unknown>[]): string {
	let lines = '';
	for (const row of rows) {
		for (let at = 0; at < fields.length; at++) lines += (at ? ',' : '') + cell(row[fields[at] as string]);
		lines += '\r\n';
	}
	return lines;
}
