// The rows of an export's JSON files, one after the other: a file of gigabytes is never held whole.
import { openPromise, type Entry } from 'yauzl';

export type ExportRow = Record<string, unknown>;

const [quote, backslash, open, close, openList, closeList] = ['"', '\\', '{', '}', '[', ']'];

/** The texts of the objects of one JSON array, as their closing braces come by. */
async function* objectTexts(chunks: AsyncIterable<string>): AsyncGenerator<string> {
	let text = '';
	let depth = 0;
	let inString = false;
	let escaped = false;
	for await (const chunk of chunks) {
		let from = 0;
		for (let at = 0; at < chunk.length; at++) {
			const sign = chunk[at];
			if (inString) {
				if (escaped) escaped = false;
				else if (sign === backslash) escaped = true;
				else if (sign === quote) inString = false;
				continue;
			}
			if (sign === quote) inString = true;
			else if (sign === open || sign === openList) {
				// The array itself is the first depth; its objects begin at the second.
				if (++depth === 2) from = at;
			} else if ((sign === close || sign === closeList) && depth-- === 2) {
				yield text + chunk.slice(from, at + 1);
				text = '';
				from = at + 1;
			}
		}
		text = depth >= 2 ? text + chunk.slice(from) : '';
	}
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	const decoder = new TextDecoder('utf-8', { fatal: true });
	for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
	yield decoder.decode();
}

export async function* rowsIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ExportRow> {
	for await (const text of objectTexts(decoded(bytes))) yield JSON.parse(text) as ExportRow;
}

/** Hands over a reader of the ZIP's files by path; undefined where there is none. */
export async function withZip<Result>(
	path: string,
	use: (file: (path: string) => Promise<AsyncIterable<Uint8Array> | undefined>) => Promise<Result>
): Promise<Result> {
	const zip = await openPromise(path, { autoClose: false, strictFileNames: true });
	try {
		const entries = new Map<string, Entry>();
		for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
		return await use(async (name) => {
			const entry = entries.get(name);
			return entry && zip.openReadStreamPromise(entry);
		});
	} finally {
		zip.close();
	}
}
