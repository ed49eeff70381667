// A ZIP as a program reads it: from its central directory, each entry inflated and held against its checksum.
import { crc32, inflateRawSync } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/** Every entry by its path. ZIP64 is not read: tests make small ones. */
export function entriesOf(zip: Buffer): Map<string, Buffer> {
	const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'));
	if (end < 0 || zip.readUInt32LE(end) !== endOfDirectory) throw new Error('not a ZIP');
	const entries = new Map<string, Buffer>();
	let at = zip.readUInt32LE(end + 16);
	for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
		if (zip.readUInt32LE(at) !== directoryEntry) throw new Error('the directory is broken');
		const [nameLength, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
			number,
			number,
			number
		];
		const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
		entries.set(name, contentAt(zip, at, name));
		at += 46 + nameLength + extra + comment;
	}
	return entries;
}

function contentAt(zip: Buffer, at: number, name: string): Buffer {
	const local = zip.readUInt32LE(at + 42);
	const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
	const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
	const content = zip.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed);
	if (crc32(content) !== zip.readUInt32LE(at + 16)) throw new Error(`${name} is broken`);
	return content;
}
