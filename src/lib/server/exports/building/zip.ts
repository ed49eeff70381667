// Promise: what is written is a ZIP that every reader takes: sizes stand before the data, names are UTF-8, and ZIP64 numbers
// stand where the others end. Its entries come packed already, which no library takes (docs/decisions/exports.md).

export interface ZipEntry {
	path: string;
	method: 'stored' | 'deflated';
	/** CRC-32 and length of the plain bytes. */
	crc: number;
	bytes: number;
	/** Their length as they stand in the ZIP. */
	packed: number;
	content: AsyncIterable<Uint8Array>;
}

const largest32 = 0xffff_ffff;
const largest16 = 0xffff;
const namesInUtf8 = 0x0800;
/** Made on Unix by version 4.5, as a file that its owner changes and everybody reads. */
const madeBy = (3 << 8) | 45;
const mode = (0o100644 << 16) >>> 0;

const needs = (large: boolean) => (large ? 45 : 20);

/** Two seconds is as exact as a ZIP tells the time, which it does without a zone. */
function timeOf(date: Date): { time: number; day: number } {
	return {
		time: (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1),
		day: ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate()
	};
}

/** The 22 bytes that both headers of an entry have, from the version on. */
function writeCommon(header: Buffer, at: number, entry: ZipEntry, date: Date, large: boolean): void {
	const { time, day } = timeOf(date);
	header.writeUInt16LE(needs(large), at);
	header.writeUInt16LE(namesInUtf8, at + 2);
	header.writeUInt16LE(entry.method === 'deflated' ? 8 : 0, at + 4);
	header.writeUInt16LE(time, at + 6);
	header.writeUInt16LE(day, at + 8);
	header.writeUInt32LE(entry.crc, at + 10);
	header.writeUInt32LE(large ? largest32 : entry.packed, at + 14);
	header.writeUInt32LE(large ? largest32 : entry.bytes, at + 18);
}

/** The field that holds 64-bit numbers. */
function numbers64(numbers: readonly number[]): Buffer {
	const field = Buffer.alloc(4 + numbers.length * 8);
	field.writeUInt16LE(1, 0);
	field.writeUInt16LE(numbers.length * 8, 2);
	numbers.forEach((number, index) => field.writeBigUInt64LE(BigInt(number), 4 + index * 8));
	return field;
}

function localHeader(entry: ZipEntry, name: Buffer, date: Date): Buffer {
	const large = entry.bytes >= largest32 || entry.packed >= largest32;
	const extra = large ? numbers64([entry.bytes, entry.packed]) : Buffer.alloc(0);
	const header = Buffer.alloc(30);
	header.writeUInt32LE(0x04034b50, 0);
	writeCommon(header, 4, entry, date, large);
	header.writeUInt16LE(name.length, 26);
	header.writeUInt16LE(extra.length, 28);
	return Buffer.concat([header, name, extra]);
}

function centralHeader(entry: ZipEntry, name: Buffer, date: Date, offset: number): Buffer {
	const large = entry.bytes >= largest32 || entry.packed >= largest32 || offset >= largest32;
	const extra = large ? numbers64([entry.bytes, entry.packed, offset]) : Buffer.alloc(0);
	const header = Buffer.alloc(46);
	header.writeUInt32LE(0x02014b50, 0);
	header.writeUInt16LE(madeBy, 4);
	writeCommon(header, 6, entry, date, large);
	header.writeUInt16LE(name.length, 28);
	header.writeUInt16LE(extra.length, 30);
	header.writeUInt32LE(mode, 38);
	header.writeUInt32LE(large ? largest32 : offset, 42);
	return Buffer.concat([header, name, extra]);
}

function end64(entries: number, size: number, offset: number): Buffer {
	const record = Buffer.alloc(76);
	record.writeUInt32LE(0x06064b50, 0);
	record.writeBigUInt64LE(44n, 4);
	record.writeUInt16LE(madeBy, 12);
	record.writeUInt16LE(needs(true), 14);
	record.writeBigUInt64LE(BigInt(entries), 24);
	record.writeBigUInt64LE(BigInt(entries), 32);
	record.writeBigUInt64LE(BigInt(size), 40);
	record.writeBigUInt64LE(BigInt(offset), 48);
	record.writeUInt32LE(0x07064b50, 56);
	record.writeBigUInt64LE(BigInt(offset + size), 64);
	record.writeUInt32LE(1, 72);
	return record;
}

function endOf(entries: number, size: number, offset: number): Buffer {
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(Math.min(entries, largest16), 8);
	end.writeUInt16LE(Math.min(entries, largest16), 10);
	end.writeUInt32LE(Math.min(size, largest32), 12);
	end.writeUInt32LE(Math.min(offset, largest32), 16);
	const large = entries >= largest16 || size >= largest32 || offset >= largest32;
	return large ? Buffer.concat([end64(entries, size, offset), end]) : end;
}

/** The bytes of a ZIP with these entries. Throws when an entry is not as long as it said. */
export async function* zipOf(entries: AsyncIterable<ZipEntry>, date: Date): AsyncGenerator<Uint8Array> {
	const directory: Buffer[] = [];
	let offset = 0;
	for await (const entry of entries) {
		const name = Buffer.from(entry.path);
		const header = localHeader(entry, name, date);
		yield header;
		let packed = 0;
		for await (const piece of entry.content) {
			packed += piece.length;
			yield piece;
		}
		if (packed !== entry.packed) throw new Error('an entry of a ZIP is not as long as it said');
		directory.push(centralHeader(entry, name, date, offset));
		offset += header.length + packed;
	}
	let size = 0;
	for (const header of directory) {
		size += header.length;
		yield header;
	}
	yield endOf(directory.length, size, offset);
}
