// What is done outside the portal, and when it was done.
import type { Kysely } from 'kysely';
import { makeTables, type Index, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	control_done: {
		columns: {
			id: 'text',
			control: 'text',
			done_on: 'text',
			by: 'text',
			sealed: 'sealed',
			recorded_at: 'text'
		},
		key: ['id']
	}
};

const indexes: Index[] = [['control_done_last', 'control_done', ['control', 'done_on'], false]];

export async function up(db: Kysely<never>): Promise<void> {
	await makeTables(db, tables, indexes);
}
