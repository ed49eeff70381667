// What is read fills slices, and slices fill volumes; a volume ends between two slices.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { HeldFile, Part } from '../../personal-data-contract.ts';
import type { ReadPage } from '../page-text.ts';
import { addPage, runningPart, type RunningFile, type RunningPart } from './running.ts';
import type { Packed, PackedFile, RowsRead, Slice, Slices, Stretch } from './slices.ts';

const sliceBytes = 8_388_608;
const sliceRecords = 50_000;
/** However little came: a build that is killed shall not begin again with what a slow source gave in a minute. */
const sliceMilliseconds = 10_000;
/** Pages that are deflated at once. */
const pagesUnderWay = 3;
/** A file up to this size waits in memory with others; a larger one is a slice of its own. */
const smallFileBytes = 1_048_576;
/** Of a volume: the rest is for the pages to read and the list of files. */
const forData = 0.85;
/** Of a volume as well: by so much the last slice in it can lie beyond. */
const forSlice = 0.05;

/** What collects for exports does not keep to its contract: nothing that came of it is handed over. */
export class ContractBroken extends Error {}

interface Open extends Stretch {
	/** Filled once the slice is full. */
	running?: { json: Promise<Buffer>[]; csv: Promise<Buffer>[] };
	fileBytes: Buffer[];
}

export class Filling {
	readonly #slices: Slices;
	readonly #level: number;
	readonly #volumeBytes: number;
	readonly #sliceBytes: number;
	#open: Open[] = [];
	#plain = 0;
	#records = 0;
	#turnedAt = performance.now();
	#current: RunningPart | undefined;
	#rows: RowsRead | undefined;
	/** Paths of files as file systems compare them for which large letters are small ones. */
	readonly #taken: Set<string>;
	volume = 1;
	#inVolume = 0;

	constructor(
		slices: Slices,
		{ level = 6, volumeBytes = Infinity }: { level?: number; volumeBytes?: number }
	) {
		this.#slices = slices;
		this.#level = level;
		this.#volumeBytes = volumeBytes * forData;
		this.#sliceBytes = Math.min(sliceBytes, volumeBytes * forSlice);
		const files = slices.all.flatMap(({ stretches }) => stretches.flatMap(({ files }) => files));
		this.#taken = new Set(files.map(({ path }) => path.toLowerCase()));
		this.#goOn();
	}

	/** In the volume of the last slice, as far as it is full. */
	#goOn(): void {
		this.volume = this.#slices.all.at(-1)?.volume ?? 1;
		this.#inVolume = this.#slices.all
			.filter(({ volume }) => volume === this.volume)
			.reduce((sum, { packed }) => sum + packed, 0);
		this.#endVolume();
	}

	/** Begins a part, or goes on with it where slices of it are there. */
	begin(part: Part): void {
		const before = this.#slices.of(part.path);
		const begun = before.some(({ slice, stretch }) => slice.volume === this.volume && stretch.json?.bytes);
		this.#current = runningPart(part, !begun);
		this.#rows = before.at(-1)?.stretch.rows;
		this.#stretch(before.length === 0);
	}

	async page(page: ReadPage): Promise<void> {
		const [stretch, running] = this.#now();
		stretch.records += page.records;
		stretch.outside += page.outside;
		if (page.after) stretch.after = page.after;
		this.#plain += addPage(running, page, this.#level);
		this.#records += page.records;
		await Promise.all([running.json.pieces.at(-pagesUnderWay), running.csv?.pieces.at(-pagesUnderWay)]);
		await this.#turnWhenFull();
	}

	rowsRead(read: RowsRead): void {
		this.#rows = this.#now()[0].rows = read;
	}

	/** Throws what the file threw, and `ContractBroken` for a second one with its name: unpacked, it would be the only one. */
	async file(held: HeldFile, signal: AbortSignal): Promise<void> {
		const pieces: Uint8Array[] = [];
		const entry = newFile(held);
		this.#take(entry.path);
		const content = measured(held.open(signal), entry)[Symbol.asyncIterator]();
		for (let next = await content.next(); !next.done; next = await content.next()) {
			pieces.push(next.value);
			if (entry.bytes > smallFileBytes) return this.#largeFile(entry, pieces, content);
		}
		const [stretch] = this.#now();
		stretch.files.push(entry);
		stretch.fileBytes.push(Buffer.concat(pieces));
		this.#plain += entry.bytes;
		await this.#turnWhenFull();
	}

	#take(path: string): void {
		const name = path.toLowerCase();
		if (this.#taken.has(name)) throw new ContractBroken('two files of an export have one name');
		this.#taken.add(name);
	}

	lost(why: Stretch['lost'][number][0]): void {
		const { lost } = this.#now()[0];
		const counted = lost.find(([code]) => code === why);
		if (counted) counted[1] += 1;
		else lost.push([why, 1]);
	}

	end(): void {
		this.#now()[0].whole = true;
		this.#close();
		this.#leave();
		this.#current = undefined;
	}

	#leave(): void {
		if (this.#current) for (const file of filesOf(this.#current)) file.close();
	}

	/** Nothing of the part was read. */
	async restart(part: Part): Promise<void> {
		this.#close();
		await Promise.allSettled(
			this.#open.flatMap(({ running }) => [...(running?.json ?? []), ...(running?.csv ?? [])])
		);
		this.#leave();
		this.#open = this.#open.filter((stretch) => stretch.part !== part.path);
		await this.#slices.forget(part.path);
		this.#goOn();
		this.begin(part);
	}

	/** Everything was read. What is left goes to the other slices on the disk; where there is none, it stays in memory. */
	async settle(): Promise<void> {
		if (this.#open.length === 0) return;
		const { slice, content } = await this.#filled();
		// A mere end of what lies in the volume before makes no further one.
		if (!slice.stretches.some(({ json, csv, files }) => json || csv || files.length))
			slice.volume = this.#slices.all.at(-1)?.volume ?? 1;
		if (this.#slices.all.length > 0) await this.#slices.add(slice, content);
		else await this.#slices.add({ ...slice, memory: Buffer.concat(content) });
	}

	async #turnWhenFull(): Promise<void> {
		const isLong = this.#plain > 0 && performance.now() - this.#turnedAt > sliceMilliseconds;
		if (this.#plain >= this.#sliceBytes || this.#records >= sliceRecords || isLong) await this.#turn();
	}

	/** Writes the slice down and begins the next one, in the next volume where this one is full. */
	async #turn(): Promise<void> {
		this.#close();
		const { slice, content } = await this.#filled();
		await this.#slices.add(slice, content);
		this.#written(slice);
	}

	/** `volume`: the one of the slice before it. */
	#written({ packed }: Slice, volume = this.volume): void {
		this.#inVolume += packed;
		this.#endVolume();
		this.#open = [];
		[this.#plain, this.#records, this.#turnedAt] = [0, 0, performance.now()];
		if (!this.#current) return;
		if (volume === this.volume) for (const file of filesOf(this.#current)) file.turn();
		else {
			this.#leave();
			this.#current = runningPart(this.#current.part, true);
		}
		this.#stretch(false);
	}

	#endVolume(): void {
		if (this.#inVolume >= this.#volumeBytes) this.#nextVolume();
	}

	#nextVolume(): void {
		this.volume += 1;
		this.#inVolume = 0;
	}

	async #largeFile(
		entry: PackedFile,
		before: readonly Uint8Array[],
		rest: AsyncIterator<Uint8Array>
	): Promise<void> {
		await this.#turn();
		const { fileBytes, ...stretch } = this.#now()[0];
		const stretches = [{ ...stretch, files: [entry] }];
		const { volume } = this;
		const slice: Slice = { number: this.#slices.nextNumber, volume, packed: 0, stretches };
		const measure = () => {
			slice.packed = entry.bytes;
			if (this.#inVolume > 0 && this.#inVolume + entry.bytes > this.#volumeBytes) this.#nextVolume();
			slice.volume = this.volume;
		};
		async function* all() {
			yield* before;
			for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
			measure();
		}
		await this.#slices.add(slice, all());
		this.#written(slice, volume);
	}

	#stretch(isFirst: boolean): void {
		const { part } = this.#current as RunningPart;
		this.#open.push({
			part: part.path,
			...(part.expected !== undefined && { expected: part.expected }),
			...{ records: 0, outside: 0, files: [], lost: [], whole: false, fileBytes: [] },
			...(this.#rows && { rows: this.#rows }),
			...(isFirst && { json: nothing(), ...(part.shape === 'table' && { csv: nothing() }) })
		});
	}

	#now(): [Open, RunningPart] {
		return [this.#open.at(-1) as Open, this.#current as RunningPart];
	}

	/** The current stretch gets no more rows in this slice. */
	#close(): void {
		const [stretch, { json, csv }] = this.#now();
		if (stretch.running) return;
		stretch.running = { json: json.pieces, csv: csv?.pieces ?? [] };
		if (stretch.records || stretch.json) stretch.json = packedOf(json);
		if (csv && (stretch.records || stretch.csv)) stretch.csv = packedOf(csv);
	}

	/** The slice as it is written down: rows first, then files, each at its place. */
	async #filled(): Promise<{ slice: Slice; content: Buffer[] }> {
		const content: Buffer[] = [];
		let at = 0;
		const take = (pieces: readonly Buffer[]) => {
			const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
			content.push(...pieces);
			return { at: (at += length) - length, packed: length };
		};
		const stretches: Stretch[] = [];
		for (const { running, fileBytes, ...stretch } of this.#open) {
			if (stretch.json && running) Object.assign(stretch.json, take(await Promise.all(running.json)));
			if (stretch.csv && running) Object.assign(stretch.csv, take(await Promise.all(running.csv)));
			stretch.files.forEach((file, index) =>
				Object.assign(file, { at: take([fileBytes[index] as Buffer]).at })
			);
			stretches.push(stretch);
		}
		return {
			slice: { number: this.#slices.nextNumber, volume: this.volume, packed: at, stretches },
			content
		};
	}
}

const nothing = (): Packed => ({ at: 0, packed: 0, bytes: 0 });

const packedOf = (file: RunningFile): Packed => ({
	...nothing(),
	bytes: file.sliceBytes,
	...(file.end && { end: file.end })
});

const filesOf = ({ json, csv }: RunningPart): RunningFile[] => (csv ? [json, csv] : [json]);

const newFile = ({ path, name, mediaType, written }: HeldFile): PackedFile => ({
	path: path.startsWith('files/') ? path : `files/${path}`,
	...{ name, mediaType, at: 0, crc: 0, bytes: 0, sha256: '' },
	...(written !== undefined && { written })
});

/** Counts and hashes a file into what will be said of it. */
async function* measured(content: AsyncIterable<Uint8Array>, entry: PackedFile): AsyncGenerator<Uint8Array> {
	const hash = createHash('sha256');
	for await (const piece of content) {
		hash.update(piece);
		entry.crc = crc32(piece, entry.crc);
		entry.bytes += piece.length;
		yield piece;
	}
	entry.sha256 = hash.digest('hex');
}
