// Who was told of a change of the policy or of an incident, when and with which end; incidents and their clock.
import type { Kysely } from 'kysely';
import { due, makeTables, type Column, type Index, type Table } from '../platform/database/tables.ts';

/** Columns of whatever is told to many people, each once. */
const round: Record<string, Column> = {
	phase: 'text',
	last_person: 'text?',
	found: 'integer',
	told: 'integer',
	...due
};

const tables: Record<string, Table> = {
	notice: {
		columns: {
			person_id: 'text',
			about: 'text',
			state: 'text',
			channel: 'text?',
			message_id: 'text?',
			at: 'text',
			read_at: 'text?'
		},
		key: ['person_id', 'about'],
		clustered: true
	},
	policy_announcement: { columns: { id: 'text', known_at: 'text', ...round }, key: ['id'] },
	incident: {
		columns: {
			id: 'text',
			drill: 'integer',
			known_at: 'text',
			happened_from: 'text?',
			happened_to: 'text?',
			fields: 'text',
			audience: 'text',
			recorded_at: 'text',
			recorded_by: 'text',
			authority_due_at: 'text',
			authority_told_at: 'text?',
			alarm: 'integer',
			announced_at: 'text?',
			sealed: 'sealed',
			...round
		},
		key: ['id']
	}
};

const indexes: Index[] = [['notice_about', 'notice', ['about', 'state', 'person_id'], true]];

export async function up(db: Kysely<never>): Promise<void> {
	await makeTables(db, tables, indexes);
}
