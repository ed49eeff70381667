// Whether a ZIP is its entries and nothing besides: what its directory does not name, some programs would still unpack.
import { open, type FileHandle } from 'node:fs/promises';
import type { Entry, openPromise } from 'yauzl';

type Zip = Awaited<ReturnType<typeof openPromise>>;

const localMark = 0x04034b50;
const descriptorMark = 0x08074b50;
const wideMark = 0x06064b50;
const locatorMark = 0x07064b50;
const endMark = 0x06054b50;
const [localLength, directoryLength, locatorLength, endLength] = [30, 46, 20, 22];
/** Bit 3: sizes and CRC stand behind the content. */
const hasDescriptor = ({ generalPurposeBitFlag }: Entry) => (generalPurposeBitFlag & 8) !== 0;
const stored = 0;

/** Entries by name, and names that stand in the ZIP twice. */
export async function directoryOf(zip: Zip): Promise<{ entries: Map<string, Entry>; twice: string[] }> {
	const entries = new Map<string, Entry>();
	const twice: string[] = [];
	for await (const entry of zip.eachEntry()) {
		if (entries.has(entry.fileName)) twice.push(entry.fileName);
		entries.set(entry.fileName, entry);
	}
	return { entries, twice };
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
	if (bytesRead < length) throw new Error('the ZIP ends before it should');
	return buffer;
}

/** Where the directory begins, as the record at the very end of the file says; undefined where something else stands there. */
async function directoryStart(file: FileHandle, entries: readonly Entry[]): Promise<number | undefined> {
	const { size } = await file.stat();
	const end = await bytesAt(file, size - endLength, endLength);
	if (end.readUInt32LE(0) !== endMark || end.readUInt16LE(20) !== 0) return undefined;
	let endAt = size - endLength;
	let [length, start] = [end.readUInt32LE(12), end.readUInt32LE(16)];
	const locatorAt = endAt - locatorLength;
	const locator = locatorAt < 0 ? undefined : await bytesAt(file, locatorAt, locatorLength);
	if (locator?.readUInt32LE(0) === locatorMark) {
		endAt = Number(locator.readBigUInt64LE(8));
		const wide = await bytesAt(file, endAt, 56);
		if (wide.readUInt32LE(0) !== wideMark) return undefined;
		if (endAt + 12 + Number(wide.readBigUInt64LE(4)) !== locatorAt) return undefined;
		[length, start] = [Number(wide.readBigUInt64LE(40)), Number(wide.readBigUInt64LE(48))];
	}
	const named = entries.reduce(
		(sum, { fileNameLength, extraFieldLength, fileCommentLength }) =>
			sum + directoryLength + fileNameLength + extraFieldLength + fileCommentLength,
		0
	);
	return named === length && start + length === endAt ? start : undefined;
}

/** What may stand behind the content of an entry: its CRC and sizes, with or without their mark, short or long. */
function descriptorsOf({ crc32, compressedSize, uncompressedSize }: Entry): Buffer[] {
	const mark = Buffer.alloc(4);
	mark.writeUInt32LE(descriptorMark);
	const crc = Buffer.alloc(4);
	crc.writeUInt32LE(crc32);
	const sizes = [4, 8].map((width) => {
		const both = Buffer.alloc(2 * width);
		for (const [index, size] of [compressedSize, uncompressedSize].entries())
			if (width === 8) both.writeBigUInt64LE(BigInt(size), index * 8);
			else both.writeUInt32LE(size % 2 ** 32, index * 4);
		return both;
	});
	return sizes.flatMap((both) => [Buffer.concat([mark, crc, both]), Buffer.concat([crc, both])]);
}

/** Whether what stands before the content says what the directory says: whoever reads from the front goes by it. */
function saysTheSame(local: Buffer, entry: Entry): boolean {
	const sizes = [local.readUInt32LE(18), local.readUInt32LE(22)];
	const known = [entry.compressedSize, entry.uncompressedSize];
	return (
		local.readUInt32LE(0) === localMark &&
		local.readUInt16LE(6) === entry.generalPurposeBitFlag &&
		local.readUInt16LE(8) === entry.compressionMethod &&
		// How long it is, a reader from the front could not tell.
		!(hasDescriptor(entry) && entry.compressionMethod === stored && entry.compressedSize > 0) &&
		(hasDescriptor(entry) ||
			(local.readUInt32LE(14) === entry.crc32 &&
				sizes.every((size, index) => size === known[index] || size === 0xffffffff)))
	);
}

/** Where the entry ends; undefined where something else than the entry stands there. */
async function endOf(file: FileHandle, entry: Entry, next: number): Promise<number | undefined> {
	const at = entry.relativeOffsetOfLocalHeader;
	const local = await bytesAt(file, at, localLength);
	if (!saysTheSame(local, entry)) return undefined;
	const name = await bytesAt(file, at + localLength, local.readUInt16LE(26));
	if (!name.equals(entry.fileNameRaw)) return undefined;
	const end = at + localLength + name.length + local.readUInt16LE(28) + entry.compressedSize;
	if (!hasDescriptor(entry) || next < end || next - end > 24) return end;
	const behind = await bytesAt(file, end, next - end);
	return descriptorsOf(entry).some((one) => one.equals(behind)) ? next : undefined;
}

/** Entries follow each other from the first byte to the directory, which ends the file. */
export async function hasNothingElse(path: string, byName: ReadonlyMap<string, Entry>): Promise<boolean> {
	const file = await open(path);
	try {
		const entries = [...byName.values()].toSorted(
			(one, other) => one.relativeOffsetOfLocalHeader - other.relativeOffsetOfLocalHeader
		);
		const start = await directoryStart(file, entries);
		let at = 0;
		for (const [index, entry] of entries.entries()) {
			const next = entries[index + 1]?.relativeOffsetOfLocalHeader ?? start;
			if (next === undefined || entry.relativeOffsetOfLocalHeader !== at) return false;
			const end = await endOf(file, entry, next);
			if (end === undefined) return false;
			at = end;
		}
		return at === start;
	} finally {
		await file.close();
	}
}
