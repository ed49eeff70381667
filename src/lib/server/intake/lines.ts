// Promise: a file of any length is read a line at a time; a line that cannot be read is a problem with a number, not an end.
import { parse } from 'csv-parse';

export interface Line {
	/** Counted from 1; in a CSV file the header is line 1. */
	line: number;
	value?: unknown;
	/** Why it could not be read: `not-json`, `not-utf8`, `too-long`, `not-csv`, `nul`. */
	problem?: string;
}

export type Bytes = AsyncIterable<Uint8Array>;

const longestLine = 1_000_000;
const newline = 0x0a;

/** Lines of raw bytes, without their ends; one that is too long is skipped to its end and answered as null. */
async function* rawLines(bytes: Bytes): AsyncGenerator<Buffer | null> {
	let parts: Buffer[] = [];
	let length = 0;
	const take = (part: Buffer) => {
		length += part.length;
		if (length <= longestLine) parts.push(part);
		else parts = [];
	};
	const finish = () => {
		const whole = length > longestLine ? null : Buffer.concat(parts);
		parts = [];
		length = 0;
		return whole;
	};
	for await (const chunk of bytes) {
		const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
		let start = 0;
		for (let end = buffer.indexOf(newline); end !== -1; end = buffer.indexOf(newline, start)) {
			take(buffer.subarray(start, end));
			yield finish();
			start = end + 1;
		}
		take(buffer.subarray(start));
	}
	if (length) yield finish();
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readJson(raw: Buffer): { value: unknown } | { problem: string } {
	let text: string;
	try {
		text = utf8.decode(raw);
	} catch {
		return { problem: 'not-utf8' };
	}
	try {
		return { value: JSON.parse(text) as unknown };
	} catch {
		return { problem: 'not-json' };
	}
}

/** NDJSON: a JSON value a line; empty lines are passed over, but counted. */
export async function* ndjsonLines(bytes: Bytes): AsyncGenerator<Line> {
	let line = 0;
	for await (const raw of rawLines(bytes)) {
		line++;
		if (raw === null) yield { line, problem: 'too-long' };
		else if (raw.some((byte) => byte > 0x20)) yield { line, ...readJson(raw) };
	}
}

/** `profile.name` becomes `{profile: {name}}`; empty cells count as left out, `guardians` is separated by blanks. */
function nest(columns: readonly string[], cells: readonly string[]): Record<string, unknown> {
	const value: Record<string, unknown> = {};
	for (const [index, column] of columns.entries()) {
		const cell = cells[index] ?? '';
		if (cell === '') continue;
		const path = column.split('.');
		const last = path.pop() as string;
		let target = value;
		for (const name of path) target = (target[name] ??= {}) as Record<string, unknown>;
		target[last] = isList(column) ? cell.split(/[\s,]+/).filter(Boolean) : cell;
	}
	return value;
}

const isList = (column: string) => column === 'guardians' || column === 'fields';
/** Names that would reach into every object. */
const forbidden = /(^|\.)(__proto__|constructor|prototype)(\.|$)/;

interface CsvRow {
	record: string[];
	info: { lines: number };
}

/** CSV (RFC 4180, UTF-8 with or without BOM): the first line names the columns, with dots. */
export async function* csvLines(bytes: Bytes): AsyncGenerator<Line> {
	const parser = parse({
		bom: true,
		info: true,
		relax_column_count: true,
		skip_empty_lines: true,
		max_record_size: longestLine
	});
	void feed(bytes, parser);
	let columns: string[] | undefined;
	let line = 1;
	try {
		for await (const { record, info } of parser as AsyncIterable<CsvRow>) {
			const start = line;
			line = info.lines + 1;
			if (!columns) columns = record.map((name) => name.trim());
			else if (columns.some((name) => forbidden.test(name))) yield { line: 1, problem: 'not-csv' };
			else if (record.length > columns.length) yield { line: start, problem: 'not-csv' };
			else yield { line: start, value: nest(columns, record) };
		}
	} catch {
		// A quote that never closes takes the rest of the file with it: where it began is all that can be said.
		yield { line, problem: 'not-csv' };
	}
}

async function feed(bytes: Bytes, parser: ReturnType<typeof parse>): Promise<void> {
	const decoder = new TextDecoder('utf-8', { fatal: true });
	try {
		for await (const chunk of bytes)
			if (!parser.write(decoder.decode(chunk, { stream: true })))
				await new Promise((ready) => parser.once('drain', ready));
		parser.end(decoder.decode());
	} catch (error) {
		parser.destroy(error instanceof Error ? error : new Error('unreadable'));
	}
}
