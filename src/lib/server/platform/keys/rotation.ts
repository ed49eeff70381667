// Promise: every wrapped key moves to the newest master key while the portal serves; what is still to be moved is a query,
// so that a rotation killed at any moment goes on where it was.
import { sql, type Kysely } from 'kysely';
import { columnsOf } from '../database/columns.ts';
import { truncateWriteAheadLog } from '../database/open.ts';
import { vacuum } from '../database/vacuum.ts';
import type { Keyring } from './keyring.ts';
import type { KeysSchema } from './tables.ts';
import { lock } from './tombstone-rows.ts';

export interface Rotation {
	/** The version that wraps new keys. */
	current: number;
	/** How many wrapped keys lie under each version of the master key, oldest version first. */
	versions(): Promise<{ version: number; keys: number }[]>;
	/** Moves what is not under the newest version; tells after each batch how many that were. */
	run(): AsyncGenerator<number>;
}

/** Master keys that are needed and not in the keyring. */
export class MasterKeysMissing extends Error {
	readonly versions: readonly number[];
	constructor(versions: readonly number[]) {
		super(`master keys ${versions.join(', ')} are not in the keyring`);
		this.name = 'MasterKeysMissing';
		this.versions = versions;
	}
}

/** Each table of wrapped keys, its primary key, and the name under which one of them is wrapped. */
const holders = [
	{ table: 'secret', id: 'name', type: sql`text`, nameOf: String },
	{ table: 'signing_key', id: 'number', type: sql`bigint`, nameOf: (id: Id) => `signing-key/${id}` },
	{ table: 'case_key', id: 'case_id', type: sql`text`, nameOf: (id: Id) => `case/${id}` },
	{ table: 'data_key', id: 'person_id', type: sql`text`, nameOf: String }
] as const;

type Id = string | number;
type Holder = (typeof holders)[number];
interface Wrapped {
	id: Id;
	keyVersion: number;
	wrapped: Buffer;
}

/** Few enough that whoever writes meanwhile waits for some milliseconds. */
const keysAtOnce = 200;

/** The versions in use; along the index, so that it costs the same for a thousand keys and for a million. */
async function versionsIn(db: Kysely<KeysSchema>): Promise<Set<number>> {
	const found = new Set<number>();
	for (const { table } of holders)
		for (let last = -1; ;) {
			const { rows } = await sql<{ version: number | null }>`
				select min(key_version) as version from ${sql.table(table)} where key_version > ${last}`.execute(db);
			const version = rows[0]?.version ?? null;
			if (version === null) break;
			found.add((last = Number(version)));
		}
	return found;
}

/** Throws `MasterKeysMissing` when something is wrapped by a master key that is not there. */
export async function checkVersions(db: Kysely<KeysSchema>, keyring: Keyring): Promise<void> {
	const missing = [...(await versionsIn(db))].filter((version) => !keyring.versions.has(version));
	if (missing.length) throw new MasterKeysMissing(missing.sort((a, b) => a - b));
}

async function select(
	db: Kysely<KeysSchema>,
	{ table, id }: Holder,
	after: Id | undefined,
	current: number
): Promise<Wrapped[]> {
	const key = sql.ref(id);
	const further = after === undefined ? sql`` : sql`and ${key} > ${after}`;
	const { rows } = await sql<Wrapped>`select ${key} as id, key_version, wrapped from ${sql.table(table)}
		where key_version <> ${current} ${further} order by ${key} limit ${keysAtOnce}`.execute(db);
	return rows;
}

/** Only what is still as it was read: whoever was erased meanwhile stays erased, whoever was moved stays moved. */
async function update(
	db: Kysely<KeysSchema>,
	{ table, id, type }: Holder,
	moved: readonly (Wrapped & { old: number })[]
): Promise<number> {
	const { sealed, integer } = columnsOf(db as never);
	const values = sql.join(
		moved.map(
			(row) => sql`(cast(${row.id} as ${type}), cast(${row.old} as ${integer}),
				cast(${row.keyVersion} as ${integer}), cast(${row.wrapped} as ${sealed}))`
		)
	);
	const { numAffectedRows } = await sql`with moved (id, old, fresh, bytes) as (values ${values})
		update ${sql.table(table)} set key_version = moved.fresh, wrapped = moved.bytes from moved
		where ${sql.ref(`${table}.${id}`)} = moved.id and key_version = moved.old`.execute(db);
	return Number(numAffectedRows ?? 0);
}

async function* move(db: Kysely<KeysSchema>, keyring: Keyring, holder: Holder): AsyncGenerator<number> {
	let after: Id | undefined;
	for (;;) {
		const rows = await select(db, holder, after, keyring.current);
		if (rows.length === 0) return;
		const moved = rows.map(({ id, keyVersion, wrapped }) => {
			const name = holder.nameOf(id);
			const key = keyring.unwrap(name, Number(keyVersion), wrapped);
			const fresh = { id, old: Number(keyVersion), ...keyring.wrap(name, key) };
			key.fill(0);
			return fresh;
		});
		// Both take many rows, each in an order of its own: without the lock an erasure and this could wait for each other.
		yield await db.transaction().execute(async (tx) => {
			await lock(tx);
			return update(tx, holder, moved);
		});
		after = rows.at(-1)?.id;
	}
}

export const openRotation = (db: Kysely<KeysSchema>, keyring: Keyring): Rotation => ({
	current: keyring.current,
	versions: async () => {
		const keys = new Map<number, number>();
		for (const { table } of holders) {
			const { rows } = await sql<{ keyVersion: number; keys: number }>`
				select key_version, count(*) as keys from ${sql.table(table)} group by key_version`.execute(db);
			for (const row of rows)
				keys.set(Number(row.keyVersion), (keys.get(Number(row.keyVersion)) ?? 0) + Number(row.keys));
		}
		return [...keys].map(([version, keys]) => ({ version, keys })).sort((a, b) => a.version - b.version);
	},
	async *run() {
		for (const holder of holders) yield* move(db, keyring, holder);
		// What the old master key opens would stay readable in SQLite's log, or in dead rows.
		await truncateWriteAheadLog(db as never);
		await vacuum(db as never, ...holders.map(({ table }) => table));
	}
});
