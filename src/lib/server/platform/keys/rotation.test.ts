import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { databaseForThisTest, engine } from '../../../../../tests/support/databases.ts';
import { systemClock } from '../clock.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/open.ts';
import { keyringOf, parseMasterKeys } from './keyring.ts';
import { openKeys } from './keys.ts';
import { MasterKeysMissing } from './rotation.ts';
import { openSigner } from './signer.ts';
import { keysMigrations, type KeysSchema } from './tables.ts';
import { lock } from './tombstone-rows.ts';

const [one, two] = [1, 2].map((version) => `${version}:${randomBytes(32).toString('base64')}`) as [
	string,
	string
];
const ring = (...keys: string[]) => keyringOf(parseMasterKeys(keys.join(',')) as Map<number, never>);

async function emptyKeysDatabase(): Promise<Kysely<KeysSchema>> {
	const db = openDatabase<KeysSchema>(await databaseForThisTest('keys'));
	onTestFinished(() => db.destroy());
	await migrate(db as never, keysMigrations);
	return db;
}

function open(db: Kysely<KeysSchema>, keyring: ReturnType<typeof ring>) {
	const folder = mkdtempSync(join(tmpdir(), 'candor-test-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return openKeys(db, keyring, systemClock, {
		tombstonesFile: join(folder, 'tombstones'),
		keysBackupDays: 7
	});
}

const people = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => `person-${String(from + index).padStart(5, '0')}`);

test('keys move to the newest master key while people come, go and are read; then the old one is not needed', async () => {
	const db = await emptyKeysDatabase();
	const before = await open(db, ring(one));
	const made = await before.birthMany(people(0, 700));
	const signed = await (await openSigner(db, ring(one), systemClock)).sign('test', { said: true });
	const wrapped = ring(one).wrap('case/c', Buffer.alloc(32, 7));
	await db
		.insertInto('caseKey')
		.values({ caseId: 'c', ...wrapped, createdAt: '' })
		.execute();

	const keys = await open(db, ring(one, two));
	expect(keys.rotation.current).toBe(2);
	let batches = 0;
	for await (const moved of keys.rotation.run()) {
		expect(moved).toBeGreaterThan(0);
		batches += 1;
		if (batches !== 4) continue;
		// One that was moved already, one that was not, and somebody who comes, in a process with the old keyring.
		await keys.destroy({ personId: 'person-00003', refuse: [] });
		await keys.destroy({ personId: 'person-00650', refuse: [] });
		await keys.birth('newcomer');
		await before.birth('aaa-by-an-old-process');
	}
	expect(await keys.rotation.versions()).toEqual([
		{ version: 1, keys: 1 },
		{ version: 2, keys: 704 }
	]);
	let again = 0;
	for await (const moved of keys.rotation.run()) again += moved;
	expect(again).toBe(1);
	expect(await keys.rotation.versions()).toEqual([{ version: 2, keys: 705 }]);

	const after = await open(db, ring(two));
	for (const personId of ['person-00000', 'person-00300', 'person-00699'])
		expect((await after.of(personId)).equals(made.get(personId) as never)).toBe(true);
	for (const gone of ['person-00003', 'person-00650']) expect(await after.find(gone)).toBeUndefined();
	expect(await after.find('newcomer')).toBeDefined();
	expect(after.blindIndex('email', 'a')).toEqual(before.blindIndex('email', 'a'));
	expect(await (await openSigner(db, ring(two), systemClock)).read('test', signed)).toEqual({ said: true });
	const caseKey = await db.selectFrom('caseKey').selectAll().executeTakeFirstOrThrow();
	expect(ring(two).unwrap('case/c', caseKey.keyVersion, caseKey.wrapped)).toEqual(Buffer.alloc(32, 7));
});

test('what is erased between reading and writing a batch is not brought back', async () => {
	const db = await emptyKeysDatabase();
	await (await open(db, ring(one))).birthMany(people(0, 3));
	const keyring = ring(one, two);
	const deleted = db.deleteFrom('dataKey').where('personId', '=', 'person-00001');
	let erasing: Promise<unknown> | undefined;
	const keys = await open(db, {
		...keyring,
		wrap: (name, key) => {
			// As another process does it: after this batch was read, and before it is written.
			if (name === 'person-00001') erasing = deleted.execute();
			return keyring.wrap(name, key);
		}
	});
	let moved = 0;
	for await (const batch of keys.rotation.run()) moved += batch;
	await erasing;
	expect(await keys.find('person-00001')).toBeUndefined();
	expect(await keys.rotation.versions()).toEqual([{ version: 2, keys: 5 }]);
	if (engine === 'sqlite') expect(moved).toBe(5);
});

test('an erasure of several people and a rotation never wait for each other', async () => {
	const db = await emptyKeysDatabase();
	await (await open(db, ring(one))).birthMany(people(0, 200));
	const keys = await open(db, ring(one, two));
	const rotate = async () => {
		for await (const moved of keys.rotation.run()) expect(moved).toBeGreaterThan(0);
	};
	let rotating: Promise<void> | undefined;
	await db.transaction().execute(async (tx) => {
		await lock(tx);
		const destroy = (personId: string) => tx.deleteFrom('dataKey').where('personId', '=', personId).execute();
		await destroy('person-00150');
		rotating = rotate();
		await setTimeout(300);
		await destroy('person-00001');
	});
	await rotating;
	expect(await keys.rotation.versions()).toEqual([{ version: 2, keys: 201 }]);
});

test('a rotation that was broken off goes on where it was', async () => {
	const db = await emptyKeysDatabase();
	await (await open(db, ring(one))).birthMany(people(0, 500));
	const keys = await open(db, ring(one, two));
	for await (const moved of keys.rotation.run()) if (moved === 200) break;
	const [left] = await keys.rotation.versions();
	expect(left).toEqual({ version: 1, keys: 300 });
	let moved = 0;
	for await (const batch of keys.rotation.run()) moved += batch;
	expect(moved).toBe(300);
});

test('a keyring without a version in use, or with another key under it, opens nothing', async () => {
	const db = await emptyKeysDatabase();
	await open(db, ring(one));
	await expect(open(db, ring(two))).rejects.toThrow(MasterKeysMissing);
	await expect(open(db, ring(`1:${randomBytes(32).toString('base64')}`))).rejects.toThrow();
});
