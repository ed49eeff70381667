import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/open.ts';
import { keyringOf, parseMasterKeys } from './keyring.ts';
import { openKeys } from './keys.ts';
import { keysMigrations, type KeysSchema } from './tables.ts';

test('a destroyed key lies in no file of the keys database, not even wrapped', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'candor-keys-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const file = join(folder, 'keys.db');
	const db = openDatabase<KeysSchema>(`sqlite:${file}`);
	onTestFinished(() => db.destroy());
	await migrate(db as never, keysMigrations);
	const keyring = keyringOf(parseMasterKeys(`1:${randomBytes(32).toString('base64')}`) as Map<number, never>);
	const keys = await openKeys(db, keyring, systemClock, {
		tombstonesFile: join(folder, 'tombstones.jsonl'),
		keysBackupDays: 7
	});
	await keys.birthMany(['alice', 'bob']);
	const wrappedOf = async (personId: string) =>
		(
			await db
				.selectFrom('dataKey')
				.select('wrapped')
				.where('personId', '=', personId)
				.executeTakeFirstOrThrow()
		).wrapped;
	const [alice, bob] = [await wrappedOf('alice'), await wrappedOf('bob')];
	const onDisk = (needle: Buffer) =>
		[file, `${file}-wal`].filter(existsSync).some((path) => readFileSync(path).includes(needle));
	expect([onDisk(alice), onDisk(bob)]).toEqual([true, true]);

	await keys.destroy({ personId: 'alice', refuse: [{ kind: 'external', value: 'alice' }] });

	expect([onDisk(alice), onDisk(bob)]).toEqual([false, true]);
	expect(await keys.find('alice')).toBeUndefined();
	expect(await keys.refuses('external', 'alice')).toBe(true);
	expect(await keys.refuses('external', 'bob')).toBe(false);
});
