// A part becomes files of the ZIP: JSON as the truth, CSV beside it where the rows have one shape, made in one reading.
import { createHash, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Part, Shortfall } from '../personal-data-contract.ts';
import { openSealedFile, sealingStream } from '../platform/keys/sealed-file.ts';
import { byteOrderMark, csvLines } from './inside/csv.ts';
import type { Content, FileEntry } from './job.ts';
import { openedInThread } from './opener.ts';
import { textOf, type PageText } from './page-text.ts';

/** Adds one file to the ZIP and resolves when the ZIP has taken all of it. */
export type Append = (path: string, content: Content) => Promise<void>;

interface Measured {
	content: AsyncGenerator<Uint8Array>;
	result: () => { bytes: number; sha256: string };
}

/** Counts and hashes while the content flows by. */
export function measured(content: Content): Measured {
	const hash = createHash('sha256');
	let bytes = 0;
	async function* flow() {
		for await (const piece of content) {
			const data = typeof piece === 'string' ? Buffer.from(piece) : piece;
			hash.update(data);
			bytes += data.length;
			yield data;
		}
	}
	return { content: flow(), result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

export async function appendMeasured(
	append: Append,
	path: string,
	content: Content
): Promise<{ bytes: number; sha256: string }> {
	const { content: flowing, result } = measured(content);
	await append(path, flowing);
	return result();
}

/** From so many records on, a thread that opens them is worth its start. */
const worthThread = 5_000;

/** What a reading of the part came to; filled while the JSON is written. */
interface Reading {
	records: number;
	reason?: Shortfall;
}

async function* textsOf(part: Part, key: KeyObject): AsyncGenerator<PageText> {
	const columns = part.shape === 'table' ? part.fields.map(({ id }) => id) : undefined;
	if (part.sealed && (part.expected ?? 0) >= worthThread) yield* openedInThread(part.sealed, key, columns);
	else for await (const rows of part.pages()) yield textOf(rows, columns);
}

/** The rows as a JSON array, a page a piece. A source that breaks ends the array, and `reading` says so. */
async function* json(
	part: Part,
	key: KeyObject,
	reading: Reading,
	onPage: (page: PageText) => Promise<void>
): AsyncGenerator<string | Uint8Array> {
	yield '[';
	try {
		for await (const page of textsOf(part, key)) {
			if (page.records === 0) continue;
			yield reading.records ? page.json : page.json.subarray(1);
			reading.records += page.records;
			await onPage(page);
		}
	} catch (error) {
		if (!part.source || part.source === 'portal') throw error;
		reading.reason = 'source-failed';
	}
	yield '\n]\n';
}

/** A place beside the export where the CSV waits, sealed, until the JSON file is closed: a ZIP is written file by file. */
interface Spool {
	write(text: string | Uint8Array): Promise<void>;
	/** Closes, answers the content, and removes the file when it has been read. */
	read(): AsyncGenerator<Buffer>;
}

function spool(path: string, key: KeyObject): Spool {
	const name = `spool-${path.split('/').at(-1) ?? ''}`;
	const input = new PassThrough();
	const written = pipeline(input, sealingStream(key, name), createWriteStream(path));
	written.catch(() => undefined);
	return {
		write: async (text) => {
			// A full disk ends the pipeline, and then nothing drains any more: its error is waited for as well.
			if (!input.write(text))
				await Promise.race([new Promise((drained) => input.once('drain', drained)), written]);
		},
		async *read() {
			input.end();
			await written;
			yield* openSealedFile(path, key, name);
			await rm(path, { force: true });
		}
	};
}

/** Writes the files of one part; answers what the manifest says of them. */
export async function appendPart(
	append: Append,
	part: Part,
	spoolPath: string,
	key: KeyObject
): Promise<{ files: FileEntry[]; included: number; reason?: Shortfall }> {
	const reading: Reading = { records: 0 };
	const fields = part.fields.map(({ id }) => id);
	const table = part.shape === 'table' ? spool(spoolPath, key) : undefined;
	await table?.write(byteOrderMark + csvLines(fields, [Object.fromEntries(fields.map((id) => [id, id]))]));
	const toTable = async ({ csv }: PageText) => csv && table?.write(csv);

	const written = await appendMeasured(append, `${part.path}.json`, json(part, key, reading, toTable));
	const complete = reading.reason === undefined && reading.records === part.expected;
	const reason = complete ? {} : { reason: reading.reason ?? 'changed-while-reading' };
	const common = { records: reading.records, source: part.source, complete, ...reason };
	const entries: FileEntry[] = [{ path: `${part.path}.json`, ...written, ...common }];
	if (table)
		entries.push({
			path: `${part.path}.csv`,
			...(await appendMeasured(append, `${part.path}.csv`, table.read())),
			...common
		});
	return { files: entries, included: reading.records, ...(reading.reason && { reason: reading.reason }) };
}

export const readable = (content: Content): Readable =>
	Readable.from(content, { objectMode: false, highWaterMark: 262_144 });
