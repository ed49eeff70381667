// What an erasure leaves behind: its case, without a name, and the certificates.
import { sql, type Kysely } from 'kysely';
import { due, makeIndex, makeTable, type Index, type Table } from './tables.ts';

const tables: Record<string, Table> = {
	erasure_case: {
		columns: {
			id: 'text',
			claim_hash: 'sealed',
			state: 'text',
			requested_at: 'text',
			erase_at: 'text',
			locked_at: 'text?',
			erased_at: 'text?',
			plan: 'text?',
			sealed: 'sealed?',
			told_at: 'text?',
			...due
		},
		key: ['id']
	},
	case_recipient: {
		columns: { case_id: 'text', partner: 'text', state: 'text', at: 'text', attempts: 'integer' },
		key: ['case_id', 'partner']
	},
	certificate: {
		columns: { case_id: 'text', version: 'integer', issued_at: 'text', jws: 'text' },
		key: ['case_id', 'version']
	}
};

const indexes: Index[] = [
	['erasure_case_claim', 'erasure_case', ['claim_hash'], true],
	['erasure_case_due', 'erasure_case', ['next_attempt_at', 'id'], true]
];

export async function up(db: Kysely<never>): Promise<void> {
	for (const [name, table] of Object.entries(tables)) await makeTable(db, name, table);
	for (const index of indexes) await makeIndex(db, index);
	await sql`alter table withdrawal add column case_id text`.execute(db);
	await sql`alter table withdrawal add column reminders integer not null default 0`.execute(db);
}
