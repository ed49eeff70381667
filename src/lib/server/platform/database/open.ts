// Promise: one address opens a database; nobody above this folder asks which engine it is.
import { isPostgres } from './columns.ts';
import { keptQuery } from './kept.ts';
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { busyMilliseconds, sqliteDialect } from './sqlite.ts';

export type Engine = 'sqlite' | 'postgres';

export const engineOf = (url: string): Engine => (url.startsWith('sqlite:') ? 'sqlite' : 'postgres');

/** The file behind `sqlite:path`. */
export const sqliteFileOf = (url: string): string => url.slice('sqlite:'.length);

/** PostgreSQL gives bigint as text. Beyond 2^53 a number would lie, so that is refused. */
function exactNumber(value: string): number {
	const number = Number(value);
	if (!Number.isSafeInteger(number)) throw new Error('a number beyond 2^53 came from the database');
	return number;
}

function postgresDialect(url: string): PostgresDialect {
	const pool = new pg.Pool({
		connectionString: url,
		max: 10,
		types: {
			getTypeParser: (oid, format) =>
				(oid === 20 ? exactNumber : pg.types.getTypeParser(oid, format)) as never
		}
	});
	// A connection that dies while idle is replaced by the pool; without a listener it would end the process.
	pool.on('error', () => undefined);
	// The same for one that is lent out and dies between two queries; the next query on it fails, and is told there.
	pool.on('connect', (client) => void client.on('error', () => undefined));
	return new PostgresDialect({ pool });
}

/** Opens `sqlite:path` or `postgres://…`. Names are camelCase in code and snake_case in the database. */
export function openDatabase<Schema>(url: string): Kysely<Schema> {
	const dialect = engineOf(url) === 'sqlite' ? sqliteDialect(sqliteFileOf(url)) : postgresDialect(url);
	return new Kysely<Schema>({ dialect, plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })] });
}

/** On SQLite the list of tables: it is there in an empty database too, and a file that is gone or broken is noticed. */
const one = keptQuery((db: Kysely<never>) => ({ compile: () => sql`select 1`.compile(db) }));

/** Rejects when the database does not answer. */
export async function ping(db: Kysely<never>): Promise<void> {
	await one({ db });
}

/** For whoever reads each row once: keeping what was read would only cost memory. */
export async function keepLittleInMemory(db: Kysely<never>): Promise<void> {
	if (!isPostgres(db)) await sql`pragma cache_size = -4000`.execute(db);
}

/** Who reads meanwhile keeps the log from being emptied; it is not waited for, since nothing else runs in that time. */
const patienceForReaders = 50;
const retryMilliseconds = 1_000;
const retrying = new WeakSet<Kysely<never>>();

async function emptied(db: Kysely<never>): Promise<boolean> {
	return db.connection().execute(async (connection) => {
		await sql`pragma busy_timeout = ${sql.raw(String(patienceForReaders))}`.execute(connection);
		try {
			const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection);
			return rows[0]?.busy === 0;
		} finally {
			await sql`pragma busy_timeout = ${sql.raw(String(busyMilliseconds))}`.execute(connection);
		}
	});
}

/**
 * Deleted rows stay readable in SQLite's write-ahead log until it is emptied (STANDARDS §0). Where somebody reads just now,
 * a backup for example, it is tried again every second until it is done.
 */
export async function truncateWriteAheadLog(db: Kysely<never>): Promise<void> {
	if (isPostgres(db) || (await emptied(db)) || retrying.has(db)) return;
	retrying.add(db);
	setTimeout(() => {
		retrying.delete(db);
		// A database that was closed meanwhile has emptied its log by that.
		truncateWriteAheadLog(db).catch(() => undefined);
	}, retryMilliseconds).unref();
}
