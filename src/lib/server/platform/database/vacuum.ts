// Promise: on PostgreSQL a row that was deleted or changed is not left lying about in its table as a dead one.
import { sql, type Kysely } from 'kysely';
import { isPostgres } from './columns.ts';

/**
 * Removes dead rows of these tables; never inside a transaction. What a transaction that still runs could see stays until
 * the next time, and a page may keep single bytes until something is written over them (docs/operating.md). SQLite
 * overwrites by itself (`secure_delete`).
 */
export async function vacuum(db: Kysely<never>, ...tables: readonly string[]): Promise<void> {
	if (!isPostgres(db)) return;
	for (const table of tables) await sql`vacuum ${sql.table(table)}`.execute(db);
}
