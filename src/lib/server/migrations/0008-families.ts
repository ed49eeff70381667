// Children and who decides for them: consents with their evidence, reports of data without consent, and the end of it all.
import { sql, type Kysely } from 'kysely';
import { due, makeTables, type Index, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	minor: {
		columns: { person_id: 'text', id: 'text', told: 'integer', ...due },
		key: ['person_id'],
		clustered: true
	},
	family_consent: {
		columns: {
			person_id: 'text',
			id: 'text',
			scope: 'text',
			decision: 'text',
			way: 'text',
			giver: 'text',
			giver_id: 'text',
			evidence: 'text?',
			sealed: 'sealed',
			at: 'text'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	evidence_request: {
		columns: {
			person_id: 'text',
			id: 'text',
			asked_of: 'text',
			asked_by: 'text',
			state: 'text',
			asked_at: 'text',
			due_at: 'text',
			answered_at: 'text?',
			...due
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	child_report: {
		columns: {
			id: 'text',
			state: 'text',
			found: 'text',
			at: 'text',
			closed_at: 'text?',
			outcome: 'text?',
			sealed: 'sealed?'
		},
		key: ['id']
	},
	child_lock: {
		columns: {
			person_id: 'text',
			id: 'text',
			state: 'text',
			state_before: 'text',
			locked_at: 'text',
			destroy_at: 'text',
			ended_at: 'text?',
			sealed: 'sealed',
			...due
		},
		key: ['person_id', 'id'],
		clustered: true
	}
};

const indexes: Index[] = [
	['minor_due', 'minor', ['next_attempt_at', 'person_id'], true],
	['family_consent_decision', 'family_consent', ['decision', 'giver', 'id', 'person_id'], true],
	['evidence_request_due', 'evidence_request', ['next_attempt_at', 'person_id', 'id'], true],
	['evidence_request_state', 'evidence_request', ['state', 'id', 'person_id'], true],
	['evidence_request_of', 'evidence_request', ['asked_of', 'id', 'person_id'], true],
	['child_report_state', 'child_report', ['state', 'id'], true],
	['child_lock_report', 'child_lock', ['id', 'person_id'], true],
	['child_lock_due', 'child_lock', ['next_attempt_at', 'person_id', 'id'], true]
];

/** Children of before are looked at from now on: those who wait, and those with a guardian. */
async function watchChildren(db: Kysely<never>): Promise<void> {
	await sql`insert into minor (person_id, id, told, next_attempt_at, leased_until, attempts)
		select person_id, person_id, 0, created_at, null, 0 from person
		where state = 'awaiting-consent' or person_id in (select person_id from guardian)`.execute(db);
}

export async function up(db: Kysely<never>): Promise<void> {
	await makeTables(db, tables, indexes);
	await watchChildren(db);
}
