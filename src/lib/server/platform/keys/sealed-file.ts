// Promise: a file is sealed in chunks bound to their position, so that a range opens only what is asked, and no chunk can
// be moved, repeated or left out unnoticed.
import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { open as openFile, stat } from 'node:fs/promises';
import { Transform } from 'node:stream';

const chunkBytes = 65_536;
const nonceBytes = 12;
const tagBytes = 16;
const sealedChunkBytes = nonceBytes + tagBytes + chunkBytes;

/** `last` is bound too: a file that was cut at a chunk's end does not open. */
const boundTo = (name: string, index: number, last: boolean) =>
	Buffer.from(`file|${name}|${index}|${last ? 'last' : 'more'}`);

function sealChunk(key: KeyObject, name: string, index: number, last: boolean, plain: Buffer): Buffer {
	const nonce = randomBytes(nonceBytes);
	const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
	cipher.setAAD(boundTo(name, index, last));
	const body = cipher.update(plain);
	cipher.final();
	return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function openChunk(key: KeyObject, name: string, index: number, last: boolean, sealed: Buffer): Buffer {
	const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
		authTagLength: tagBytes
	});
	decipher.setAAD(boundTo(name, index, last));
	decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
	const body = decipher.update(sealed.subarray(nonceBytes + tagBytes));
	decipher.final();
	return body;
}

/** Plain bytes in, sealed chunks out. `name` must be unique among the files of this key. */
export function sealingStream(key: KeyObject, name: string): Transform {
	let waiting: Buffer[] = [];
	let waitingBytes = 0;
	let index = 0;
	return new Transform({
		transform(data: Buffer, _encoding, done) {
			waiting.push(data);
			waitingBytes += data.length;
			// One full chunk is always held back: only at the end is it known which one is the last.
			if (waitingBytes > chunkBytes) {
				let all = Buffer.concat(waiting, waitingBytes);
				for (; all.length > chunkBytes; all = all.subarray(chunkBytes))
					this.push(sealChunk(key, name, index++, false, all.subarray(0, chunkBytes)));
				waiting = [all];
				waitingBytes = all.length;
			}
			done();
		},
		flush(done) {
			this.push(sealChunk(key, name, index, true, Buffer.concat(waiting, waitingBytes)));
			done();
		}
	});
}

/** The number of plain bytes in a sealed file. */
export async function plainSize(path: string): Promise<number> {
	const { size } = await stat(path);
	return size - Math.ceil(size / sealedChunkBytes) * (nonceBytes + tagBytes);
}

/** The plain bytes from `start` up to and without `end`, chunk by chunk. Throws when a chunk was changed. */
export async function* openSealedFile(
	path: string,
	key: KeyObject,
	name: string,
	start = 0,
	end = Infinity
): AsyncGenerator<Buffer> {
	const file = await openFile(path, 'r');
	try {
		const { size } = await file.stat();
		const chunks = Math.ceil(size / sealedChunkBytes);
		for (let index = Math.floor(start / chunkBytes); index < chunks && index * chunkBytes < end; index++) {
			const { buffer, bytesRead } = await file.read(
				Buffer.alloc(sealedChunkBytes),
				0,
				sealedChunkBytes,
				index * sealedChunkBytes
			);
			const plain = openChunk(key, name, index, index === chunks - 1, buffer.subarray(0, bytesRead));
			const from = index * chunkBytes;
			yield plain.subarray(Math.max(0, start - from), Math.min(plain.length, end - from));
		}
	} finally {
		await file.close();
	}
}
