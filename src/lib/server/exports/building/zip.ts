// Promise: what is written is a ZIP that every reader takes. archiver writes it; its entries come packed already, so that they
// are not packed once more when a build goes on after a kill (docs/decisions/exports.md).
import { ZipArchive } from 'archiver';
import { Readable, type Writable } from 'node:stream';

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

/** An entry's header, as archiver's engine fills it. */
interface Header {
	getGeneralPurposeBit(): { useDataDescriptor(on: boolean): void };
	setCrc(crc: number): void;
	setSize(bytes: number): void;
	setCompressedSize(bytes: number): void;
}

/** What stands behind archiver: private in it, therefore pinned, and what comes out is read by four programs. */
interface Engine extends Writable {
	_appendStream(header: Header, source: Readable, done: (error: Error | null) => void): void;
	_writeLocalFileHeader(header: Header): void;
	_afterAppend(header: Header): void;
}

/** archiver, but for the step that deflates: sizes stand before the data, which is passed on as it comes. */
function packedArchive(current: () => ZipEntry): ZipArchive {
	const archive = new ZipArchive();
	const { engine } = (archive as unknown as { _module: { engine: Engine } })._module;
	engine._appendStream = (header, source, done) => {
		const { crc, bytes, packed } = current();
		header.getGeneralPurposeBit().useDataDescriptor(false);
		header.setCrc(crc);
		header.setSize(bytes);
		header.setCompressedSize(packed);
		engine._writeLocalFileHeader(header);
		let passed = 0;
		source.on('data', (piece: Uint8Array) => (passed += piece.length));
		source.once('error', done);
		source.once('end', () => {
			if (passed !== packed) return done(new Error('an entry of a ZIP is not as long as it said'));
			engine._afterAppend(header);
			done(null);
		});
		source.pipe(engine, { end: false });
	};
	return archive;
}

/** Resolves when all of the entry has been taken. */
function append(archive: ZipArchive, { path: name, method, content }: ZipEntry, date: Date): Promise<void> {
	const source = Readable.from(content, { objectMode: false });
	return new Promise((taken, failed) => {
		const ended = () => failed(new Error('the ZIP was ended before its last entry'));
		archive.once('close', ended);
		archive.once('entry', () => {
			archive.off('close', ended);
			taken();
		});
		source.once('error', failed);
		archive.append(source, { name, date, mode: 0o644, store: method === 'stored' });
	});
}

/** The bytes of a ZIP with these entries. Throws when an entry is not as long as it said. */
export async function* zipOf(entries: AsyncIterable<ZipEntry>, date: Date): AsyncGenerator<Uint8Array> {
	let current: ZipEntry | undefined;
	const archive = packedArchive(() => current as ZipEntry);
	async function feed(): Promise<void> {
		for await (const entry of entries) {
			current = entry;
			await append(archive, entry, date);
		}
		await archive.finalize();
	}
	const fed = feed();
	fed.catch((error: Error) => archive.destroy(error));
	try {
		yield* archive as AsyncIterable<Uint8Array>;
		await fed;
	} finally {
		archive.destroy();
	}
}
