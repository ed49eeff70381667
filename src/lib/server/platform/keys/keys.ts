// Promise: one key per person; destroying it makes everything sealed with it unreadable, in every copy.
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import { after, dayOf, instant, type Clock } from '../clock.ts';
import { truncateWriteAheadLog } from '../database/open.ts';
import { vacuum } from '../database/vacuum.ts';
import { birthsIn, type Births } from './births.ts';
import { openCache } from './cache.ts';
import type { Keyring } from './keyring.ts';
import { checkVersions, openRotation, type Rotation } from './rotation.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import type { KeysSchema } from './tables.ts';
import { buriedAt, isBuried } from './tombstone-rows.ts';
import { openTombstones, type Tombstones } from './tombstones.ts';

export { open, seal, type Place } from './seal.ts';

export interface Tombstone {
	personId: string;
	/** Values by kind (`external`, …), of which only keyed hashes are kept. */
	refuse: readonly { kind: string; value: string }[];
}

export interface Keys extends Secrets {
	/** Makes the person's key and commits it; before the person (DESIGN §3.8). A second call changes nothing. */
	birth(personId: string): Promise<KeyObject>;
	/** The same for many people in one transaction. */
	birthMany(personIds: readonly string[]): Promise<Map<string, KeyObject>>;
	/** Which people have keys, and which keys never had people. */
	births: Births;
	/** The person's key; undefined when it was destroyed or never made. */
	find(personId: string): Promise<KeyObject | undefined>;
	/** Those of many people at once; who has none is left out. */
	findMany(personIds: readonly string[]): Promise<Map<string, KeyObject>>;
	/** Whether the key is there; asked of the database, for another process may have destroyed what is kept in memory. */
	exists(personId: string): Promise<boolean>;
	/** The person's key; throws `KeyDestroyed` where there is none. */
	of(personId: string): Promise<KeyObject>;
	/** The point of no return: tombstone (in the file outside first) and key in one transaction. May run twice. */
	destroy(...gone: Tombstone[]): Promise<void>;
	/** The chain of tombstones, here and in the file outside. */
	tombstones: Tombstones;
	/** Moves wrapped keys to the newest master key. */
	rotation: Rotation;
	/** The day (`YYYY-MM-DD`) on which no backup holds a key any more that is destroyed now. */
	backupsAgeOutOn(now: Date): string;
	isErased(personId: string): Promise<boolean>;
	/** When the person's key was destroyed. */
	erasedAt(personId: string): Promise<string | undefined>;
	/** Whether an erased person had this value; answers nothing but yes or no. */
	refuses(kind: string, value: string): Promise<boolean>;
	/** Those of many values that erased people had. */
	refusedOf(kind: string, values: readonly string[]): Promise<Set<string>>;
	close(): Promise<void>;
}

export class KeyDestroyed extends Error {
	constructor() {
		super('the key of this person was destroyed');
		this.name = 'KeyDestroyed';
	}
}

const birthsAtOnce = 50;
const keysAtOnce = 500;

export interface KeysSettings {
	/** The file outside the databases. */
	tombstonesFile: string;
	/** How many days a backup of the keys is kept. */
	keysBackupDays: number;
}

/**
 * Opens the keys of a migrated keys database. Throws `MasterKeysMissing`, or what decryption throws when a master key is
 * wrong: either stops the start.
 */
export async function openKeys(
	db: Kysely<KeysSchema>,
	keyring: Keyring,
	clock: Clock,
	{ tombstonesFile, keysBackupDays }: KeysSettings
): Promise<Keys> {
	await checkVersions(db, keyring);
	const secrets = await openSecrets(db, keyring);
	const cache = openCache();
	const tombstones = openTombstones(db, tombstonesFile, cache.forget);
	/** A wrapped key would stay readable in SQLite's log or a dead row, and whoever copies the files would have it. */
	const leaveNoTrace = async (): Promise<void> => {
		await truncateWriteAheadLog(db as never);
		await vacuum(db as never, 'data_key');
	};

	async function find(personId: string): Promise<KeyObject | undefined> {
		const cached = cache.get(personId);
		if (cached) return cached;
		const remember = cache.reading();
		const row = await db
			.selectFrom('dataKey')
			.select(['keyVersion', 'wrapped'])
			.where('personId', '=', personId)
			.executeTakeFirst();
		if (!row) return undefined;
		const key = createSecretKey(keyring.unwrap(personId, row.keyVersion, row.wrapped));
		remember(personId, key);
		return key;
	}

	async function findMany(personIds: readonly string[]): Promise<Map<string, KeyObject>> {
		const found = new Map<string, KeyObject>();
		const remember = cache.reading();
		const unread = personIds.filter((personId) => {
			const cached = cache.get(personId);
			if (cached) found.set(personId, cached);
			return !cached;
		});
		for (let start = 0; start < unread.length; start += keysAtOnce) {
			const some = unread.slice(start, start + keysAtOnce);
			const rows = await db
				.selectFrom('dataKey')
				.select(['personId', 'keyVersion', 'wrapped'])
				.where('personId', 'in', some)
				.execute();
			for (const { personId, keyVersion, wrapped } of rows) {
				const key = createSecretKey(keyring.unwrap(personId, keyVersion, wrapped));
				remember(personId, key);
				found.set(personId, key);
			}
		}
		return found;
	}

	async function refusedOf(kind: string, values: readonly string[]): Promise<Set<string>> {
		const refused = new Set<string>();
		for (let start = 0; start < values.length; start += keysAtOnce) {
			const some = values.slice(start, start + keysAtOnce);
			const named = new Map(
				some.map((value) => [secrets.blindIndex(`tombstone-${kind}`, value).toString('hex'), value])
			);
			const rows = await db
				.selectFrom('tombstoneHash')
				.select('hash')
				.where('kind', '=', kind)
				.where(
					'hash',
					'in',
					[...named.keys()].map((hash) => Buffer.from(hash, 'hex'))
				)
				.execute();
			for (const { hash } of rows) refused.add(named.get(Buffer.from(hash).toString('hex')) as string);
		}
		return refused;
	}

	async function birthMany(personIds: readonly string[]): Promise<Map<string, KeyObject>> {
		const createdAt = instant(clock.now());
		const keys = new Map<string, KeyObject>();
		const remember = cache.reading();
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
			if (key) remember(personId, key);
			else keys.set(personId, (await find(personId)) as KeyObject);
		}
		return keys;
	}

	return {
		...secrets,
		find,
		findMany,
		exists: async (personId) => {
			const row = await db
				.selectFrom('dataKey')
				.select('personId')
				.where('personId', '=', personId)
				.executeTakeFirst();
			if (!row) cache.forget(personId);
			return row !== undefined;
		},
		birthMany,
		births: birthsIn(db, cache.forget),
		birth: async (personId) => (await birthMany([personId])).get(personId) as KeyObject,
		of: async (personId) => {
			const key = await find(personId);
			if (!key) throw new KeyDestroyed();
			return key;
		},
		destroy: async (...gone) => {
			const erasedAt = instant(clock.now());
			const hashesOf = ({ refuse }: Tombstone) =>
				refuse.map(({ kind, value }) => ({
					kind,
					hash: secrets.blindIndex(`tombstone-${kind}`, value).toString('hex')
				}));
			await tombstones.add(gone.map((one) => ({ personId: one.personId, erasedAt, hashes: hashesOf(one) })));
			await leaveNoTrace();
		},
		tombstones: {
			...tombstones,
			adopt: async () => {
				const adopted = await tombstones.adopt();
				if (adopted > 0) await leaveNoTrace();
				return adopted;
			}
		},
		rotation: openRotation(db, keyring),
		backupsAgeOutOn: (now) => dayOf(after(now, keysBackupDays, 'days')),
		isErased: (personId) => isBuried(db, personId),
		erasedAt: (personId) => buriedAt(db, personId),
		refuses: async (kind, value) => (await refusedOf(kind, [value])).has(value),
		refusedOf,
		close: () => db.destroy()
	};
}
