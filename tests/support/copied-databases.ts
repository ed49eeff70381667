// A database as it was at an instant, on either engine: what a backup is that somebody gives back.
import { copyFileSync, existsSync } from 'node:fs';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { engineOf, sqliteFileOf } from '../../src/lib/server/platform/database/open.ts';
import { databaseForThisTest } from './databases.ts';

/** The address of a copy; nobody may have the database open. Removed when the test has finished. */
export async function copyOf(url: string): Promise<string> {
	if (engineOf(url) === 'sqlite') {
		const copy = await databaseForThisTest('copy');
		for (const end of ['', '-wal'])
			if (existsSync(sqliteFileOf(url) + end))
				copyFileSync(sqliteFileOf(url) + end, sqliteFileOf(copy) + end);
		return copy;
	}
	const from = new URL(url).pathname.slice(1);
	const name = `${from}_copy_${process.hrtime.bigint()}`;
	const server = new URL(url);
	server.pathname = '/postgres';
	await on(server.href, `create database ${name} template ${from}`);
	onTestFinished(() => on(server.href, `drop database if exists ${name} with (force)`));
	const copy = new URL(url);
	copy.pathname = `/${name}`;
	return copy.href;
}

async function on(server: string, statement: string): Promise<void> {
	const client = new pg.Client({ connectionString: server });
	await client.connect();
	await client.query(statement).finally(() => client.end());
}
