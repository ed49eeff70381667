// Promise: a file is sealed to age recipients, and opened, in memory that does not grow with it; a half one is never seen.
import { Decrypter, Encrypter } from 'age-encryption';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { syncFolder } from '../keys/tombstone-file.ts';
import { measuring, type Measured } from '../measuring.ts';

type Web = globalThis.ReadableStream<Uint8Array>;
type Show = (bytes: number) => void;

/** Written beside, to the disk, and only then given its name. */
async function writeWhole(source: Web, file: string, further: Transform[]): Promise<void> {
	const partial = `${file}.partial`;
	const sink = createWriteStream(partial, { mode: 0o600, flush: true });
	try {
		await pipeline([Readable.fromWeb(source as ReadableStream), ...further, sink]);
	} catch (error) {
		await rm(partial, { force: true });
		throw error;
	}
	await rename(partial, file);
	await syncFolder(dirname(file));
}

/** Seals `from` into `to`. */
export async function sealFile(
	from: string,
	to: string,
	recipients: readonly string[],
	show?: Show
): Promise<Measured> {
	const encrypter = new Encrypter();
	for (const recipient of recipients) encrypter.addRecipient(recipient);
	const plain = measuring(show);
	const reading = createReadStream(from).pipe(plain.through);
	const sealed = measuring();
	await writeWhole(await encrypter.encrypt(Readable.toWeb(reading) as Web), to, [sealed.through]);
	return sealed.result();
}

/** Why a sealed file was not opened. */
export class NotOpened extends Error {
	readonly why: 'identity-does-not-fit' | 'changed';
	constructor(why: NotOpened['why']) {
		super(why);
		this.name = 'NotOpened';
		this.why = why;
	}
}

/** Opens `from` into `to`. Throws `NotOpened` where no identity fits, or where the file is not the one that was sealed. */
export async function openFile(
	from: string,
	to: string,
	identities: readonly string[],
	sha256: string,
	show?: Show
): Promise<void> {
	const decrypter = new Decrypter();
	for (const identity of identities) decrypter.addIdentity(identity);
	const sealed = measuring(show);
	const reading = createReadStream(from);
	// A file that cannot be read ends the reading of what was to come of it.
	reading.on('error', (error) => sealed.through.destroy(error));
	const source = Readable.toWeb(reading.pipe(sealed.through)) as Web;
	const plain = await decrypter.decrypt(source).catch((error: unknown) => {
		throw new NotOpened(/no identity/i.test(String(error)) ? 'identity-does-not-fit' : 'changed');
	});
	const compare = new Transform({
		transform: (chunk, _, done) => done(null, chunk),
		flush: (done) => done(sealed.result().sha256 === sha256 ? null : new NotOpened('changed'))
	});
	await writeWhole(plain, to, [compare]).catch((error: unknown) => {
		// The library tells a changed chunk by an error of its own.
		throw (error as { code?: unknown }).code === undefined ? new NotOpened('changed') : error;
	});
}

/** The identities of a file as `age-keygen` writes it. */
export const identitiesIn = (text: string): string[] =>
	text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line.startsWith('AGE-SECRET-KEY-'));
