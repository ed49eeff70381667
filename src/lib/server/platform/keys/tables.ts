// The keys database: apart from everything that its keys seal.
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnsOf } from '../database/columns.ts';
import { makeTables, type Index, type Table } from '../database/tables.ts';

export interface KeysSchema {
	dataKey: { personId: string; keyVersion: number; wrapped: Buffer; createdAt: string };
	/** Secrets of the portal itself, wrapped too: the blind index key, the token key. */
	secret: { name: string; keyVersion: number; wrapped: Buffer };
	/** Ed25519 keys that sign what the portal proves; the newest one signs. `publicKey` is a JWK as JSON text. */
	signingKey: { number: number; keyVersion: number; wrapped: Buffer; publicKey: string; createdAt: string };
	/** The key of an erasure's case (DESIGN §3.9): it outlives the person's key, and dies with the last answer. */
	caseKey: {
		caseId: string;
		keyVersion: number;
		wrapped: Buffer;
		createdAt: string;
		/** Sealed under it: what makes the case anew where the portal database does not have it any more. */
		note: Buffer | null;
	};
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

const wrappedKey = { key_version: 'integer', wrapped: 'sealed' } as const;

const keysAndTombstones: Record<string, Table> = {
	data_key: { columns: { person_id: 'text', ...wrappedKey, created_at: 'text' }, key: ['person_id'] },
	secret: { columns: { name: 'text', ...wrappedKey }, key: ['name'] },
	tombstone: { columns: { person_id: 'text', erased_at: 'text' }, key: ['person_id'] },
	tombstone_hash: {
		columns: { kind: 'text', hash: 'sealed', person_id: 'text' },
		key: ['kind', 'hash', 'person_id']
	}
};

const signingAndCases: Record<string, Table> = {
	signing_key: {
		columns: { number: 'integer', ...wrappedKey, public_key: 'text', created_at: 'text' },
		key: ['number']
	},
	case_key: { columns: { case_id: 'text', ...wrappedKey, created_at: 'text' }, key: ['case_id'] }
};

/** New keys by their age, the chain by its numbers, what an old master key still wraps. */
const births: Index[] = [['data_key_birth', 'data_key', ['created_at', 'person_id'], false]];
const chain: Index[] = [
	['tombstone_number', 'tombstone', ['number'], false],
	['tombstone_hash_person', 'tombstone_hash', ['person_id'], false],
	['data_key_version', 'data_key', ['key_version'], false]
];

async function chainAndVersions(db: Kysely<never>): Promise<void> {
	const { text, integer } = columnsOf(db);
	const table = db.schema.alterTable('tombstone');
	await table.addColumn('number', integer).execute();
	await table.addColumn('hash', text).execute();
	await makeTables(db, {}, chain);
}

async function notesOfCases(db: Kysely<never>): Promise<void> {
	const { sealed } = columnsOf(db);
	await db.schema.alterTable('case_key').addColumn('note', sealed).execute();
}

export const keysMigrations: Record<string, Migration> = {
	'0001-keys-and-tombstones': { up: (db) => makeTables(db as never, keysAndTombstones, births) },
	'0002-signing-and-cases': { up: (db) => makeTables(db as never, signingAndCases) },
	'0003-chain-and-versions': { up: chainAndVersions as Migration['up'] },
	'0004-notes-of-cases': { up: notesOfCases as Migration['up'] }
};
