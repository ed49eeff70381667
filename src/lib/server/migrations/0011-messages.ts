// One truth for every opt-out: the words that were shown, what changed since, addresses that must not be written to, what came
// back, and what became of each message.
import type { Kysely } from 'kysely';
import { columnsOf } from '../platform/database/columns.ts';
import { due, makeIndex, makeTables, type Index, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	shown_words: { columns: { id: 'text', language: 'text', text: 'text' }, key: ['id'] },
	contact_change: {
		columns: {
			person_id: 'text',
			id: 'text',
			channel: 'text?',
			topic: 'text?',
			at: 'text',
			position: 'integer?'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	address_block: {
		columns: { person_id: 'text', channel: 'text', because: 'text', blind: 'sealed', since: 'text' },
		key: ['person_id', 'channel', 'because'],
		clustered: true
	},
	stranger_stop: { columns: { channel: 'text', blind: 'sealed', at: 'text' }, key: ['channel', 'blind'] },
	signal_kept: {
		columns: { person_id: 'text', purpose: 'text', choice: 'text', at: 'text' },
		key: ['person_id', 'purpose'],
		clustered: true
	},
	reconfirmation: {
		columns: { person_id: 'text', id: 'text', asked_at: 'text?', settled_at: 'text?', ...due },
		key: ['person_id'],
		clustered: true
	},
	decision_notice: {
		columns: { person_id: 'text', id: 'text', from_id: 'text?', written_at: 'text?', ...due },
		key: ['person_id'],
		clustered: true
	},
	gateway_message: { columns: { id: 'text', at: 'text' }, key: ['id'] },
	listener_call: {
		columns: {
			id: 'text',
			listener: 'text',
			type: 'text',
			about: 'text',
			codes: 'text',
			state: 'text',
			created_at: 'text',
			at: 'text',
			...due
		},
		key: ['id']
	},
	reply: {
		columns: {
			person_id: 'text',
			id: 'text',
			channel: 'text',
			kind: 'text',
			state: 'text',
			/** Sealed `{text}`; emptied when it is decided. */
			sealed: 'sealed',
			at: 'text',
			decided_at: 'text?'
		},
		key: ['person_id', 'id'],
		clustered: true
	},
	reply_tally: { columns: { day: 'text', outcome: 'text', messages: 'integer' }, key: ['day', 'outcome'] }
};

const indexes: Index[] = [
	['contact_change_position', 'contact_change', ['position', 'id'], true],
	['address_block_blind', 'address_block', ['channel', 'blind', 'person_id', 'because'], true],
	['reconfirmation_due', 'reconfirmation', ['next_attempt_at', 'person_id'], true],
	['decision_notice_due', 'decision_notice', ['next_attempt_at', 'person_id'], true],
	['gateway_message_at', 'gateway_message', ['at', 'id'], true],
	['listener_call_once', 'listener_call', ['listener', 'type', 'about'], true],
	['listener_call_due', 'listener_call', ['next_attempt_at', 'id'], true],
	['reply_state', 'reply', ['state', 'at', 'person_id', 'id'], true],
	['outbox_named', 'outbox', ['person_id', 'key'], true],
	['outbox_id', 'outbox', ['id'], true],
	['outbox_state', 'outbox', ['state', 'created_at', 'id'], true]
];

export async function up(db: Kysely<never>): Promise<void> {
	const { text } = columnsOf(db);
	await db.schema.alterTable('preference_change').addColumn('words', text).execute();
	await db.schema
		.alterTable('identifier')
		.addColumn('use', text, (column) => column.notNull().defaultTo('contact'))
		.execute();
	for (const column of ['topic', 'key', 'handed_at'])
		await db.schema.alterTable('outbox').addColumn(column, text).execute();
	await makeTables(db, tables, []);
	for (const index of indexes) await makeIndex(db, index);
}
