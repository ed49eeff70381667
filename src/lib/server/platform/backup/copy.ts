// Promise: a copy of a SQLite database is of one instant, while others write; it lies readable only as long as it is needed.
import Database from 'better-sqlite3';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const pagesAtOnce = 2_000;

const nameOf = (name: string) => `being-backed-up-${process.pid}-${name}.db`;
const pattern = /^being-backed-up-(\d+)-\w+\.db/;

/** Copies the database, hands the copy to `use`, and removes it however that ends. */
export async function withCopy<Result>(
	file: string,
	{ folder, name, show }: { folder: string; name: string; show: (done: number, of: number) => void },
	use: (copy: string) => Promise<Result>
): Promise<Result> {
	const copy = join(folder, nameOf(name));
	const source = new Database(file, { readonly: true, fileMustExist: true });
	try {
		await mkdir(folder, { recursive: true });
		await (await open(copy, 'w', 0o600)).close();
		// What this connection reads stays as it is: whoever writes meanwhile does not make the copy begin again.
		source.exec('begin');
		source.prepare('select count(*) from sqlite_master').get();
		await source.backup(copy, {
			progress: ({ totalPages, remainingPages }) => {
				show(totalPages - remainingPages, totalPages);
				return pagesAtOnce;
			}
		});
		source.close();
		return await use(copy);
	} finally {
		source.close();
		for (const end of ['', '-journal', '-wal', '-shm']) await rm(copy + end, { force: true });
	}
}

function isAlive(id: number): boolean {
	try {
		return process.kill(id, 0);
	} catch (error) {
		return (error as { code?: unknown }).code === 'EPERM';
	}
}

/** Removes copies whose process died: one of the keys would hold keys that are destroyed since. */
export async function removeLeftCopies(folder: string): Promise<void> {
	for (const name of await readdir(folder).catch(() => [])) {
		const owner = Number(pattern.exec(name)?.[1] ?? 0);
		if (owner !== 0 && !isAlive(owner)) await rm(join(folder, name), { force: true });
	}
}
