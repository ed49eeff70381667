// Promise: one key per person; destroying it makes everything sealed with it unreadable, in every copy.
import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import { instant, type Clock } from '../clock.ts';
import { truncateWriteAheadLog } from '../database/open.ts';
import { birthsIn, type Births } from './births.ts';
import type { Keyring } from './keyring.ts';
import { open, seal } from './seal.ts';
import type { KeysSchema } from './tables.ts';

export { open, seal, type Place } from './seal.ts';

export interface Tombstone {
	personId: string;
	/** Values by kind (`external`, …), of which only keyed hashes are kept. */
	refuse: readonly { kind: string; value: string }[];
}

export interface Keys {
	/** Makes the person's key and commits it; before the person (DESIGN §3.8). A second call changes nothing. */
	birth(personId: string): Promise<KeyObject>;
	/** The same for many people in one transaction. */
	birthMany(personIds: readonly string[]): Promise<Map<string, KeyObject>>;
	/** Which people have keys, and which keys never had people. */
	births: Births;
	/** The person's key; undefined when it was destroyed or never made. */
	find(personId: string): Promise<KeyObject | undefined>;
	/** The person's key; throws `KeyDestroyed` where there is none. */
	of(personId: string): Promise<KeyObject>;
	/** The point of no return: tombstone and key in one transaction. May run twice. */
	destroy(tombstone: Tombstone): Promise<void>;
	isErased(personId: string): Promise<boolean>;
	/** Whether an erased person had this value; answers nothing but yes or no. */
	refuses(kind: string, value: string): Promise<boolean>;
	/** Keyed hash for looking a value up by equality; the value must be normalised before. */
	blindIndex(kind: string, value: string): Buffer;
	/** A token that says nothing, cannot be forged, and opens only for the purpose it was made for. */
	makeToken(purpose: string, value: unknown): string;
	readToken<Value>(purpose: string, token: string): Value | undefined;
	/** For what belongs to the portal and to no person: sealed under a key of the portal. */
	portalKey: KeyObject;
	close(): Promise<void>;
}

export class KeyDestroyed extends Error {
	constructor() {
		super('the key of this person was destroyed');
		this.name = 'KeyDestroyed';
	}
}

const cacheMinutes = 5;
const birthsAtOnce = 50;

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

/** Opens the keys of a migrated keys database. Throws when the keyring does not fit it: a wrong master key stops the start. */
export async function openKeys(db: Kysely<KeysSchema>, keyring: Keyring, clock: Clock): Promise<Keys> {
	const indexKey = await secretOf(db, keyring, 'blind-index');
	const tokenKey = await secretOf(db, keyring, 'token');
	const portalKey = await secretOf(db, keyring, 'portal');
	const cache = new LRUCache<string, KeyObject>({ max: 20_000, ttl: cacheMinutes * 60_000 });
	const blindIndex = (kind: string, value: string) =>
		createHmac('sha256', indexKey).update(`${kind}\0${value}`).digest();

	async function find(personId: string): Promise<KeyObject | undefined> {
		const cached = cache.get(personId);
		if (cached) return cached;
		const row = await db
			.selectFrom('dataKey')
			.select(['keyVersion', 'wrapped'])
			.where('personId', '=', personId)
			.executeTakeFirst();
		if (!row) return undefined;
		const key = createSecretKey(keyring.unwrap(personId, row.keyVersion, row.wrapped));
		cache.set(personId, key);
		return key;
	}

	async function birthMany(personIds: readonly string[]): Promise<Map<string, KeyObject>> {
		const createdAt = instant(clock.now());
		const keys = new Map<string, KeyObject>();
		await db.transaction().execute(async (tx) => {
			for (let start = 0; start < personIds.length; start += birthsAtOnce) {
				const made = personIds
					.slice(start, start + birthsAtOnce)
					.map((personId) => ({ personId, bytes: randomBytes(32) }));
				const rows = made.map(({ personId, bytes }) => ({
					personId,
					...keyring.wrap(personId, bytes),
					createdAt
				}));
				const { numInsertedOrUpdatedRows } = await tx
					.insertInto('dataKey')
					.values(rows)
					.onConflict((conflict) => conflict.doNothing())
					.executeTakeFirst();
				// Where one of them had a key before, none of these is trusted: all are read back.
				if (Number(numInsertedOrUpdatedRows ?? 0) === made.length)
					for (const { personId, bytes } of made) keys.set(personId, createSecretKey(bytes));
			}
		});
		for (const personId of personIds) {
			const key = keys.get(personId);
			if (key) cache.set(personId, key);
			else keys.set(personId, (await find(personId)) as KeyObject);
		}
		return keys;
	}

	return {
		find,
		birthMany,
		births: birthsIn(db, (personId) => cache.delete(personId)),
		birth: async (personId) => (await birthMany([personId])).get(personId) as KeyObject,
		of: async (personId) => {
			const key = await find(personId);
			if (!key) throw new KeyDestroyed();
			return key;
		},
		destroy: async ({ personId, refuse }) => {
			const hashes = refuse.map(({ kind, value }) => ({
				kind,
				hash: blindIndex(`tombstone-${kind}`, value),
				personId
			}));
			await db.transaction().execute(async (tx) => {
				await tx
					.insertInto('tombstone')
					.values({ personId, erasedAt: instant(clock.now()) })
					.onConflict((conflict) => conflict.doNothing())
					.execute();
				for (const hash of hashes)
					await tx
						.insertInto('tombstoneHash')
						.values(hash)
						.onConflict((conflict) => conflict.doNothing())
						.execute();
				await tx.deleteFrom('dataKey').where('personId', '=', personId).execute();
			});
			cache.delete(personId);
			// The wrapped key would stay readable in SQLite's log, and whoever copies that file would have it.
			await truncateWriteAheadLog(db as never);
		},
		isErased: async (personId) =>
			(await db
				.selectFrom('tombstone')
				.select('personId')
				.where('personId', '=', personId)
				.executeTakeFirst()) !== undefined,
		refuses: async (kind, value) =>
			(await db
				.selectFrom('tombstoneHash')
				.select('personId')
				.where('kind', '=', kind)
				.where('hash', '=', blindIndex(`tombstone-${kind}`, value))
				.executeTakeFirst()) !== undefined,
		blindIndex,
		makeToken: (purpose, value) =>
			seal(tokenKey, { table: 'token', column: purpose, row: '' }, value).toString('base64url'),
		readToken: <Value>(purpose: string, token: string) => {
			try {
				return open<Value>(
					tokenKey,
					{ table: 'token', column: purpose, row: '' },
					Buffer.from(token, 'base64url')
				);
			} catch {
				return undefined;
			}
		},
		portalKey,
		close: () => db.destroy()
	};
}
