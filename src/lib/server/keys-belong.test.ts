import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { databaseForThisTest, engine } from '../../../tests/support/databases.ts';
import { alice } from '../../../tests/support/people.ts';
import { openDatabase, sqliteFileOf } from './platform/database/open.ts';
import type { KeysSchema } from './platform/keys/tables.ts';
import { readSettings, type Settings } from './platform/settings.ts';
import { openPortal } from './portal.ts';

const masterKeys = `1:${randomBytes(32).toString('base64')}`;

async function settingsWith(given: { portal?: string; keys?: string } = {}): Promise<Settings> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-test-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const settings = readSettings({
		CANDOR_DATA: folder,
		CANDOR_DATABASE_URL: given.portal ?? (await databaseForThisTest('portal')),
		CANDOR_KEYS_URL: given.keys ?? (await databaseForThisTest('keys')),
		CANDOR_ARCHIVE_URL: await databaseForThisTest('archive'),
		CANDOR_DESCRIPTION: 'tests/support/third-organisation',
		CANDOR_MASTER_KEYS: masterKeys,
		ORIGIN: 'http://localhost:3000',
		LOG_LEVEL: 'silent'
	});
	if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
	return settings;
}

/** Opens and closes; answers the lines for the operator when it does not open. */
async function opening(settings: Settings, withSomebody = false): Promise<string> {
	try {
		const portal = await openPortal(settings);
		if (withSomebody) await alice(portal.contextFor('portal'));
		await portal.close();
		return '';
	} catch (error) {
		return (error as Error).message;
	}
}

test('a portal opens again and again with its own keys', async () => {
	const settings = await settingsWith();
	expect(await opening(settings, true)).toBe('');
	expect(await opening(settings, true)).toBe('');
});

test('keys that got lost are not made anew: the start says so and leaves nothing', async () => {
	const settings = await settingsWith();
	await opening(settings, true);
	const keys = await databaseForThisTest('lost');
	const told = await opening({ ...settings, keysUrl: keys });
	expect(told).toMatch(/CANDOR_KEYS_URL: the keys database is missing or empty\. .*Restore/);
	if (engine === 'sqlite') expect(existsSync(sqliteFileOf(keys))).toBe(false);
	expect(await opening(settings)).toBe('');
});

test('keys of another portal do not open this one, and an empty portal does not take keys that have people', async () => {
	const [ours, theirs] = [await settingsWith(), await settingsWith()];
	await opening(ours, true);
	await opening(theirs, true);
	expect(await opening({ ...ours, keysUrl: theirs.keysUrl })).toMatch(/belongs to another portal/);
	const empty = await databaseForThisTest('empty');
	expect(await opening({ ...ours, databaseUrl: empty })).toMatch(/belongs to another portal/);
	expect(await opening(ours)).toBe('');
});

test('a copy of the keys from before the newest people is refused', async () => {
	const settings = await settingsWith();
	await opening(settings, true);
	await opening(settings, true);
	const keys = openDatabase<KeysSchema>(settings.keysUrl);
	const newest = keys.selectFrom('dataKey').select((build) => build.fn.max('personId').as('personId'));
	await keys.deleteFrom('dataKey').where('personId', '=', newest).execute();
	await keys.destroy();
	expect(await opening(settings)).toMatch(/CANDOR_KEYS_URL: .*older than the portal/);
});

test('a database that does not answer is told by the name of its setting', async () => {
	const settings = await settingsWith();
	const nowhere = 'postgres://nobody@127.0.0.1:1/none';
	expect(await opening({ ...settings, databaseUrl: nowhere })).toBe(
		'CANDOR_DATABASE_URL: the database does not open (ECONNREFUSED).'
	);
	expect(await opening({ ...settings, keysUrl: nowhere })).toMatch(/^CANDOR_KEYS_URL: .*ECONNREFUSED/);
});
