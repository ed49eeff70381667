// Promise: SQLite under Kysely that keeps its prepared statements and never upgrades a read lock into a write lock.
import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
	CompiledQuery,
	SqliteDialect,
	SqliteDriver,
	type DatabaseConnection,
	type SqliteDatabase
} from 'kysely';

/** `begin` is deferred: two processes that read and then write would fail with SQLITE_BUSY however long they may wait. */
class ImmediateDriver extends SqliteDriver {
	override async beginTransaction(connection: DatabaseConnection): Promise<void> {
		await connection.executeQuery(CompiledQuery.raw('begin immediate'));
	}
}

class ImmediateDialect extends SqliteDialect {
	readonly #database: SqliteDatabase;
	constructor(database: SqliteDatabase) {
		super({ database });
		this.#database = database;
	}
	override createDriver() {
		return new ImmediateDriver({ database: this.#database });
	}
}

const keptStatements = 500;

/**
 * SQLite plans with the bound value in view, and so plans a kept statement anew at each run; a value behind a plus sign,
 * which changes nothing, it does not look at.
 */
const unseen = (sql: string) => (sql.startsWith('select ') ? sql.replaceAll(/([=<>]) \?/g, '$1 +?') : sql);

/** Preparing costs more than running: statements are kept by their text; one that is running is not handed out twice. */
function keepStatements(database: Database.Database): SqliteDatabase {
	const kept = new Map<string, Database.Statement>();
	return {
		close: () => database.close(),
		prepare: (sql) => {
			const statement = kept.get(sql);
			if (statement && !statement.busy) return statement as ReturnType<SqliteDatabase['prepare']>;
			const fresh = database.prepare(unseen(sql));
			if (kept.size >= keptStatements) kept.delete(kept.keys().next().value as string);
			kept.set(sql, fresh);
			return fresh as ReturnType<SqliteDatabase['prepare']>;
		}
	};
}

/** Opens (and makes) the file with the settings that every Candor database has. */
export function openSqliteFile(file: string): Database.Database {
	mkdirSync(dirname(file), { recursive: true });
	const database = new Database(file);
	database.pragma('journal_mode = WAL');
	database.pragma('synchronous = NORMAL');
	database.pragma('foreign_keys = ON');
	database.pragma('busy_timeout = 5000');
	database.pragma('secure_delete = ON');
	database.pragma('cache_size = -32000');
	return database;
}

export const sqliteDialect = (file: string): SqliteDialect =>
	new ImmediateDialect(keepStatements(openSqliteFile(file)));
