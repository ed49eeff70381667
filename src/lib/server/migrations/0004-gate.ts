// Who gave a consent in somebody's place, and the paper that shows it.
import type { Kysely } from 'kysely';
import { columnsOf } from '../platform/database/columns.ts';
import { makeTables, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	consent_evidence: {
		columns: { person_id: 'text', id: 'text', sealed: 'sealed', content: 'sealed', at: 'text' },
		key: ['person_id', 'id']
	}
};

export async function up(db: Kysely<never>): Promise<void> {
	const { text } = columnsOf(db);
	for (const column of ['given_by', 'evidence'])
		await db.schema.alterTable('consent').addColumn(column, text).execute();
	await makeTables(db, tables);
}
