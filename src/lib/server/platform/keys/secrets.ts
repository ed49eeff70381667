// Promise: secrets of the portal itself lie wrapped like the keys of people; what is made of them gives none of them away.
import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Keyring } from './keyring.ts';
import { open, seal } from './seal.ts';
import type { KeysSchema } from './tables.ts';

export interface Secrets {
	/** Keyed hash for looking a value up by equality; the value must be normalised before. */
	blindIndex(kind: string, value: string): Buffer;
	/** A token that says nothing, cannot be forged, and opens only for the purpose it was made for. */
	makeToken(purpose: string, value: unknown): string;
	readToken<Value>(purpose: string, token: string): Value | undefined;
	/** For what belongs to the portal and to no person: sealed under a key of the portal. */
	portalKey: KeyObject;
}

async function secretOf(db: Kysely<KeysSchema>, keyring: Keyring, name: string): Promise<KeyObject> {
	const made = keyring.wrap(name, randomBytes(32));
	await db
		.insertInto('secret')
		.values({ name, ...made })
		.onConflict((conflict) => conflict.doNothing())
		.execute();
	const kept = await db
		.selectFrom('secret')
		.select(['keyVersion', 'wrapped'])
		.where('name', '=', name)
		.executeTakeFirstOrThrow();
	return createSecretKey(keyring.unwrap(name, kept.keyVersion, kept.wrapped));
}

const tokenPlace = (purpose: string) => ({ table: 'token', column: purpose, row: '' });

/** Makes them where there are none. Throws when the keyring does not open them. */
export async function openSecrets(db: Kysely<KeysSchema>, keyring: Keyring): Promise<Secrets> {
	const indexKey = await secretOf(db, keyring, 'blind-index');
	const tokenKey = await secretOf(db, keyring, 'token');
	const portalKey = await secretOf(db, keyring, 'portal');
	return {
		portalKey,
		blindIndex: (kind, value) => createHmac('sha256', indexKey).update(`${kind}\0${value}`).digest(),
		makeToken: (purpose, value) => seal(tokenKey, tokenPlace(purpose), value).toString('base64url'),
		readToken: <Value>(purpose: string, token: string) => {
			try {
				return open<Value>(tokenKey, tokenPlace(purpose), Buffer.from(token, 'base64url'));
			} catch {
				return undefined;
			}
		}
	};
}
