// Systems outside: which are switched off and how each is, what erasures and restrictions still wait for there, and when the canary last walked through them.
import type { Kysely } from 'kysely';
import { due, makeTables, type Index, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	source_state: {
		columns: {
			source: 'text',
			off_since: 'text?',
			off_by: 'text?',
			off_because: 'sealed?',
			failed_at: 'text?',
			failed_at_what: 'text?',
			failure: 'text?',
			foreign_at: 'text?',
			foreign_in: 'text?',
			foreign_rows: 'integer'
		},
		key: ['source']
	},
	source_proof: {
		columns: { source: 'text', ability: 'text', by: 'text', at: 'text' },
		key: ['source', 'ability', 'by']
	},
	case_source: {
		columns: {
			case_id: 'text',
			source: 'text',
			state: 'text',
			at: 'text',
			held: 'text?',
			kept: 'text?',
			because: 'text?',
			attempts: 'integer'
		},
		key: ['case_id', 'source']
	},
	source_restriction: {
		columns: {
			person_id: 'text',
			/** The source. */
			id: 'text',
			is_on: 'integer',
			state: 'text',
			at: 'text',
			because: 'text?',
			...due
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	canary_run: {
		columns: { id: 'text', ran_at: 'text?', result: 'text?', ...due },
		key: ['id']
	}
};

const indexes: Index[] = [
	['case_source_state', 'case_source', ['state', 'at', 'case_id', 'source'], true],
	['source_restriction_due', 'source_restriction', ['next_attempt_at', 'person_id', 'id'], true],
	['source_restriction_state', 'source_restriction', ['state', 'at', 'person_id', 'id'], true],
	['stranger_stop_at', 'stranger_stop', ['at', 'channel', 'blind'], true]
];

export async function up(db: Kysely<never>): Promise<void> {
	await makeTables(db, tables, indexes);
}
