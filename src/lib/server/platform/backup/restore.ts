// Promise: databases come back whole or not at all, in place of nobody's that is in use, and under their own name only when
// each of them was read to its end.
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sqliteFileOf } from '../database/open.ts';
import { syncFolder } from '../keys/tombstone-file.ts';
import { highestIn } from '../keys/tombstone-rebuild.ts';
import { NotOpened, openFile } from './age-file.ts';
import { backupsIn, readManifest, type Kind, type Manifest } from './backup.ts';

export interface Found {
	manifest: Manifest;
	/** Where its files lie. */
	folder: string;
}

/** The newest backup of a folder, or the one whose manifest is named. */
export async function findBackup(path: string, kind: Kind): Promise<Found | undefined> {
	if ((await stat(path).catch(() => undefined))?.isFile()) {
		const manifest = await readManifest(path);
		return manifest?.kind === kind ? { manifest, folder: dirname(path) } : undefined;
	}
	const [newest] = await backupsIn(path, kind);
	return newest && { manifest: newest.manifest, folder: path };
}

/** How a database that is there stands: `broken` is what no SQLite opens. */
export function standing(url: string): 'absent' | 'free' | 'in-use' | 'broken' {
	const file = sqliteFileOf(url);
	if (!existsSync(file)) return 'absent';
	let database: Database.Database | undefined;
	try {
		database = new Database(file, { timeout: 200 });
		// Leaving the write-ahead log needs the database alone: whoever else has it open is found out so.
		database.pragma('journal_mode = delete');
		return database.pragma('quick_check', { simple: true }) === 'ok' ? 'free' : 'broken';
	} catch (error) {
		return String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY') ? 'in-use' : 'broken';
	} finally {
		database?.close();
	}
}

/** How many tombstones a keys database that is there has and the file outside lacks: replacing it would lose them. */
export async function onlyInDatabase(keysUrl: string, tombstonesFile: string): Promise<number> {
	const database = new Database(sqliteFileOf(keysUrl), { readonly: true, fileMustExist: true });
	try {
		const last = database.prepare('select max(number) from tombstone').pluck().get() as number | null;
		return Math.max(0, (last ?? 0) - (await highestIn(tombstonesFile)));
	} finally {
		database.close();
	}
}

const besideOf = (file: string) => `${file}.restoring`;

export interface ToRestore {
	from: Found;
	/** Addresses by the database's name; those of a backup that are not named here stay where they are. */
	urls: Readonly<Record<string, string>>;
}

export type Problem = {
	refused: 'identity-does-not-fit' | 'changed' | 'missing' | 'not-a-database';
	file: string;
};

/** Opens every file beside its place, and only when all of them are whole puts them there. Nobody may have them open. */
export async function bringBack(
	wanted: readonly ToRestore[],
	identities: readonly string[],
	show: (done: number, of: number) => void
): Promise<{ restored: string[] } | Problem> {
	const all = wanted.flatMap(({ from, urls }) =>
		from.manifest.files
			.filter(({ database }) => urls[database] !== undefined)
			.map((file) => ({
				...file,
				sealed: join(from.folder, file.name),
				place: sqliteFileOf(urls[file.database] as string)
			}))
	);
	const whole = all.reduce((sum, { bytes }) => sum + bytes, 0);
	let done = 0;
	try {
		for (const { name, sealed, sha256, place } of all) {
			if (!existsSync(sealed)) return { refused: 'missing', file: name };
			await mkdir(dirname(place), { recursive: true });
			await openFile(sealed, besideOf(place), identities, sha256, (bytes) => show((done += bytes), whole));
			if (!isWhole(besideOf(place))) return { refused: 'not-a-database', file: name };
		}
		for (const { place } of all) {
			// The log of the old database would be read into the new one.
			for (const end of ['-wal', '-shm', '-journal']) await rm(place + end, { force: true });
			await rename(besideOf(place), place);
			await syncFolder(dirname(place));
		}
		return { restored: all.map(({ database }) => database) };
	} catch (error) {
		if (error instanceof NotOpened) return { refused: error.why, file: fileAt(all, done) };
		throw error;
	} finally {
		for (const { place } of all)
			for (const end of ['', '-wal', '-shm', '.partial']) await rm(besideOf(place) + end, { force: true });
	}
}

/** Which of the files was being read after so many bytes. */
function fileAt(all: readonly { name: string; bytes: number }[], done: number): string {
	let end = 0;
	return all.find(({ bytes }) => (end += bytes) >= done)?.name ?? '';
}

function isWhole(file: string): boolean {
	const database = new Database(file);
	try {
		return database.pragma('quick_check', { simple: true }) === 'ok';
	} catch {
		return false;
	} finally {
		database.close();
	}
}
