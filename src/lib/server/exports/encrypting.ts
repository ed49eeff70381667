// Promise: what is encrypted with a passphrase is sealed besides, as every file of an export, and was read back.
import { createHash, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { openSealedFile, sealingStream } from '../platform/keys/sealed-file.ts';
import { measuring } from '../platform/measuring.ts';
import type { ExportVolumeTable } from '../schema.ts';

/** A sealed file: its path, and the name under which it is sealed. */
interface Lying {
	path: string;
	name: string;
}

export interface Encrypting {
	volumes: readonly { number: number; from: Lying; to: Lying }[];
	passphrase: string;
}

/** An encrypted volume as it will be downloaded. */
export type Encrypted = Pick<ExportVolumeTable, 'number' | 'bytes' | 'sha256'>;

async function readBack({ path, name }: Lying, key: KeyObject, signal: AbortSignal): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of openSealedFile(path, key, name)) {
		signal.throwIfAborted();
		hash.update(chunk);
	}
	return hash.digest('hex');
}

/** Writes the age file of each volume beside it, and reads it back. What an end leaves behind is for whoever ordered it. */
export async function encrypt(
	{ volumes, passphrase }: Encrypting,
	key: KeyObject,
	signal: AbortSignal
): Promise<Encrypted[]> {
	// A thread that only builds starts sooner without it.
	const { sealedWith } = await import('./passphrase.ts');
	const encrypted: Encrypted[] = [];
	for (const { number, from, to } of volumes) {
		signal.throwIfAborted();
		const plain = openSealedFile(from.path, key, from.name);
		const { through, result } = measuring();
		const sink = createWriteStream(to.path, { mode: 0o600, flush: true });
		const stages = [await sealedWith(passphrase, plain), through, sealingStream(key, to.name), sink];
		await pipeline(stages, { signal });
		const written = result();
		if ((await readBack(to, key, signal)) !== written.sha256)
			throw new Error('what was encrypted does not read back');
		encrypted.push({ number, ...written });
	}
	return encrypted;
}
