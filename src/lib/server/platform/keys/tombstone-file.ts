// Promise: who was erased stands in a file outside the databases, each line chained to the one before; a line that was
// taken out, changed, moved or added by somebody else is noticed.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Entry {
	/** From 1, without gaps. */
	number: number;
	personId: string;
	erasedAt: string;
	/** Keyed hashes in hexadecimal, by kind and hash. */
	hashes: readonly { kind: string; hash: string }[];
	/** The hash of the entry before. */
	previous: string;
	/** SHA-256, in hexadecimal, of the JSON of everything above, in this order. */
	hash: string;
}

/** How far a file was read: the last entry, and the byte after it. */
export interface Position {
	number: number;
	hash: string;
	bytes: number;
}

export const start: Position = { number: 0, hash: '0'.repeat(64), bytes: 0 };

/** The file is not the one that was written: which line, counted from 1, does not follow from those before it. */
export class ChainBroken extends Error {
	readonly line: number;
	constructor(line: number) {
		super(`line ${line} of the tombstones does not follow from those before it`);
		this.name = 'ChainBroken';
		this.line = line;
	}
}

/** The entry that follows `before`. */
export function chained(
	before: Pick<Entry, 'number' | 'hash'>,
	{ personId, erasedAt, hashes }: Pick<Entry, 'personId' | 'erasedAt' | 'hashes'>
): Entry {
	const sorted = [...hashes].sort((a, b) => (a.kind + a.hash < b.kind + b.hash ? -1 : 1));
	const listed = sorted.map(({ kind, hash }) => ({ kind, hash }));
	const said = { number: before.number + 1, personId, erasedAt, hashes: listed, previous: before.hash };
	return { ...said, hash: createHash('sha256').update(JSON.stringify(said)).digest('hex') };
}

/** Whether this is the entry that follows `before`, every byte of it. */
export const follows = (before: Pick<Entry, 'number' | 'hash'>, entry: Entry): boolean =>
	Array.isArray(entry.hashes) && JSON.stringify(chained(before, entry)) === JSON.stringify(entry);

function read(line: string, before: Position): Entry {
	try {
		const entry = JSON.parse(line) as Entry;
		if (follows(before, entry)) return entry;
	} catch {
		// No JSON is no entry either.
	}
	throw new ChainBroken(before.number + 1);
}

/**
 * The entries after a position, each with its own. Bytes after the last line's end are left out: a process died while it
 * wrote them, before anything was destroyed. Throws `ChainBroken`.
 */
export async function* entriesAfter(
	file: string,
	from: Position
): AsyncGenerator<{ entry: Entry; at: Position }> {
	const size = (await stat(file).catch(() => undefined))?.size ?? 0;
	if (size < from.bytes) throw new ChainBroken(from.number);
	if (size === from.bytes) return;
	let at = from;
	let waiting = Buffer.alloc(0);
	for await (const chunk of createReadStream(file, { start: from.bytes }) as AsyncIterable<Buffer>) {
		waiting = Buffer.concat([waiting, chunk]);
		let from = 0;
		for (let end = waiting.indexOf(10); end >= 0; end = waiting.indexOf(10, from)) {
			const entry = read(waiting.toString('utf8', from, end), at);
			at = { number: entry.number, hash: entry.hash, bytes: at.bytes + end + 1 - from };
			from = end + 1;
			yield { entry, at };
		}
		waiting = waiting.subarray(from);
	}
}

const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

/** Writes entries behind `at`, in place of a half line that may stand there, and waits until they are on the disk. */
export async function append(file: string, at: Position, entries: readonly Entry[]): Promise<Position> {
	const size = (await stat(file).catch(() => undefined))?.size;
	if (size === undefined) await mkdir(dirname(file), { recursive: true });
	else if (size > at.bytes) await truncate(file, at.bytes);
	const lines = Buffer.from(entries.map(lineOf).join(''));
	const opened = await open(file, 'a', 0o600);
	try {
		await opened.writeFile(lines);
		await opened.sync();
	} finally {
		await opened.close();
	}
	if (size === undefined) await syncFolder(dirname(file));
	const { number, hash } = entries.at(-1) ?? at;
	return { number, hash, bytes: at.bytes + lines.length };
}

/** A new name in a folder survives a power cut only when the folder is written as well. */
export async function syncFolder(folder: string): Promise<void> {
	const opened = await open(folder, 'r');
	await opened.sync().finally(() => opened.close());
}
