import Database from 'better-sqlite3';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { engine } from '../../../../../tests/support/databases.ts';
import { openDatabase, truncateWriteAheadLog } from './open.ts';

test.runIf(engine === 'sqlite')(
	'a log that somebody reads is not waited for, and emptied when they have read',
	async () => {
		const folder = mkdtempSync(join(tmpdir(), 'candor-test-'));
		const file = join(folder, 'portal.db');
		const db = openDatabase<never>(`sqlite:${file}`);
		onTestFinished(() => db.destroy().then(() => rmSync(folder, { recursive: true })));
		await sql`create table one (value text)`.execute(db);
		const reader = new Database(file, { readonly: true });
		reader.prepare('begin').run();
		reader.prepare('select * from one').all();
		await sql`insert into one values ('a')`.execute(db);

		await truncateWriteAheadLog(db);
		expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
		reader.close();
		await expect.poll(() => statSync(`${file}-wal`).size, { timeout: 10_000 }).toBe(0);
		const { rows } = await sql<{ timeout: number }>`pragma busy_timeout`.execute(db);
		expect(rows).toEqual([{ timeout: 5_000 }]);
	}
);
