// Promise: what a passphrase seals opens with it in any age program, and with nothing else; pages go on while it is derived.
import { Encrypter, Stanza, type Recipient } from 'age-encryption';
import { createCipheriv, randomBytes, scrypt } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/** What age itself takes: 2^18 rounds need 256 MB for half a second, so one at a time. */
const logRounds = 18;
const blockSize = 8;
const label = 'age-encryption.org/v1/scrypt';

let before: Promise<unknown> = Promise.resolve();

function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
	const options = { N: 2 ** logRounds, r: blockSize, p: 1, maxmem: 2 ** logRounds * blockSize * 128 * 2 };
	const run = () =>
		new Promise<Buffer>((resolve, reject) =>
			scrypt(passphrase, Buffer.concat([Buffer.from(label), salt]), 32, options, (error, key) =>
				error ? reject(error) : resolve(key)
			)
		);
	const mine = before.then(run, run);
	before = mine.catch(() => undefined);
	return mine;
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** The scrypt recipient of age (age-encryption.org/v1), derived in the thread pool: the library's own would hold up every page. */
const recipientOf = (passphrase: string): Recipient => ({
	wrapFileKey: async (fileKey) => {
		const salt = randomBytes(16);
		const key = await derive(passphrase, salt);
		const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 });
		const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
		return [new Stanza(['scrypt', unpadded(salt), String(logRounds)], body)];
	}
});

/** The age file of what `plain` yields, as it flows; the passphrase is kept nowhere. */
export async function sealedWith(passphrase: string, plain: AsyncIterable<Uint8Array>): Promise<Readable> {
	const encrypter = new Encrypter();
	encrypter.addRecipient(recipientOf(passphrase));
	const source = Readable.toWeb(Readable.from(plain, { objectMode: false }));
	const sealed = await encrypter.encrypt(source as unknown as globalThis.ReadableStream<Uint8Array>);
	return Readable.fromWeb(sealed as unknown as ReadableStream);
}
