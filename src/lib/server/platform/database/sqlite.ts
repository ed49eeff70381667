// Promise: SQLite under Kysely that keeps its prepared statements and never upgrades a read lock into a write lock.
import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
	CompiledQuery,
	SqliteAdapter,
	SqliteDialect,
	SqliteDriver,
	type DatabaseConnection,
	type Kysely,
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
	readonly #committed: Committed;
	constructor(database: SqliteDatabase, committed: Committed) {
		super({ database });
		this.#database = database;
		this.#committed = committed;
	}
	override createDriver() {
		return new ImmediateDriver({ database: this.#database });
	}
	override createAdapter() {
		return new AdapterWithCommitted(this.#committed);
	}
}

/** A second connection that only reads: it sees what is committed and waits for no transaction of the first. */
export interface Committed {
	/** Rows with names in camelCase. */
	select(sql: string, parameters: readonly unknown[]): unknown[];
	close(): void;
}

/** What Kysely hands to everybody who has the database, and so the way to what belongs to it. */
class AdapterWithCommitted extends SqliteAdapter {
	readonly committed: Committed;
	constructor(committed: Committed) {
		super();
		this.committed = committed;
	}
}

/** The reading connection of a database; undefined for one that is not SQLite. */
export function committedOf(db: Kysely<never>): Committed | undefined {
	const { adapter } = db.getExecutor();
	return adapter instanceof AdapterWithCommitted ? adapter.committed : undefined;
}

const inCamelCase = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function rowOf(names: readonly string[], values: readonly unknown[]): unknown {
	const row: Record<string, unknown> = {};
	for (let index = 0; index < names.length; index += 1) row[names[index] as string] = values[index];
	return row;
}

/** Opened when it is first asked. Its queries are those that are kept for the life of the process, so it keeps them all. */
function committedIn(file: string): Committed {
	let database: Database.Database | undefined;
	let closed = false;
	const kept = new Map<string, { statement: Database.Statement; names: readonly string[] }>();
	const prepare = (sql: string) => {
		if (closed) throw new Error('the database is closed');
		database ??= new Database(file, { readonly: true, fileMustExist: true });
		const statement = database.prepare(unseen(sql)).raw();
		const names = statement.columns().map(({ name }) => inCamelCase(name));
		const made = { statement, names };
		kept.set(sql, made);
		return made;
	};
	return {
		select: (sql, parameters) => {
			const { statement, names } = kept.get(sql) ?? prepare(sql);
			return statement.all(parameters).map((values) => rowOf(names, values as unknown[]));
		},
		close: () => {
			closed = true;
			database?.close();
		}
	};
}

const keptStatements = 500;

/**
 * SQLite plans with the bound value in view, and so plans a kept statement anew at each run; a value behind a plus sign,
 * which changes nothing, it does not look at.
 */
const unseen = (sql: string) => (sql.startsWith('select ') ? sql.replaceAll(/([=<>]) \?/g, '$1 +?') : sql);

/** Preparing costs more than running: statements are kept by their text; one that is running is not handed out twice. */
function keepStatements(database: Database.Database, committed: Committed): SqliteDatabase {
	const kept = new Map<string, Database.Statement>();
	return {
		close: () => {
			committed.close();
			database.close();
		},
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

/** How long a statement waits for another process that writes. */
export const busyMilliseconds = 5_000;

/** Opens (and makes) the file with the settings that every Candor database has. */
export function openSqliteFile(file: string): Database.Database {
	mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
	const database = new Database(file);
	database.pragma('journal_mode = WAL');
	database.pragma('synchronous = NORMAL');
	database.pragma('foreign_keys = ON');
	database.pragma(`busy_timeout = ${busyMilliseconds}`);
	database.pragma('secure_delete = ON');
	database.pragma('cache_size = -32000');
	return database;
}

export function sqliteDialect(file: string): SqliteDialect {
	const committed = committedIn(file);
	return new ImmediateDialect(keepStatements(openSqliteFile(file), committed), committed);
}
