// What people contest, what they object to, who may see what, and the calls that tell partners of it.
import type { Kysely } from 'kysely';
import { due, makeTables, type Index, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	partner_call: {
		columns: {
			person_id: 'text',
			id: 'text',
			partner: 'text',
			type: 'text',
			about: 'text',
			state: 'text',
			sealed: 'sealed',
			created_at: 'text',
			at: 'text',
			...due
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	partner_webhook: {
		columns: { partner: 'text', url: 'text', disabled_at: 'text' },
		key: ['partner']
	},
	correction: {
		columns: {
			person_id: 'text',
			id: 'text',
			field: 'text',
			record: 'text?',
			state: 'text',
			decision: 'text?',
			opened_at: 'text',
			decided_at: 'text?',
			ends_at: 'text?',
			...due
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	correction_step: {
		columns: {
			person_id: 'text',
			correction_id: 'text',
			id: 'text',
			kind: 'text',
			actor: 'text',
			at: 'text',
			sealed: 'sealed'
		},
		key: ['person_id', 'correction_id', 'id'],
		clustered: true
	},
	purpose_choice: {
		columns: {
			person_id: 'text',
			id: 'text',
			purpose: 'text',
			allowed: 'integer',
			origin: 'text',
			at: 'text'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	field_visibility: {
		columns: { person_id: 'text', field: 'text', viewers: 'text', changed_at: 'text' },
		key: ['person_id', 'field'],
		clustered: true
	}
};

const indexes: Index[] = [
	['partner_call_due', 'partner_call', ['next_attempt_at', 'person_id', 'id'], true],
	['correction_due', 'correction', ['next_attempt_at', 'person_id', 'id'], true],
	['correction_state', 'correction', ['state', 'opened_at', 'person_id', 'id'], true]
];

export async function up(db: Kysely<never>): Promise<void> {
	await makeTables(db, tables, indexes);
}
