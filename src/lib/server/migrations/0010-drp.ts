// Agents that ask in somebody's name (Data Rights Protocol): their tokens, and what they asked, without a word of whom.
import type { Kysely } from 'kysely';
import { due, makeTables, type Index, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	drp_token: { columns: { agent_id: 'text', hash: 'sealed', created_at: 'text' }, key: ['agent_id'] },
	drp_signature: { columns: { hash: 'text', expires_at: 'text' }, key: ['hash'] },
	drp_request: {
		columns: {
			id: 'text',
			agent_id: 'text',
			exercise: 'text',
			received_at: 'text',
			expected_by: 'text',
			status: 'text',
			reason: 'text?',
			sealed: 'sealed',
			closed_at: 'text?',
			...due
		},
		key: ['id']
	}
};

const indexes: Index[] = [
	['drp_signature_expiry', 'drp_signature', ['expires_at', 'hash'], true],
	['drp_request_open', 'drp_request', ['closed_at', 'id'], true],
	['drp_request_due', 'drp_request', ['next_attempt_at', 'id'], true]
];

export async function up(db: Kysely<never>): Promise<void> {
	await makeTables(db, tables, indexes);
}
