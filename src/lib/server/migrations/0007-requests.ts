// Requests know how they came in, from when their clock runs, how they were decided; and what was attached.
import { sql, type Kysely } from 'kysely';
import { columnsOf } from '../platform/database/columns.ts';
import { makeTables, type Index, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	request_attachment: {
		columns: {
			person_id: 'text',
			request_id: 'text',
			id: 'text',
			message_id: 'text',
			type: 'text',
			bytes: 'integer',
			sealed: 'sealed',
			content: 'sealed'
		},
		key: ['person_id', 'id']
	},
	mail_tally: {
		columns: { day: 'text', outcome: 'text', mails: 'integer' },
		key: ['day', 'outcome']
	}
};

const indexes: Index[] = [
	['request_attachment_request', 'request_attachment', ['person_id', 'request_id', 'id'], true],
	['request_by_id', 'request', ['id', 'person_id'], true],
	['request_queue', 'request', ['state', 'due_at', 'id', 'person_id'], true]
];

const optional = [
	'extended_at',
	'decision',
	'ground',
	'decided_at',
	'appeal_of',
	'reminded_at',
	'alarmed_at'
];

export async function up(db: Kysely<never>): Promise<void> {
	const { sealed, text } = columnsOf(db);
	await sql`alter table request add column channel ${text} not null default 'portal'`.execute(db);
	await sql`alter table request add column received_at ${text} not null default ''`.execute(db);
	await sql`alter table request add column asks ${text} not null default ''`.execute(db);
	for (const column of optional)
		await sql`alter table request add column ${sql.ref(column)} ${text}`.execute(db);
	await sql`alter table request add column mail_key ${sealed}`.execute(db);
	await sql`update request set received_at = opened_at`.execute(db);
	await makeTables(db, tables, indexes);
}
