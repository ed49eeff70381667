// Exports in volumes: what was chosen, how far the building is, what is missing, and the export that fetches it.
import type { Kysely } from 'kysely';
import { columnsOf } from '../platform/database/columns.ts';
import { makeTables, type Table } from '../platform/database/tables.ts';

const tables: Record<string, Table> = {
	export_volume: {
		columns: {
			person_id: 'text',
			export_id: 'text',
			number: 'integer',
			bytes: 'integer',
			sha256: 'text',
			records: 'integer'
		},
		key: ['person_id', 'export_id', 'number'],
		clustered: true
	}
};

export async function up(db: Kysely<never>): Promise<void> {
	const { text, integer } = columnsOf(db);
	for (const column of ['since', 'until', 'completes', 'progress', 'missing'])
		await db.schema.alterTable('export').addColumn(column, text).execute();
	await db.schema.alterTable('export').addColumn('volume_bytes', integer).execute();
	for (const column of ['locked', 'prolonged'])
		await db.schema
			.alterTable('export')
			.addColumn(column, integer, (made) => made.notNull().defaultTo(0))
			.execute();
	await makeTables(db, tables, []);
}
