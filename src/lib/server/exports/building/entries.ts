// What lies in slices becomes entries of a volume's ZIP, and is read again for whoever writes pages about it.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, crc32, createInflateRaw } from 'node:zlib';
import type { Row } from '../../personal-data-contract.ts';
import { inflated, lastBlock } from './deflating.ts';
import type { Frame } from './running.ts';
import type { Ending, Lying, Packed, PackedFile, Slice, Slices } from './slices.ts';
import type { ZipEntry } from './zip.ts';

/** An entry, and what the manifest says of it. */
export interface MeasuredEntry extends ZipEntry {
	sha256: string;
}

type Kind = 'json' | 'csv';

const lyingOf = (lying: readonly Lying[], kind: Kind): { slice: Slice; packed: Packed }[] =>
	lying.flatMap(({ slice, stretch }) => (stretch[kind] ? [{ slice, packed: stretch[kind] }] : []));

async function gathered(content: AsyncIterable<Buffer>): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for await (const piece of content) pieces.push(piece);
	return Buffer.concat(pieces);
}

/** Hashes what an earlier build had packed. */
async function measuredAgain(
	slices: Slices,
	all: ReturnType<typeof lyingOf>,
	rest: Uint8Array
): Promise<Ending> {
	const hash = createHash('sha256');
	let [crc, bytes] = [0, 0];
	const take = (plain: Uint8Array) => {
		hash.update(plain);
		crc = crc32(plain, crc);
		bytes += plain.length;
	};
	for (const { slice, packed } of all)
		if (packed.packed) take(await inflated(await gathered(slices.read(slice, packed.at, packed.packed))));
	take(rest);
	return { crc, bytes, sha256: hash.digest('hex') };
}

/** The rows of a part in one volume as a file; undefined where the volume has none of it. */
export async function rowsEntry(
	slices: Slices,
	lying: readonly Lying[],
	{ path, kind, frame }: { path: string; kind: Kind; frame: Frame }
): Promise<MeasuredEntry | undefined> {
	const all = lyingOf(lying, kind);
	if (all.length === 0) return undefined;
	const isEmpty = all.every(({ packed }) => packed.bytes === 0);
	const rest = isEmpty ? frame.empty : frame.tail;
	const end = lastBlock(rest);
	const ending = all.at(-1)?.packed.end ?? (await measuredAgain(slices, all, rest));
	async function* content() {
		for (const { slice, packed } of all) yield* slices.read(slice, packed.at, packed.packed);
		yield end;
	}
	return {
		...ending,
		...{ path, method: 'deflated', content: content() },
		packed: all.reduce((sum, { packed }) => sum + packed.packed, end.length)
	};
}

export const fileEntry = (slices: Slices, slice: Slice, file: PackedFile): MeasuredEntry => ({
	...{ path: file.path, method: 'stored', crc: file.crc, sha256: file.sha256 },
	...{ bytes: file.bytes, packed: file.bytes },
	content: slices.read(slice, file.at, file.bytes)
});

/** Lines of packed text. */
async function* linesOf(packed: AsyncIterable<Buffer>): AsyncGenerator<string> {
	const inflater = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 65_536 });
	pipeline(Readable.from(packed), inflater).catch(() => undefined);
	inflater.setEncoding('utf8');
	let begun = '';
	for await (const text of inflater as AsyncIterable<string>) {
		const lines = (begun + text).split('\n');
		begun = lines.pop() ?? '';
		yield* lines;
	}
	if (begun) yield begun;
}

/** The rows of a part in one volume, a page at a time: a page is a line of what was packed. */
export async function* rowsIn(slices: Slices, lying: readonly Lying[]): AsyncGenerator<readonly Row[]> {
	for (const { slice, packed } of lyingOf(lying, 'json')) {
		if (packed.packed === 0) continue;
		for await (const line of linesOf(slices.read(slice, packed.at, packed.packed))) {
			const rows = line.endsWith(',') ? line.slice(0, -1) : line;
			if (rows && rows !== '[') yield JSON.parse(`[${rows}]`) as Row[];
		}
	}
}
