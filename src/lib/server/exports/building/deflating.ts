// Pieces of one file, deflated apart from each other and joined to one stream, as pigz does it: several at once, and what is
// packed once need not be packed again when a build goes on.
import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRaw } from 'node:zlib';

const deflating = promisify(deflateRaw);
const inflating = promisify(inflateRaw);

/** What a deflater remembers. */
const windowBytes = 32_768;
const largestBlock = 65_535;

/** Ends at a byte without ending the stream; `before` is the plain piece before it in the same file. */
export function deflated(plain: Uint8Array, level: number, before: Uint8Array | undefined): Promise<Buffer> {
	return deflating(plain, {
		level,
		memLevel: 9,
		finishFlush: constants.Z_SYNC_FLUSH,
		...(before?.length && { dictionary: before.subarray(-windowBytes) })
	});
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
