// What somebody else writes becomes an entry: its sizes are known only at its end, and stand before it in the ZIP.
import { createHash, hash, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { openSealedFile, sealingStream } from '../../platform/keys/sealed-file.ts';
import type { Content } from '../job.ts';
import type { MeasuredEntry } from './entries.ts';

/** Up to this size it is packed at once: a stream would cost more than its few bytes. */
const smallBytes = 131_072;
/** Packed, it waits in memory up to this size, and sealed on the disk beyond. */
const inMemory = 4_194_304;

/** Where a large one waits meanwhile, and how hard all are packed. */
interface Spool {
	path: string;
	key: KeyObject;
	level: number;
}

async function* buffersOf(content: Content): AsyncGenerator<Uint8Array, undefined> {
	for await (const piece of content) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}

export async function packedContent(path: string, content: Content, spool: Spool): Promise<MeasuredEntry> {
	const rest = buffersOf(content);
	const begun: Uint8Array[] = [];
	let length = 0;
	while (length <= smallBytes) {
		const { value } = await rest.next();
		if (!value) return packedAtOnce(path, Buffer.concat(begun), spool.level);
		begun.push(value);
		length += value.length;
	}
	async function* all() {
		yield* begun;
		yield* rest;
	}
	return packedInStream(path, all(), spool);
}

function packedAtOnce(path: string, plain: Buffer, level: number): MeasuredEntry {
	const packed = deflateRawSync(plain, { level });
	return {
		...{ path, method: 'deflated', crc: crc32(plain), bytes: plain.length, packed: packed.length },
		sha256: hash('sha256', plain),
		content: Readable.from([packed])
	};
}

async function packedInStream(
	path: string,
	content: AsyncIterable<Uint8Array>,
	spool: Spool
): Promise<MeasuredEntry> {
	const sum = createHash('sha256');
	let [crc, bytes, packed] = [0, 0, 0];
	async function* plain() {
		for await (const data of content) {
			sum.update(data);
			crc = crc32(data, crc);
			bytes += data.length;
			yield data;
		}
	}
	const deflater = createDeflateRaw({ level: spool.level, memLevel: 9, chunkSize: 65_536 });
	const flowing = pipeline(Readable.from(plain()), deflater);
	flowing.catch(() => undefined);
	const pieces: Buffer[] = [];
	const output = deflater[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	let next = await output.next();
	for (; !next.done && packed <= inMemory; next = await output.next()) {
		pieces.push(next.value);
		packed += next.value.length;
	}
	const stored = next.done ? pieces : await spooled(next.value);
	await flowing;
	const common = { path, method: 'deflated' as const, crc, bytes, packed, sha256: sum.digest('hex') };
	return { ...common, content: Readable.from(stored, { objectMode: true }) };

	async function spooled(first: Buffer): Promise<AsyncIterable<Buffer>> {
		async function* all() {
			for (const piece of pieces) yield piece;
			packed += first.length;
			yield first;
			for (let next = await output.next(); !next.done; next = await output.next()) {
				packed += next.value.length;
				yield next.value;
			}
		}
		const name = `spool-${path}`;
		await pipeline(all, sealingStream(spool.key, name), createWriteStream(spool.path, { mode: 0o600 }));
		return (async function* () {
			yield* openSealedFile(spool.path, spool.key, name);
			await rm(spool.path, { force: true });
		})();
	}
}
