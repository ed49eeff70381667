import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { databaseForThisTest, engine } from '../../../../../tests/support/databases.ts';
import { systemClock } from '../clock.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/open.ts';
import { openCaseKeys } from './case-keys.ts';
import { keyringOf, parseMasterKeys } from './keyring.ts';
import { openKeys } from './keys.ts';
import { keysMigrations, type KeysSchema } from './tables.ts';

const keyring = keyringOf(parseMasterKeys(`1:${randomBytes(32).toString('base64')}`) as Map<number, never>);

async function keysDatabase(): Promise<{ db: Kysely<KeysSchema>; tombstonesFile: string }> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-test-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const db = openDatabase<KeysSchema>(await databaseForThisTest('keys'));
	onTestFinished(() => db.destroy());
	await migrate(db as never, keysMigrations);
	return { db, tombstonesFile: join(folder, 'tombstones.jsonl') };
}

const open = (db: Kysely<KeysSchema>, tombstonesFile: string) =>
	openKeys(db, keyring, systemClock, { tombstonesFile, keysBackupDays: 7 });

test('a key that another process destroyed is known to be gone, and then forgotten here', async () => {
	const { db, tombstonesFile } = await keysDatabase();
	const [here, there] = [await open(db, tombstonesFile), await open(db, tombstonesFile)];
	for (const personId of ['alice', 'bob']) await here.birth(personId);
	await there.destroy({ personId: 'alice', refuse: [] });
	expect(await here.find('alice')).toBeDefined();
	expect([await here.exists('alice'), await here.exists('bob')]).toEqual([false, true]);
	expect(await here.find('alice')).toBeUndefined();
});

// SQLite answers within one turn: nothing can come between.
test.runIf(engine === 'postgres')('a key destroyed while it was read is not kept in memory', async () => {
	const { db, tombstonesFile } = await keysDatabase();
	await (await open(db, tombstonesFile)).birth('alice');
	const [arrived, released] = [Promise.withResolvers<true>(), Promise.withResolvers<true>()];
	let armed = false;
	const keys = await open(
		db.withPlugin({
			transformQuery: ({ node }) => node,
			transformResult: async ({ result }) => {
				if (!armed || !('wrapped' in (result.rows[0] ?? {}))) return result;
				arrived.resolve(true);
				await released.promise;
				return result;
			}
		}),
		tombstonesFile
	);
	armed = true;
	const reading = keys.find('alice');
	await arrived.promise;
	await keys.destroy({ personId: 'alice', refuse: [] });
	released.resolve(true);
	expect(await reading).toBeDefined();
	expect(await keys.find('alice')).toBeUndefined();
});

test.runIf(engine === 'postgres')('no dead row of a destroyed key is left in its table', async () => {
	const { db, tombstonesFile } = await keysDatabase();
	const keys = await open(db, tombstonesFile);
	const caseKeys = openCaseKeys(db, keyring, systemClock);
	await keys.birth('alice');
	await caseKeys.birth('case');
	const sizes = async () => {
		const { rows } = await sql<{ people: number; cases: number }>`select
			pg_relation_size('data_key') as people, pg_relation_size('case_key') as cases`.execute(db);
		return rows[0];
	};
	expect(await sizes()).toEqual({ people: 8192, cases: 8192 });
	await keys.destroy({ personId: 'alice', refuse: [] });
	await caseKeys.destroy('case');
	expect(await sizes()).toEqual({ people: 0, cases: 0 });
});
