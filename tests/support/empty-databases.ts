// Empty databases on either engine, for whatever runs them: vitest (databases.ts), or a proof of its own.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** The address of a new empty database, and what removes it when every connection to it is closed. */
export interface EmptyDatabase {
	url: string;
	remove(): Promise<void>;
}

export async function emptySqlite(name: string): Promise<EmptyDatabase> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-test-'));
	return {
		url: `sqlite:${join(folder, `${name}.db`)}`,
		remove: async () => rmSync(folder, { recursive: true, force: true })
	};
}

/** A new database on the PostgreSQL at `server`. */
export async function emptyPostgres(server: string, name: string): Promise<EmptyDatabase> {
	const database = `${name}_${randomUUID().replaceAll('-', '')}`;
	await onServer(server, `create database ${database}`);
	const url = new URL(server);
	url.pathname = `/${database}`;
	return {
		url: url.href,
		remove: () => onServer(server, `drop database if exists ${database} with (force)`)
	};
}

async function onServer(url: string, statement: string): Promise<void> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		await client.query(statement);
	} finally {
		await client.end();
	}
}
