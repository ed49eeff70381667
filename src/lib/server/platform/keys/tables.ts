// The keys database: apart from everything that its keys seal.
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnsOf } from '../database/columns.ts';

export interface KeysSchema {
	dataKey: { personId: string; keyVersion: number; wrapped: Buffer; createdAt: string };
	/** Secrets of the portal itself, wrapped too: the blind index key, the token key. */
	secret: { name: string; keyVersion: number; wrapped: Buffer };
	/** Ed25519 keys that sign what the portal proves; the newest one signs. `publicKey` is a JWK as JSON text. */
	signingKey: { number: number; keyVersion: number; wrapped: Buffer; publicKey: string; createdAt: string };
	/** The key of an erasure's case (DESIGN §3.9): it outlives the person's key, and dies with the last answer. */
	caseKey: { caseId: string; keyVersion: number; wrapped: Buffer; createdAt: string };
	/** What stays of an erased person: the id, the instant, and keyed hashes that serve refusing only. */
	tombstone: {
		personId: string;
		erasedAt: string;
		/** Its place in the chain, from 1, and the hash of its line in the file; null from before there was a chain. */
		number: number | null;
		hash: string | null;
	};
	tombstoneHash: { kind: string; hash: Buffer; personId: string };
}

async function keysAndTombstones(db: Kysely<never>): Promise<void> {
	const { text, integer, sealed } = columnsOf(db);
	const required = (column: { notNull(): never }) => column.notNull();
	await db.schema
		.createTable('data_key')
		.addColumn('person_id', text, (column) => column.primaryKey().notNull())
		.addColumn('key_version', integer, required as never)
		.addColumn('wrapped', sealed, required as never)
		.addColumn('created_at', text, required as never)
		.execute();
	await db.schema.createIndex('data_key_birth').on('data_key').columns(['created_at', 'person_id']).execute();
	await db.schema
		.createTable('secret')
		.addColumn('name', text, (column) => column.primaryKey().notNull())
		.addColumn('key_version', integer, required as never)
		.addColumn('wrapped', sealed, required as never)
		.execute();
	await db.schema
		.createTable('tombstone')
		.addColumn('person_id', text, (column) => column.primaryKey().notNull())
		.addColumn('erased_at', text, required as never)
		.execute();
	await db.schema
		.createTable('tombstone_hash')
		.addColumn('kind', text, required as never)
		.addColumn('hash', sealed, required as never)
		.addColumn('person_id', text, required as never)
		.addPrimaryKeyConstraint('tombstone_hash_key', ['kind', 'hash', 'person_id'] as never)
		.execute();
}

async function signingAndCases(db: Kysely<never>): Promise<void> {
	const { text, integer, sealed } = columnsOf(db);
	const required = (column: { notNull(): never }) => column.notNull();
	await db.schema
		.createTable('signing_key')
		.addColumn('number', integer, (column) => column.primaryKey().notNull())
		.addColumn('key_version', integer, required as never)
		.addColumn('wrapped', sealed, required as never)
		.addColumn('public_key', text, required as never)
		.addColumn('created_at', text, required as never)
		.execute();
	await db.schema
		.createTable('case_key')
		.addColumn('case_id', text, (column) => column.primaryKey().notNull())
		.addColumn('key_version', integer, required as never)
		.addColumn('wrapped', sealed, required as never)
		.addColumn('created_at', text, required as never)
		.execute();
}

async function chainAndVersions(db: Kysely<never>): Promise<void> {
	const { text, integer } = columnsOf(db);
	const table = db.schema.alterTable('tombstone');
	await table.addColumn('number', integer).execute();
	await table.addColumn('hash', text).execute();
	const indexes = [
		['tombstone_number', 'tombstone', 'number'],
		['tombstone_hash_person', 'tombstone_hash', 'person_id'],
		['data_key_version', 'data_key', 'key_version']
	] as const;
	for (const [name, on, column] of indexes)
		await db.schema
			.createIndex(name)
			.on(on)
			.column(column as never)
			.execute();
}

export const keysMigrations: Record<string, Migration> = {
	'0001-keys-and-tombstones': { up: keysAndTombstones as Migration['up'] },
	'0002-signing-and-cases': { up: signingAndCases as Migration['up'] },
	'0003-chain-and-versions': { up: chainAndVersions as Migration['up'] }
};
