// MySQL and MariaDB as a source: prepared statements, reads in a transaction that cannot write, days and instants as written.
import { createPool, type Pool, type PoolConnection, type ResultSetHeader } from 'mysql2';
import type { Socket } from 'node:net';
import { CallFailed, type Call } from '../driver.ts';
import { rowsAtOnce, type DatabaseRow, type Engine, type Statement } from './engine.ts';
import { during, lent, pagesDuring, watched, whenEnded, type Lent } from './watched.ts';

const poolOf = (url: string, most: number): Pool =>
	createPool({
		uri: url.replace(/^mariadb:/, 'mysql:'),
		connectionLimit: most,
		charset: 'utf8mb4',
		timezone: 'Z',
		dateStrings: true,
		supportBigNumbers: true
	});

/** Codes of the server are numbers with a name; those of the network have a name alone. */
function failureOf(error: unknown): CallFailed {
	if (error instanceof CallFailed) return error;
	const { code, errno } = error as { code?: string; errno?: number };
	if (code === 'ER_QUERY_TIMEOUT' || code === 'ER_STATEMENT_TIMEOUT' || errno === 1969)
		return new CallFailed('timed-out', code);
	const isStatement = code?.startsWith('ER_') && !/^ER_(CON_COUNT|SERVER_SHUTDOWN|ACCESS_DENIED)/.test(code);
	return new CallFailed(isStatement ? 'refused' : 'unreachable', code);
}

const connect = (pool: Pool): Promise<PoolConnection> =>
	new Promise((resolve, reject) =>
		pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)))
	);

const run = (connection: PoolConnection, text: string, values: readonly unknown[] = []): Promise<unknown> =>
	new Promise((resolve, reject) => {
		const answer = (error: unknown, result: unknown) => (error ? reject(error as Error) : resolve(result));
		// Transactions and settings are no statements that can be prepared everywhere.
		if (values.length) connection.execute(text, values as never, answer);
		else connection.query(text, answer);
	});

/** The two families name their limit differently; MySQL's own counts for reading alone. */
const limitOf = (version: string, milliseconds: number) =>
	version.includes('MariaDB')
		? `set session max_statement_time = ${Math.max(0.001, milliseconds / 1_000)}`
		: `set session max_execution_time = ${Math.ceil(milliseconds)}`;

const versions = new WeakMap<Pool, string>();

/** Instants of the server are told in UTC, and a statement ends on its side too when the time is over. */
async function settle(pool: Pool, connection: PoolConnection, call: Call): Promise<void> {
	let version = versions.get(pool);
	if (version === undefined) {
		const [row] = (await run(connection, 'select version() as version')) as { version: string }[];
		versions.set(pool, (version = row?.version ?? ''));
	}
	await run(connection, "set time_zone = '+00:00'");
	await run(connection, limitOf(version, call.milliseconds));
}

async function lend(pool: Pool, call: Call): Promise<Lent<PoolConnection>> {
	const connection = await connect(pool).catch((error: unknown) => {
		throw failureOf(error);
	});
	const { stream } = connection as unknown as { stream: Socket };
	return lent(connection, watched(stream, call, failureOf), {
		cut: () => connection.destroy(),
		giveBack: (whole) => (whole ? connection.release() : connection.destroy())
	});
}

async function* pagesOf(
	connection: PoolConnection,
	{ text, values }: Statement,
	{ ended, pageCame }: Lent<PoolConnection>
): AsyncGenerator<readonly DatabaseRow[]> {
	await run(connection, 'start transaction read only');
	const stream = connection.execute(text, [...values] as never).stream({ highWaterMark: rowsAtOnce });
	// A connection that is cut ends without a word on this stream.
	whenEnded(ended, () => void stream.destroy(new CallFailed('timed-out')));
	let page: DatabaseRow[] = [];
	for await (const row of stream as AsyncIterable<DatabaseRow>) {
		if (page.push(row) < rowsAtOnce) continue;
		pageCame();
		yield page;
		page = [];
	}
	if (page.length) yield page;
	await run(connection, 'commit');
}

async function* readFrom(
	pool: Pool,
	call: Call,
	statement: Statement
): AsyncGenerator<readonly DatabaseRow[]> {
	const lent = await lend(pool, call);
	yield* pagesDuring(lent, async function* (connection) {
		await settle(pool, connection, call);
		yield* pagesOf(connection, statement, lent);
	});
}

async function changeIn(pool: Pool, call: Call, statements: readonly Statement[]): Promise<number[]> {
	return during(await lend(pool, call), async (connection) => {
		await settle(pool, connection, call);
		await run(connection, 'start transaction');
		const met: number[] = [];
		for (const { text, values } of statements)
			met.push(((await run(connection, text, values)) as ResultSetHeader).affectedRows ?? 0);
		await run(connection, 'commit');
		return met;
	});
}

export function openMysql(url: string, most: number): Engine {
	const pool = poolOf(url, most);
	return {
		mark: () => '?',
		bindable: (value) => (typeof value === 'boolean' ? Number(value) : value),
		read: (call, statement) => readFrom(pool, call, statement),
		change: (call, statements) => changeIn(pool, call, statements),
		close: () => new Promise((resolve) => pool.end(() => resolve()))
	};
}
