// A MariaDB of the tests' own: the one that is there, else Debian's package; without either its tests are skipped, and say so.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createPool } from 'mysql2/promise';

const places = ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
const find = (name: string) => places.map((place) => join(place, name)).find((file) => existsSync(file));

export const hasMariadb = (): boolean =>
	find('mariadbd') !== undefined && find('mariadb-install-db') !== undefined;

/** Installs Debian's package where that is possible and none is there. */
export async function ensureMariadb(): Promise<void> {
	const installer = '/usr/bin/apt-get';
	if (hasMariadb() || process.getuid?.() !== 0 || !existsSync(installer)) return;
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	for (const args of [
		['update', '-qq'],
		['install', '-y', '-qq', '--no-install-recommends', 'mariadb-server']
	])
		spawnSync(installer, args, { env, stdio: 'ignore' });
}

const small = [
	'--innodb-log-file-size=4M',
	'--innodb-buffer-pool-size=16M',
	'--innodb-flush-log-at-trx-commit=0',
	'--skip-log-bin'
];

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function answers(url: string): Promise<void> {
	const pool = createPool(url);
	try {
		for (let tries = 0; ; tries += 1) {
			const answered = await pool.query('select 1').then(
				() => true,
				() => false
			);
			if (answered) return;
			if (tries > 100) throw new Error('MariaDB does not answer');
			await pause(100);
		}
	} finally {
		await pool.end();
	}
}

async function ended(server: ChildProcess): Promise<void> {
	if (server.exitCode !== null) return;
	const over = new Promise((resolve) => server.once('exit', resolve));
	server.kill('SIGKILL');
	await over;
}

/** Starts one on a free port, with an empty database `shop`. */
export async function startMariadb(): Promise<{ url: string; stop(): Promise<void> }> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-mariadb-'));
	const port = await freePort();
	const user = process.getuid?.() === 0 ? ['--user=root'] : [];
	const common = ['--no-defaults', ...user, `--datadir=${join(folder, 'data')}`, ...small.slice(0, 1)];
	const made = ['--auth-root-authentication-method=normal', '--skip-test-db'];
	spawnSync(find('mariadb-install-db') as string, [...common, ...made], { stdio: 'ignore' });
	const listening = [`--socket=${join(folder, 'socket')}`, `--port=${port}`, '--bind-address=127.0.0.1'];
	const server = spawn(find('mariadbd') as string, [...common, ...small.slice(1), ...listening], {
		stdio: 'ignore'
	});
	const root = `mysql://root@127.0.0.1:${port}`;
	await answers(root);
	const pool = createPool(root);
	await pool.query('create database shop character set utf8mb4');
	await pool.end();
	return {
		url: `${root}/shop`,
		stop: async () => {
			await ended(server);
			rmSync(folder, { recursive: true, force: true });
		}
	};
}
