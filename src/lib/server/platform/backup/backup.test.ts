import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import Database from 'better-sqlite3';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test as anyTest } from 'vitest';
import { after } from '../clock.ts';
import { backUp, removeOld, type ToBackUp } from './backup.ts';
import { removeLeftCopies, withCopy } from './copy.ts';
import { bringBack, findBackup, standing, type Found } from './restore.ts';

// Files are all that this is about: once is enough.
const test = anyTest.runIf(process.env.CANDOR_TEST_ENGINE !== 'postgres');
const hasAge = spawnSync('age', ['--version']).status === 0;

const identity = await generateX25519Identity();
const recipients = [await identityToRecipient(identity)];
const now = new Date('2026-11-22T09:00:00.000Z');

function emptyFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'candor-backup-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

function aDatabase(file: string, rows: number): Database.Database {
	const database = new Database(file);
	onTestFinished(() => void database.close());
	database.pragma('journal_mode = WAL');
	database.exec('create table if not exists row (number integer primary key, bytes blob)');
	const insert = database.prepare('insert into row (bytes) values (?)');
	database.transaction(() => {
		for (let row = 0; row < rows; row += 1) insert.run(randomBytes(1_000));
	})();
	return database;
}

const rowsIn = (file: string): number => {
	const database = new Database(file, { readonly: true });
	try {
		return database.prepare('select count(*) from row').pluck().get() as number;
	} finally {
		database.close();
	}
};

interface Here {
	data: string;
	folder: string;
	asked: ToBackUp;
}

/** A data folder with one database of ten rows, and a folder for its backups. */
function here(kind: 'portal' | 'keys' = 'portal'): Here {
	const [data, away] = [emptyFolder(), emptyFolder()];
	const file = join(data, `${kind}.db`);
	aDatabase(file, 10).close();
	const folder = join(away, 'backups');
	const databases = [{ name: kind, url: `sqlite:${file}` }];
	const tombstones = { number: 0, hash: '' };
	const asked = { kind, databases, folder, dataFolder: data, recipients, now, description: 'd', tombstones };
	return { data, folder, asked };
}

/** The files of the data, without those that SQLite makes while it reads. */
const filesOf = ({ data }: Here) => readdirSync(data).filter((name) => !/-(wal|shm)$/.test(name));
const found = async (folder: string): Promise<Found> => (await findBackup(folder, 'portal')) as Found;
const urlsOf = ({ asked }: Here) => Object.fromEntries(asked.databases.map(({ name, url }) => [name, url]));
const back = async (portal: Here, from?: Found, identities = [identity]) =>
	bringBack(
		[{ from: from ?? (await found(portal.folder)), urls: urlsOf(portal) }],
		identities,
		() => undefined
	);

test('what was backed up comes back, and nothing readable is left beside it', async () => {
	const portal = here();
	await backUp(portal.asked);
	expect(filesOf(portal)).toEqual(['portal.db']);
	for (const name of readdirSync(portal.folder)) {
		expect(readFileSync(join(portal.folder, name)).includes('SQLite format')).toBe(false);
		expect(statSync(join(portal.folder, name)).mode & 0o077).toBe(0);
	}
	const file = join(portal.data, 'portal.db');
	aDatabase(file, 5).close();
	expect(rowsIn(file)).toBe(15);
	expect(await back(portal)).toEqual({ restored: ['portal'] });
	expect(rowsIn(file)).toBe(10);
	expect(filesOf(portal)).toEqual(['portal.db']);
});

anyTest.runIf(hasAge && process.env.CANDOR_TEST_ENGINE !== 'postgres')(
	'a backup opens with the ordinary age tool, where that is installed',
	async () => {
		const portal = here();
		await backUp(portal.asked);
		const keyFile = join(portal.data, 'identity.txt');
		writeFileSync(keyFile, `# made for a test\n${identity}\n`);
		const sealed = readdirSync(portal.folder).find((name) => name.endsWith('.age')) as string;
		const opened = join(portal.data, 'opened.db');
		execFileSync('age', ['-d', '-i', keyFile, '-o', opened, join(portal.folder, sealed)]);
		expect(rowsIn(opened)).toBe(10);
	}
);

test('who writes meanwhile is not held up, and the copy is of the instant at which it began', async () => {
	const data = emptyFolder();
	const file = join(data, 'portal.db');
	const database = aDatabase(file, 20_000);
	const insert = database.prepare('insert into row (bytes) values (?)');
	let written = 0;
	const show = () => {
		insert.run(randomBytes(1_000));
		written += 1;
	};
	const options = { folder: data, name: 'portal', show };
	const copied = await withCopy(file, options, async (copy) => rowsIn(copy));
	expect(written).toBeGreaterThan(1);
	expect(copied).toBe(20_000);
	expect(rowsIn(file)).toBe(20_000 + written);
});

test('a backup that was changed, cut, mixed up or sealed to somebody else replaces nothing', async () => {
	const portal = here();
	await backUp(portal.asked);
	const file = join(portal.data, 'portal.db');
	aDatabase(file, 1).close();
	const from = await found(portal.folder);
	const sealed = join(portal.folder, from.manifest.files[0]?.name as string);
	const whole = readFileSync(sealed);
	const stranger = await generateX25519Identity();
	expect(await back(portal, from, [stranger])).toMatchObject({ refused: 'identity-does-not-fit' });
	const flipped = Buffer.from(whole);
	flipped.writeUInt8(flipped.readUInt8(flipped.length - 100) ^ 1, flipped.length - 100);
	writeFileSync(sealed, flipped);
	expect(await back(portal, from)).toMatchObject({ refused: 'changed' });
	writeFileSync(sealed, whole);
	truncateSync(sealed, whole.length - 1_000);
	expect(await back(portal, from)).toMatchObject({ refused: 'changed' });
	const later = { ...portal.asked, now: after(now, 1, 'days') };
	await backUp(later);
	const other = await found(portal.folder);
	writeFileSync(sealed, readFileSync(join(portal.folder, other.manifest.files[0]?.name as string)));
	expect(await back(portal, from)).toMatchObject({ refused: 'changed' });
	rmSync(sealed);
	expect(await back(portal, from)).toMatchObject({ refused: 'missing' });
	expect(rowsIn(file)).toBe(11);
	expect(filesOf(portal)).toEqual(['portal.db']);
});

test('a database that somebody has open is told from one that is free, absent or broken', () => {
	const file = join(emptyFolder(), 'portal.db');
	expect(standing(`sqlite:${file}`)).toBe('absent');
	const database = aDatabase(file, 1);
	expect(standing(`sqlite:${file}`)).toBe('in-use');
	database.close();
	expect(standing(`sqlite:${file}`)).toBe('free');
	writeFileSync(file, randomBytes(5_000));
	expect(standing(`sqlite:${file}`)).toBe('broken');
});

test('keys never go where a backup of the portal lies, nor the reverse, nor into the data', async () => {
	const [portal, keys] = [here(), here('keys')];
	await backUp(portal.asked);
	const into = (folder: string) => backUp({ ...keys.asked, folder });
	expect(await into(portal.folder)).toEqual({ refused: 'other-kind-beside', beside: portal.folder });
	expect(await into(join(portal.folder, 'keys'))).toMatchObject({ refused: 'other-kind-beside' });
	expect(await into(join(portal.folder, '..'))).toMatchObject({ refused: 'other-kind-beside' });
	expect(await into(join(keys.data, 'backups'))).toEqual({ refused: 'inside-the-data' });
	expect(await into(keys.folder)).toHaveProperty('manifest');
	expect(await backUp({ ...portal.asked, folder: keys.folder })).toMatchObject({
		refused: 'other-kind-beside'
	});
	expect(await backUp({ ...portal.asked, recipients: [] })).toEqual({ refused: 'no-recipients' });
	const postgres = [{ name: 'portal', url: 'postgres://db/portal' }];
	expect(await backUp({ ...portal.asked, databases: postgres })).toMatchObject({ refused: 'not-sqlite' });
});

test('backed up every day, keys are never older than so many days', async () => {
	const keys = here('keys');
	for (let day = 0; day < 5; day += 1) {
		const today = after(now, day, 'days');
		await backUp({ ...keys.asked, now: today });
		await removeOld(keys.folder, 3, today);
	}
	const days = readdirSync(keys.folder).map((name) => name.slice(5, 15));
	expect([...new Set(days)].sort()).toEqual(['2026-11-24', '2026-11-25', '2026-11-26']);
	expect(days).toHaveLength(6);
});

test('a copy that a killed process left readable is removed', async () => {
	const folder = emptyFolder();
	const { pid } = spawnSync(process.execPath, ['--version']);
	for (const owner of [pid, process.pid]) writeFileSync(join(folder, `being-backed-up-${owner}-keys.db`), '');
	mkdirSync(join(folder, 'exports'));
	await removeLeftCopies(folder);
	expect(readdirSync(folder)).toEqual([`being-backed-up-${process.pid}-keys.db`, 'exports']);
});
