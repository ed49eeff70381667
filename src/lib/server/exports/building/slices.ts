// Promise: what was read once is not read again. Slices lie sealed beside the export, each whole before its index says so.
import type { KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PlaceOfRow, Shortfall } from '../../personal-data-contract.ts';
import { open, seal } from '../../platform/keys/seal.ts';
import { openSealedFile, sealingStream } from '../../platform/keys/sealed-file.ts';

/** What a file of a volume would be if it ended here. */
export interface Ending {
	crc: number;
	bytes: number;
	sha256: string;
}

/** Deflated rows in a slice; what was read before a kill has no `end`, for a hash does not survive it. */
export interface Packed {
	at: number;
	packed: number;
	bytes: number;
	end?: Ending;
}

/** A file that belongs to a part, as it is. */
export interface PackedFile extends Ending {
	path: string;
	name: string;
	mediaType: string;
	written?: string;
	at: number;
}

export interface RowsRead {
	leftOut: [Shortfall, number][];
	reason?: Shortfall;
}

/** As much of one part as lies in one slice. */
export interface Stretch {
	part: string;
	/** As many rows as the part had when its reading began; undefined: nobody could say. */
	expected?: number;
	records: number;
	outside: number;
	json?: Packed;
	csv?: Packed;
	files: PackedFile[];
	/** Files that could not be had, by why. */
	lost: [Shortfall, number][];
	/** Where the reading of the rows goes on; nothing, where the part can only be read from its beginning. */
	after?: PlaceOfRow;
	/** All rows were read, or as many as there were until `reason`. */
	rows?: RowsRead;
	/** All files too. */
	whole: boolean;
}

export interface Slice {
	number: number;
	volume: number;
	/** Bytes of all its stretches, as they will stand in a ZIP. */
	packed: number;
	stretches: Stretch[];
	/** Not written down: everything was read before it was full. */
	memory?: Buffer;
}

export interface Lying {
	slice: Slice;
	stretch: Stretch;
}

const indexName = /^(\d+)\.index$/;

/** The slices of one export in its working folder. */
export class Slices {
	readonly folder: string;
	readonly all: Slice[] = [];
	readonly #key: KeyObject;
	readonly #name: string;
	readonly #byPart = new Map<string, Lying[]>();
	#hasChanged = false;

	private constructor(folder: string, key: KeyObject, name: string) {
		this.folder = folder;
		this.#key = key;
		this.#name = name;
	}

	/** With what an earlier build left there. */
	static async open(folder: string, key: KeyObject, name: string): Promise<Slices> {
		await mkdir(folder, { recursive: true });
		const slices = new Slices(folder, key, name);
		const numbers = (await readdir(folder)).flatMap((file) => indexName.exec(file)?.[1] ?? []).map(Number);
		for (const number of numbers.sort((a, b) => a - b)) {
			const sealed = await readFile(slices.#path(number, 'index'));
			slices.#take(open<Slice>(key, slices.#place(number), sealed));
		}
		return slices;
	}

	of(part: string): readonly Lying[] {
		return this.#byPart.get(part) ?? [];
	}

	get nextNumber(): number {
		return (this.all.at(-1)?.number ?? 0) + 1;
	}

	/** Keeps a slice, on the disk where `content` is given. */
	async add(slice: Slice, content?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
		await this.#change();
		if (content) {
			const path = this.#path(slice.number, 'slice');
			const file = createWriteStream(path, { flush: true, mode: 0o600 });
			await pipeline(content, sealingStream(this.#key, this.#sealedName(slice.number)), file);
			await this.#write(slice);
		}
		this.#take(slice);
	}

	/** A part that has to be read from its beginning again. */
	async forget(part: string): Promise<void> {
		await this.#change();
		for (const { slice } of this.of(part)) {
			slice.stretches = slice.stretches.filter((stretch) => stretch.part !== part);
			if (slice.stretches.length) await this.#write(slice);
			else await this.#remove(slice);
		}
		this.#byPart.delete(part);
	}

	/** Files of a part that could not be had are to be asked for again. */
	async forgetLost(part: string): Promise<void> {
		for (const { slice, stretch } of this.of(part)) {
			if (stretch.lost.length === 0) continue;
			await this.#change();
			stretch.lost = [];
			await this.#write(slice);
		}
	}

	/** `length` bytes of a slice from `at` on. */
	async *read(slice: Slice, at: number, length: number): AsyncGenerator<Buffer> {
		if (length === 0) return;
		if (slice.memory) return yield slice.memory.subarray(at, at + length);
		const path = this.#path(slice.number, 'slice');
		yield* openSealedFile(path, this.#key, this.#sealedName(slice.number), at, at + length);
	}

	async remove(): Promise<void> {
		await rm(this.folder, { recursive: true, force: true });
	}

	/** Before anything is read anew: a volume that an earlier build finished of what lay here then is finished no more. */
	async #change(): Promise<void> {
		if (this.#hasChanged) return;
		this.#hasChanged = true;
		const finished = (await readdir(this.folder)).filter((file) => file.endsWith('.volume.done'));
		for (const file of finished) await rm(join(this.folder, file), { force: true });
	}

	async #remove(slice: Slice): Promise<void> {
		this.all.splice(this.all.indexOf(slice), 1);
		await rm(this.#path(slice.number, 'index'), { force: true });
		await rm(this.#path(slice.number, 'slice'), { force: true });
	}

	async #write(slice: Slice): Promise<void> {
		const path = this.#path(slice.number, 'index');
		await writeFile(`${path}.new`, seal(this.#key, this.#place(slice.number), slice), {
			flush: true,
			mode: 0o600
		});
		await rename(`${path}.new`, path);
	}

	#take(slice: Slice): void {
		this.all.push(slice);
		for (const stretch of slice.stretches) {
			const lying = this.#byPart.get(stretch.part);
			if (lying) lying.push({ slice, stretch });
			else this.#byPart.set(stretch.part, [{ slice, stretch }]);
		}
	}

	#place = (number: number) => ({ table: 'export', column: 'slice', row: `${this.#name}/${number}` });
	#sealedName = (number: number) => `${this.#name}-slice-${number}`;
	#path = (number: number, kind: 'slice' | 'index') => join(this.folder, `${number}.${kind}`);
}
