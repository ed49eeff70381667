// How a step of a timeline writes its tables down: names, types, keys, the same on both engines.
import type { Kysely } from 'kysely';
import { columnsOf } from './columns.ts';

type Type = 'text' | 'integer' | 'sealed';
/** `text` is required, `text?` may be null. */
export type Column = Type | `${Type}?`;

export interface Table {
	columns: Record<string, Column>;
	key: string[];
	/** Stored in the order of its key on SQLite; for tables whose key leads with the person. */
	clustered?: true;
}

/** Columns of everything that can fall due. */
export const due: Record<string, Column> = {
	next_attempt_at: 'text?',
	leased_until: 'text?',
	attempts: 'integer'
};

/** Name, table, columns, unique. */
export type Index = [string, string, string[], boolean];

async function makeTable(db: Kysely<never>, name: string, { columns, key, clustered }: Table): Promise<void> {
	const types = columnsOf(db);
	let table = db.schema.createTable(name);
	for (const [column, type] of Object.entries(columns)) {
		const required = !type.endsWith('?');
		table = table.addColumn(column, types[type.replace('?', '') as Type], (built) =>
			required ? built.notNull() : built
		);
	}
	table = table.addPrimaryKeyConstraint(`${name}_key`, key as never);
	await (clustered ? types.clustered(table as never) : table).execute();
}

/** Tables in the order in which they are written down, then the indexes. */
export async function makeTables(
	db: Kysely<never>,
	tables: Record<string, Table>,
	indexes: readonly Index[] = []
): Promise<void> {
	for (const [name, table] of Object.entries(tables)) await makeTable(db, name, table);
	for (const index of indexes) await makeIndex(db, index);
}

export async function makeIndex(db: Kysely<never>, [name, table, columns, unique]: Index): Promise<void> {
	const index = db.schema.createIndex(name).on(table).columns(columns);
	await (unique ? index.unique() : index).execute();
}
