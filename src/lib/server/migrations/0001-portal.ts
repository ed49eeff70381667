// The first timeline: people, what is held about them, what they decided, and what is still to be done.
import type { Kysely } from 'kysely';
import { due, makeIndex, makeTables, type Index, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	person: {
		columns: {
			person_id: 'text',
			role: 'text',
			state: 'text',
			language: 'text',
			time_zone: 'text',
			country: 'text',
			region: 'text?',
			sealed: 'sealed',
			created_at: 'text',
			paused_at: 'text?'
		},
		key: ['person_id'],
		clustered: true
	},
	identifier: {
		columns: {
			person_id: 'text',
			kind: 'text',
			blind: 'sealed',
			sealed: 'sealed',
			verified_at: 'text?',
			changed_at: 'text'
		},
		key: ['person_id', 'kind'],
		clustered: true
	},
	guardian: {
		columns: { person_id: 'text', guardian_id: 'text', since: 'text' },
		key: ['person_id', 'guardian_id'],
		clustered: true
	},
	credential: {
		columns: { person_id: 'text', sealed: 'sealed', changed_at: 'text' },
		key: ['person_id'],
		clustered: true
	},
	session: {
		columns: {
			session_id: 'text',
			person_id: 'text',
			created_at: 'text',
			expires_at: 'text',
			seen_at: 'text',
			proved_at: 'text?',
			language: 'text?',
			sealed: 'sealed'
		},
		key: ['session_id'],
		clustered: true
	},
	step_up: {
		columns: { person_id: 'text', session_id: 'text', action: 'text', granted_at: 'text', used_at: 'text?' },
		key: ['person_id', 'session_id', 'action'],
		clustered: true
	},
	one_time_code: {
		columns: {
			person_id: 'text',
			id: 'text',
			purpose: 'text',
			hash: 'sealed',
			sealed: 'sealed',
			tries: 'integer',
			expires_at: 'text',
			used_at: 'text?',
			created_at: 'text'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	profile_value: {
		columns: { person_id: 'text', field: 'text', sealed: 'sealed', origin: 'text', changed_at: 'text' },
		key: ['person_id', 'field'],
		clustered: true
	},
	record: {
		columns: {
			person_id: 'text',
			category: 'text',
			id: 'text',
			at: 'text',
			sealed: 'sealed',
			origin: 'text'
		},
		key: ['person_id', 'category', 'id'],
		clustered: true
	},
	record_count: {
		columns: { person_id: 'text', category: 'text', records: 'integer', oldest_at: 'text?' },
		key: ['person_id', 'category'],
		clustered: true
	},
	preference_change: {
		columns: {
			person_id: 'text',
			id: 'text',
			channel: 'text',
			topic: 'text',
			allowed: 'integer',
			origin: 'text',
			change_set: 'text',
			at: 'text'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	consent: {
		columns: {
			person_id: 'text',
			id: 'text',
			partner: 'text',
			decision: 'text',
			version: 'text',
			language: 'text',
			sealed: 'sealed',
			origin: 'text',
			at: 'text'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	disclosure: {
		columns: {
			person_id: 'text',
			id: 'text',
			partner: 'text',
			purpose: 'text',
			basis: 'text',
			fields: 'text',
			country: 'text',
			consent_version: 'text?',
			recorded: 'text',
			at: 'text',
			recorded_at: 'text',
			sealed: 'sealed',
			dedupe: 'sealed'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	disclosure_count: {
		columns: { person_id: 'text', partner: 'text', disclosures: 'integer', last_at: 'text' },
		key: ['person_id', 'partner'],
		clustered: true
	},
	disclosure_flow: {
		columns: {
			person_id: 'text',
			partner: 'text',
			category: 'text',
			field: 'text',
			disclosures: 'integer',
			first_at: 'text',
			last_at: 'text'
		},
		key: ['person_id', 'partner', 'category', 'field'],
		clustered: true
	},
	request: {
		columns: {
			person_id: 'text',
			id: 'text',
			kind: 'text',
			state: 'text',
			subject: 'text?',
			rule: 'text',
			opened_at: 'text',
			due_at: 'text',
			closed_at: 'text?'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	request_message: {
		columns: {
			person_id: 'text',
			request_id: 'text',
			id: 'text',
			author: 'text',
			sealed: 'sealed',
			at: 'text'
		},
		key: ['person_id', 'request_id', 'id'],
		clustered: true
	},
	export: {
		columns: {
			person_id: 'text',
			id: 'text',
			state: 'text',
			categories: 'text',
			language: 'text',
			created_at: 'text',
			ready_at: 'text?',
			expires_at: 'text?',
			bytes: 'integer?',
			records: 'integer?',
			sha256: 'text?',
			complete: 'integer?',
			failure: 'text?',
			...due
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	withdrawal: {
		columns: {
			person_id: 'text',
			id: 'text',
			state: 'text',
			requested_at: 'text',
			erase_at: 'text',
			reason: 'text?',
			sealed: 'sealed',
			ended_at: 'text?',
			...due
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	policy_answer: {
		columns: { person_id: 'text', version: 'text', answer: 'text', language: 'text', at: 'text' },
		key: ['person_id', 'version', 'answer'],
		clustered: true
	},
	support_link: {
		columns: {
			person_id: 'text',
			id: 'text',
			page: 'text',
			language: 'text',
			hash: 'sealed',
			code: 'sealed',
			tries: 'integer',
			made_by: 'text',
			created_at: 'text',
			expires_at: 'text',
			opened_at: 'text?',
			confirmed_at: 'text?'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	audit_event: {
		columns: { person_id: 'text', id: 'text', kind: 'text', actor: 'text', at: 'text', sealed: 'sealed' },
		key: ['person_id', 'id'],
		clustered: true
	},
	outbox: {
		columns: {
			person_id: 'text',
			id: 'text',
			channel: 'text',
			template: 'text',
			state: 'text',
			sealed: 'sealed',
			created_at: 'text',
			sent_at: 'text?',
			...due
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	api_token: {
		columns: {
			id: 'text',
			name: 'text',
			hash: 'sealed',
			scopes: 'text',
			networks: 'text?',
			created_at: 'text',
			expires_at: 'text',
			revoked_at: 'text?'
		},
		key: ['id']
	},
	idempotent_answer: {
		columns: {
			token_id: 'text',
			key: 'text',
			body_hash: 'sealed',
			status: 'integer?',
			answer: 'text?',
			created_at: 'text'
		},
		key: ['token_id', 'key']
	},
	throttle: { columns: { key: 'text', points: 'integer', expire: 'integer?' }, key: ['key'] },
	mark: { columns: { name: 'text', value: 'text' }, key: ['name'] }
};

/** Built apart from the tables, so that a first import may build them afterwards. */
const indexes: Index[] = [
	['identifier_blind', 'identifier', ['kind', 'blind'], true],
	['guardian_of', 'guardian', ['guardian_id', 'person_id'], false],
	['session_person', 'session', ['person_id', 'session_id'], true],
	['record_at', 'record', ['person_id', 'category', 'at', 'id'], true],
	['record_count_oldest', 'record_count', ['category', 'oldest_at', 'person_id'], true],
	['disclosure_at', 'disclosure', ['person_id', 'at', 'id'], true],
	['disclosure_dedupe', 'disclosure', ['person_id', 'dedupe'], true],
	['support_link_hash', 'support_link', ['hash'], true],
	['api_token_hash', 'api_token', ['hash'], true],
	['session_expiry', 'session', ['expires_at', 'session_id'], true],
	['step_up_age', 'step_up', ['granted_at', 'person_id', 'session_id', 'action'], true],
	['one_time_code_expiry', 'one_time_code', ['expires_at', 'person_id', 'id'], true],
	['support_link_expiry', 'support_link', ['expires_at', 'person_id', 'id'], true],
	['throttle_expire', 'throttle', ['expire', 'key'], true],
	['export_due', 'export', ['next_attempt_at', 'person_id', 'id'], true],
	['withdrawal_due', 'withdrawal', ['next_attempt_at', 'person_id', 'id'], true],
	['outbox_due', 'outbox', ['next_attempt_at', 'person_id', 'id'], true]
];

export async function up(db: Kysely<never>): Promise<void> {
	await makeTables(db, tables, indexes);
}

/** For bulk loading: the indexes that only serve look-ups are dropped and built again at the end. */
export async function withoutIndexes(db: Kysely<never>, load: () => Promise<void>): Promise<void> {
	// What a later step made anew stays as it is.
	const ours = indexes.filter(([name]) => name !== 'throttle_expire' && name !== 'step_up_age');
	for (const [name] of ours) await db.schema.dropIndex(name).execute();
	await load();
	for (const index of ours) await makeIndex(db, index);
}
