// Portable column types: one migration timeline serves SQLite and PostgreSQL.
import { PostgresAdapter, sql, type CreateTableBuilder, type Kysely } from 'kysely';

export interface Columns {
	text: ReturnType<typeof sql>;
	integer: ReturnType<typeof sql>;
	sealed: ReturnType<typeof sql>;
	/** Ends a table whose primary key leads with the person: SQLite then stores a person's rows side by side. */
	clustered<Table extends string>(table: CreateTableBuilder<Table, never>): CreateTableBuilder<Table, never>;
}

export const isPostgres = (db: Kysely<never>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/**
 * The types that migrations may use. Text is compared byte by byte on PostgreSQL too (`collate "C"`), as SQLite does,
 * so that keyset order is the same on both.
 */
export function columnsOf(db: Kysely<never>): Columns {
	const postgres = isPostgres(db);
	return {
		text: postgres ? sql`text collate "C"` : sql`text`,
		integer: postgres ? sql`bigint` : sql`integer`,
		sealed: postgres ? sql`bytea` : sql`blob`,
		clustered: (table) => (postgres ? table : table.modifyEnd(sql`without rowid`))
	};
}
