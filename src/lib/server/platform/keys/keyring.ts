// Promise: data keys leave the keys database wrapped or not at all; which master key wrapped one is written beside it.
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { openBytes, sealBytes } from './seal.ts';

/** Master keys by version; narrow, so that a key service can stand behind it. */
export interface Keyring {
	/** The version that wraps new keys. */
	readonly current: number;
	/** Every version that can unwrap. */
	readonly versions: ReadonlySet<number>;
	wrap(name: string, key: Buffer): { keyVersion: number; wrapped: Buffer };
	/** Throws when the version is unknown or the key does not fit. */
	unwrap(name: string, keyVersion: number, wrapped: Uint8Array): Buffer;
}

const placeOf = (name: string) => ({ table: 'data_key', column: 'wrapped', row: name });

export function keyringOf(masterKeys: ReadonlyMap<number, KeyObject>): Keyring {
	const current = Math.max(...masterKeys.keys());
	const master = (version: number): KeyObject => {
		const key = masterKeys.get(version);
		if (!key) throw new Error(`master key ${version} is not in the keyring`);
		return key;
	};
	return {
		current,
		versions: new Set(masterKeys.keys()),
		wrap: (name, key) => ({ keyVersion: current, wrapped: sealBytes(master(current), placeOf(name), key) }),
		unwrap: (name, keyVersion, wrapped) => openBytes(master(keyVersion), placeOf(name), wrapped)
	};
}

/** Reads `version:base64` a line or between commas; refuses what is not 32 bytes or stands twice. */
export function parseMasterKeys(text: string): Map<number, KeyObject> | { problem: string } {
	const keys = new Map<number, KeyObject>();
	for (const entry of text
		.split(/[\n,]/)
		.map((part) => part.trim())
		.filter(Boolean)) {
		const match = /^(\d{1,4}):([A-Za-z0-9+/=_-]+)$/.exec(entry);
		const bytes = match ? Buffer.from(match[2] as string, 'base64') : undefined;
		if (!match || bytes?.length !== 32)
			return { problem: 'a master key is written version:base64 of 32 bytes' };
		if (keys.has(Number(match[1]))) return { problem: `master key version ${match[1]} stands twice` };
		keys.set(Number(match[1]), createSecretKey(bytes));
	}
	return keys.size ? keys : { problem: 'no master key is given' };
}

/** Puts a whole file there, or leaves the one that another process has put there meanwhile. */
function writeOnce(file: string, content: string): void {
	mkdirSync(dirname(file), { recursive: true });
	const own = `${file}.${randomBytes(6).toString('hex')}`;
	writeFileSync(own, content, { mode: 0o600, flag: 'wx' });
	try {
		linkSync(own, file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	} finally {
		rmSync(own);
	}
}

/** The demonstration makes its own master key, beside its data: it protects nothing, and says so. */
export function demonstrationMasterKeys(file: string): string {
	if (!existsSync(file)) writeOnce(file, `1:${randomBytes(32).toString('base64')}\n`);
	return readFileSync(file, 'utf8');
}
