// Public keys from a file: which ones are in it decides what is believed.
import type { JWK } from 'jose';
import { readFile } from 'node:fs/promises';
import { Refused } from './refused.ts';

/** The keys of a JSON Web Key Set; a wrong file is wrong usage. */
export async function keysIn(path: string): Promise<JWK[]> {
	try {
		const { keys } = JSON.parse(await readFile(path, 'utf8')) as { keys: JWK[] };
		if (Array.isArray(keys)) return keys;
	} catch {
		// Told below, whatever it was.
	}
	throw new Refused([`--keys: ${path} holds no JSON Web Key Set.`], 2);
}
