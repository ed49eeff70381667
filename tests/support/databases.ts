// An empty database of its own for a test file, on the engine of the vitest project that runs.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

export const engine = process.env.CANDOR_TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';

/** The address of a new empty database, and what removes it when every connection to it is closed. */
export interface EmptyDatabase {
	url: string;
	remove(): Promise<void>;
}

export async function emptyDatabase(name = 'portal'): Promise<EmptyDatabase> {
	return engine === 'postgres' ? emptyPostgres(name) : emptySqlite(name);
}

/** The same within one test; removed when that test has finished. */
export async function databaseForThisTest(name?: string): Promise<string> {
	const { url, remove } = await emptyDatabase(name);
	onTestFinished(remove);
	return url;
}

async function emptySqlite(name: string): Promise<EmptyDatabase> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-test-'));
	return {
		url: `sqlite:${join(folder, `${name}.db`)}`,
		remove: async () => rmSync(folder, { recursive: true, force: true })
	};
}

async function emptyPostgres(name: string): Promise<EmptyDatabase> {
	const server = inject('postgresUrl');
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
