// The JSON and the CSV of one part in one volume while they grow: counted, hashed, and deflated page by page.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Part } from '../../personal-data-contract.ts';
import { byteOrderMark, csvLines } from '../inside/csv.ts';
import type { ReadPage } from '../page-text.ts';
import { Deflater } from './deflating.ts';
import type { Ending } from './slices.ts';

const openBracket = 0x5b;

/** How a file of rows begins and ends. Its pages begin with a comma each, in the place of which the first has a bracket. */
export interface Frame {
	/** What comes before its first row. */
	head: Uint8Array;
	tail: Uint8Array;
	/** The whole file where it has no row. */
	empty: Uint8Array;
}

export const jsonFrame: Frame = {
	head: new Uint8Array(),
	tail: Buffer.from('\n]\n'),
	empty: Buffer.from('[\n]\n')
};

export function csvFrame({ fields }: Pick<Part, 'fields'>): Frame {
	const ids = fields.map(({ id }) => id);
	const head = Buffer.from(byteOrderMark + csvLines(ids, [Object.fromEntries(ids.map((id) => [id, id]))]));
	return { head, tail: new Uint8Array(), empty: head };
}

/** One file of a volume. `known` is false where its beginning was written before a kill: nothing is hashed then. */
export class RunningFile {
	readonly #frame: Frame;
	readonly #known: boolean;
	readonly #hash = createHash('sha256');
	#crc = 0;
	#bytes = 0;
	#deflater: Deflater | undefined;
	/** Promises of what was deflated since the slice began. */
	pieces: Promise<Buffer>[] = [];
	sliceBytes = 0;

	constructor(frame: Frame, known: boolean) {
		this.#frame = frame;
		this.#known = known;
	}

	/** Answers how much was added. */
	add(page: Uint8Array, level: number): number {
		const isFirst = this.#known && this.#bytes === 0;
		if (isFirst && this.#frame === jsonFrame) page[0] = openBracket;
		const plain = isFirst && this.#frame.head.length ? Buffer.concat([this.#frame.head, page]) : page;
		if (this.#known) {
			this.#hash.update(plain);
			this.#crc = crc32(plain, this.#crc);
		}
		this.#bytes += plain.length;
		this.sliceBytes += plain.length;
		this.#deflater ??= new Deflater(level);
		this.pieces.push(this.#deflater.add(plain));
		return plain.length;
	}

	/** A slice is full and packed: what comes next refers to nothing before it, so that a build can go on there. */
	turn(): void {
		this.pieces = [];
		this.sliceBytes = 0;
		this.#deflater?.forget();
	}

	/** Nothing comes any more; the memory of the deflater is free as soon as it has done its work. */
	close(): void {
		const deflater = this.#deflater;
		void Promise.allSettled(this.pieces).then(() => deflater?.close());
	}

	get end(): Ending | undefined {
		if (!this.#known) return undefined;
		const rest = this.#bytes === 0 ? this.#frame.empty : this.#frame.tail;
		return {
			crc: crc32(rest, this.#crc),
			bytes: this.#bytes + rest.length,
			sha256: this.#hash.copy().update(rest).digest('hex')
		};
	}
}

/** The files of one part in one volume. */
export interface RunningPart {
	part: Part;
	json: RunningFile;
	csv?: RunningFile;
}

export const runningPart = (part: Part, known: boolean): RunningPart => ({
	part,
	json: new RunningFile(jsonFrame, known),
	...(part.shape === 'table' && { csv: new RunningFile(csvFrame(part), known) })
});

export function addPage({ json, csv }: RunningPart, page: ReadPage, level: number): number {
	if (page.records === 0) return 0;
	return json.add(page.json, level) + (csv && page.csv ? csv.add(page.csv, level) : 0);
}
