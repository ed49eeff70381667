// Pieces of one file, deflated so that they join to one stream wherever a build ended: what is packed once need not be packed
// again when it goes on.
import { promisify } from 'node:util';
import { constants, createDeflateRaw, deflateRaw, inflateRaw, type DeflateRaw } from 'node:zlib';

const deflating = promisify(deflateRaw);
const inflating = promisify(inflateRaw);

const largestBlock = 65_535;
/** Speed before memory; every piece ends at a byte. */
const options = { memLevel: 9, chunkSize: 65_536, flush: constants.Z_SYNC_FLUSH };

/** A piece on its own, which ends at a byte without ending the stream. */
export const deflated = (plain: Uint8Array, level: number): Promise<Buffer> =>
	deflating(plain, { ...options, level, finishFlush: constants.Z_SYNC_FLUSH });

/** The pieces of one file, one after the other: each may refer to those before it since the last `forget`. */
export class Deflater {
	readonly #stream: DeflateRaw;
	#output: Buffer[] = [];

	constructor(level: number) {
		this.#stream = createDeflateRaw({ ...options, level });
		this.#stream.on('data', (piece: Buffer) => this.#output.push(piece));
	}

	add(plain: Uint8Array): Promise<Buffer> {
		return new Promise((resolve, reject) => {
			this.#stream.write(plain, (error) => {
				if (error) return reject(error);
				// Whatever was not given out yet comes as `data` now.
				this.#stream.read();
				resolve(Buffer.concat(this.#output));
				this.#output = [];
			});
		});
	}

	/** Only when every piece is there. */
	forget(): void {
		this.#stream.reset();
	}

	close(): void {
		this.#stream.close();
	}
}

/** The plain bytes of joined pieces, the first of which had none before it. */
export const inflated = (packed: Uint8Array): Promise<Buffer> =>
	inflating(packed, { finishFlush: constants.Z_SYNC_FLUSH });

/** A few bytes as they are, and the stream ends with them. */
export function lastBlock(plain: Uint8Array): Buffer {
	if (plain.length > largestBlock) throw new Error('too long for one block');
	const block = Buffer.alloc(5 + plain.length);
	block[0] = 1;
	block.writeUInt16LE(plain.length, 1);
	block.writeUInt16LE(plain.length ^ largestBlock, 3);
	block.set(plain, 5);
	return block;
}
