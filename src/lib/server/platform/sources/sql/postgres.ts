// PostgreSQL as a source: reads in a transaction that cannot write, by a cursor; a connection in doubt is thrown away.
import type { Socket } from 'node:net';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { CallFailed, type Call } from '../driver.ts';
import { rowsAtOnce, type DatabaseRow, type Engine, type Statement } from './engine.ts';
import { during, lent, pagesDuring, watched, type Lent } from './watched.ts';

/** Its own text for days and instants: a Date would lose microseconds, and so places of pages. */
const asWritten = new Set([1082, 1114, 1184]);

/** So long a server may take until it lets us in; a place in the pool is not held for longer. */
const connectMilliseconds = 10_000;

/** Waiting for a connection that others use is none of this time. */
class Client extends pg.Client {
	constructor(config?: pg.ClientConfig) {
		super({ ...config, connectionTimeoutMillis: connectMilliseconds });
	}
}

function poolOf(url: string, most: number): pg.Pool {
	const pool = new pg.Pool({
		connectionString: url,
		Client,
		max: most,
		application_name: 'candor',
		options: '-c TimeZone=UTC',
		types: {
			getTypeParser: (oid, format) =>
				asWritten.has(oid)
					? (((text: string) => text) as never)
					: (pg.types.getTypeParser(oid, format) as never)
		}
	});
	pool.on('error', () => undefined);
	pool.on('connect', (client) => void client.on('error', () => undefined));
	return pool;
}

/** SQLSTATE of class 08 and 57, and errors of the network, say that nobody is there; every other one that it would not. */
function failureOf(error: unknown): CallFailed {
	if (error instanceof CallFailed) return error;
	const { code } = error as { code?: string };
	if (code === '57014') return new CallFailed('timed-out', code);
	const isStatement = code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57|53|E)/.test(code);
	return new CallFailed(isStatement ? 'refused' : 'unreachable', code);
}

const socketOf = (client: pg.PoolClient) =>
	(client as unknown as { connection: { stream: Socket } }).connection.stream;

/** What is wrong with an address shows only here, and at once: a certificate that is not there, for one. */
async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
	try {
		return await pool.connect();
	} catch (error) {
		throw failureOf(error);
	}
}

async function lend(pool: pg.Pool, call: Call): Promise<Lent<pg.PoolClient>> {
	const client = await connect(pool);
	const socket = socketOf(client);
	return lent(client, watched(socket, call, failureOf), {
		cut: () => void socket.destroy(),
		giveBack: (whole) => {
			if (!whole) socket.destroy();
			client.release(!whole);
		}
	});
}

async function* readFrom(
	pool: pg.Pool,
	call: Call,
	{ text, values }: Statement
): AsyncGenerator<readonly DatabaseRow[]> {
	const lent = await lend(pool, call);
	yield* pagesDuring(lent, async function* (client) {
		await client.query(
			`begin transaction read only; set local statement_timeout = ${Math.ceil(call.milliseconds)}`
		);
		const cursor = client.query(new Cursor<DatabaseRow>(text, [...values]));
		for (;;) {
			const rows = await cursor.read(rowsAtOnce);
			lent.pageCame();
			if (rows.length > 0) yield rows;
			if (rows.length < rowsAtOnce) break;
		}
		await cursor.close();
		await client.query('commit');
	});
}

async function changeIn(pool: pg.Pool, call: Call, statements: readonly Statement[]): Promise<number[]> {
	return during(await lend(pool, call), async (client) => {
		await client.query(`begin; set local statement_timeout = ${Math.ceil(call.milliseconds)}`);
		const met: number[] = [];
		for (const { text, values } of statements)
			met.push((await client.query(text, [...values])).rowCount ?? 0);
		await client.query('commit');
		return met;
	});
}

export function openPostgres(url: string, most: number): Engine {
	const pool = poolOf(url, most);
	return {
		mark: (place) => `$${place}`,
		bindable: (value) => value,
		read: (call, statement) => readFrom(pool, call, statement),
		change: (call, statements) => changeIn(pool, call, statements),
		close: () => pool.end()
	};
}
