// Who of the organisation may look, what they looked at, and since when each rule of retention counts.
import type { Kysely } from 'kysely';
import { makeTables, type Index, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	staff_member: {
		columns: {
			id: 'text',
			name: 'text',
			role: 'text',
			state: 'text',
			hash: 'sealed',
			password_at: 'text',
			initial: 'integer',
			created_at: 'text'
		},
		key: ['id']
	},
	staff_session: {
		columns: {
			session_id: 'text',
			staff_id: 'text',
			created_at: 'text',
			expires_at: 'text',
			seen_at: 'text',
			language: 'text?'
		},
		key: ['session_id']
	},
	staff_look: {
		columns: {
			person_id: 'text',
			id: 'text',
			staff_id: 'text',
			sealed: 'sealed',
			at: 'text',
			expires_at: 'text'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	staff_log: {
		columns: { id: 'text', staff_id: 'text', kind: 'text', subject: 'sealed?', at: 'text' },
		key: ['id']
	},
	retention_rule: {
		columns: { category: 'text', since: 'text', duration: 'text' },
		key: ['category', 'since']
	}
};

const indexes: Index[] = [
	['staff_session_expiry', 'staff_session', ['expires_at', 'session_id'], true],
	['staff_look_expiry', 'staff_look', ['expires_at', 'person_id', 'id'], true],
	['staff_log_at', 'staff_log', ['at', 'id'], true]
];

export async function up(db: Kysely<never>): Promise<void> {
	await makeTables(db, tables, indexes);
}
