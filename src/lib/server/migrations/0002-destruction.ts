// What an erasure leaves behind: its case, without a name, and the certificates.
import { sql, type Kysely } from 'kysely';
import { columnsOf } from '../platform/database/columns.ts';
import { due, makeTables, type Index, type Table } from '../platform/database/tables.ts';

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
	},
	audit_chain: {
		columns: { person_id: 'text', events: 'integer', commitment: 'sealed', ending: 'sealed' },
		key: ['person_id'],
		clustered: true
	},
	audit_leaf: {
		columns: { position: 'integer', commitment: 'sealed', erased: 'integer' },
		key: ['position'],
		clustered: true
	},
	audit_node: {
		columns: { level: 'integer', number: 'integer', hash: 'sealed' },
		key: ['level', 'number'],
		clustered: true
	},
	audit_head: {
		columns: { size: 'integer', root: 'sealed', at: 'text', jws: 'text' },
		key: ['size']
	}
};

const indexes: Index[] = [
	['erasure_case_claim', 'erasure_case', ['claim_hash'], true],
	['erasure_case_due', 'erasure_case', ['next_attempt_at', 'id'], true]
];

/** Events become links of a chain with a place in a tree; the older ones join when the portal works (audit/tree). */
async function chainEvents(db: Kysely<never>): Promise<void> {
	const { integer, sealed } = columnsOf(db);
	await sql`alter table audit_event add column number ${integer}`.execute(db);
	await sql`alter table audit_event add column commitment ${sealed}`.execute(db);
	await sql`alter table audit_event add column position ${integer}`.execute(db);
	await sql`create unique index audit_event_number on audit_event (person_id, number)`.execute(db);
	await sql`create unique index audit_event_unplaced on audit_event (id, person_id) where position is null`.execute(
		db
	);
}

export async function up(db: Kysely<never>): Promise<void> {
	await makeTables(db, tables, indexes);
	await chainEvents(db);
	await sql`alter table withdrawal add column case_id text`.execute(db);
	await sql`alter table withdrawal add column reminders integer not null default 0`.execute(db);
}
