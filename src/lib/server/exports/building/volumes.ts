// Promise: a volume is a ZIP complete in itself, sealed as it is written, and offered only after it was read back.
import { createHash, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../../context.ts';
import { open, seal } from '../../platform/keys/seal.ts';
import { openSealedFile, sealingStream } from '../../platform/keys/sealed-file.ts';
import { pagesOf } from '../inside/pages.ts';
import type { FileEntry, Job, ViewedPart } from '../job.ts';
import type { Collected } from './collecting.ts';
import { fileEntry, rowsEntry, rowsIn, type MeasuredEntry } from './entries.ts';
import { manifestOf, manifestType } from './manifest.ts';
import { packedContent } from './packing.ts';
import { csvFrame, jsonFrame } from './running.ts';
import type { Slices } from './slices.ts';
import { zipOf } from './zip.ts';

export interface Volume {
	number: number;
	/** Of the plain ZIP. */
	bytes: number;
	sha256: string;
	records: number;
}

export interface Assembling {
	slices: Slices;
	key: KeyObject;
	parts: readonly Collected[];
	/** The number of the last volume. */
	last: number;
	signal: AbortSignal;
	/** Under which name a volume is sealed. */
	sealedName(number: number): string;
	/** Told before a volume is read back. */
	checking(): void;
}

async function* once(text: string): AsyncGenerator<string> {
	yield text;
}

const listed = ({ path, bytes, sha256 }: MeasuredEntry) => ({ path, bytes, sha256 });

/** The entries of what the person is given; fills `viewed` for the pages about it. */
async function* dataEntries(
	{ slices, parts }: Assembling,
	number: number,
	viewed: ViewedPart[]
): AsyncGenerator<MeasuredEntry> {
	for (const whole of parts) {
		const { part, reasons } = whole;
		const lying = whole.lying.filter(({ slice }) => slice.volume === number);
		if (lying.length === 0) continue;
		const [why] = Object.keys(reasons);
		const records = lying.reduce((sum, { stretch }) => sum + stretch.records, 0);
		const state = { source: part.source, complete: !why, ...(why && { reason: why }) };
		const files: FileEntry[] = [];
		const json = { path: `${part.path}.json`, kind: 'json' as const, frame: jsonFrame };
		const csv = { path: `${part.path}.csv`, kind: 'csv' as const, frame: csvFrame(part) };
		for (const given of [json, csv]) {
			const entry = await rowsEntry(slices, lying, given);
			if (!entry) continue;
			files.push({ ...listed(entry), records, ...state });
			yield entry;
		}
		for (const { slice, stretch } of lying)
			for (const file of stretch.files) {
				const entry = fileEntry(slices, slice, file);
				files.push({ ...listed(entry), records: 0, source: part.source, complete: true });
				yield entry;
			}
		// The end of a part of which the rest lies in the volume before.
		if (files.length === 0) continue;
		const held = lying.flatMap(({ stretch }) => stretch.files);
		viewed.push({
			...{ part, whole, files, included: records },
			rows: () => rowsIn(slices, lying),
			heldFiles: held.map(({ path, name, mediaType, written }) => ({
				...{ path, name, mediaType },
				...(written !== undefined && { written })
			}))
		});
	}
}

async function* entriesOf(
	ctx: Context,
	job: Job,
	assembling: Assembling,
	number: number
): AsyncGenerator<MeasuredEntry> {
	const { slices, key, last, parts, signal } = assembling;
	const spool = { path: join(slices.folder, 'spool'), key, level: job.level ?? 6 };
	const viewed: ViewedPart[] = [];
	for await (const entry of dataEntries(assembling, number, viewed)) {
		signal.throwIfAborted();
		yield entry;
	}
	const files = viewed.flatMap((part) => part.files);
	for await (const { path, content } of pagesOf(ctx, job, { number, last, parts: viewed, all: parts })) {
		signal.throwIfAborted();
		const entry = await packedContent(path, content, spool);
		files.push({ ...listed(entry), records: 0, source: 'portal', complete: true });
		yield entry;
	}
	const manifest = `${JSON.stringify(manifestOf(ctx, job, { number, last, files, parts }), null, '\t')}\n`;
	const signature = await ctx.signer.signDetached(manifestType, Buffer.from(manifest));
	yield await packedContent('manifest.json', once(manifest), spool);
	yield await packedContent('manifest.jws', once(`${signature}\n`), spool);
}

/** Reads a sealed volume back: what can't be opened or hashes to something else is not handed over. */
async function readBack(path: string, key: KeyObject, name: string, expected: string): Promise<void> {
	const hash = createHash('sha256');
	for await (const chunk of openSealedFile(path, key, name)) hash.update(chunk);
	if (hash.digest('hex') !== expected) throw new Error('a volume does not read back as it was written');
}

/** Where a finished volume waits until all are finished. */
export const waitingPath = ({ folder }: Pick<Slices, 'folder'>, number: number) =>
	join(folder, `${number}.volume`);

async function finishedBefore(
	{ slices, key, sealedName }: Assembling,
	number: number
): Promise<Volume | undefined> {
	const sealed = await readFile(`${waitingPath(slices, number)}.done`).catch(() => undefined);
	return sealed && open<Volume>(key, placeOf(sealedName(number)), sealed);
}

const placeOf = (name: string) => ({ table: 'export', column: 'volume', row: name });

/** Writes a volume, reads it back, and says that it is finished; one that an earlier build finished stays. */
export async function writeVolume(
	ctx: Context,
	job: Job,
	assembling: Assembling,
	number: number
): Promise<Volume> {
	const before = await finishedBefore(assembling, number);
	if (before) return before;
	const { slices, key, signal } = assembling;
	const name = assembling.sealedName(number);
	const path = waitingPath(slices, number);
	const hash = createHash('sha256');
	let bytes = 0;
	async function* measured(zip: AsyncIterable<Uint8Array>) {
		for await (const piece of zip) {
			hash.update(piece);
			bytes += piece.length;
			yield piece;
		}
	}
	const zip = zipOf(entriesOf(ctx, job, assembling, number), ctx.clock.now());
	const file = createWriteStream(path, { flush: true, mode: 0o600 });
	await pipeline(zip, measured, sealingStream(key, name), file, { signal });
	const sha256 = hash.digest('hex');
	assembling.checking();
	await readBack(path, key, name, sha256);
	const lying = assembling.parts.flatMap((part) => part.lying).filter(({ slice }) => slice.volume === number);
	const records = lying.reduce((sum, { stretch }) => sum + stretch.records, 0);
	const volume: Volume = { number, bytes, sha256, records };
	await writeFile(`${path}.new`, seal(key, placeOf(name), volume), { mode: 0o600 });
	await rename(`${path}.new`, `${path}.done`);
	return volume;
}
