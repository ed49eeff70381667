import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyOf } from '../../../tests/support/copied-databases.ts';
import { databaseForThisTest, engine } from '../../../tests/support/databases.ts';
import { alice, bob } from '../../../tests/support/people.ts';
import { find, type Person } from './accounts/people.ts';
import type { Context } from './context.ts';
import { openDatabase } from './platform/database/open.ts';
import { append, chained, start, type Entry } from './platform/keys/tombstone-file.ts';
import { readSettings, type Settings } from './platform/settings.ts';
import { openPortal } from './portal.ts';
import { replay } from './replay.ts';
import { eraseRows } from './withdrawal/withdrawal.ts';

const masterKeys = `1:${randomBytes(32).toString('base64')}`;

async function ownSettings(): Promise<Settings> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-test-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const settings = readSettings({
		CANDOR_DATA: folder,
		CANDOR_DATABASE_URL: await databaseForThisTest('portal'),
		CANDOR_KEYS_URL: await databaseForThisTest('keys'),
		CANDOR_ARCHIVE_URL: await databaseForThisTest('archive'),
		CANDOR_DESCRIPTION: 'tests/support/third-organisation',
		CANDOR_MASTER_KEYS: masterKeys,
		ORIGIN: 'http://localhost:3000',
		LOG_LEVEL: 'silent'
	});
	if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
	return settings;
}

async function within<Result>(
	settings: Settings,
	work: (ctx: Context) => Promise<Result>,
	given: { toReplay?: boolean } = {}
): Promise<Result> {
	const portal = await openPortal(settings, given);
	try {
		return await work(portal.contextFor('portal'));
	} finally {
		await portal.close();
	}
}

/** The lines for the operator; nothing where the portal opens. */
const refusal = (settings: Settings): Promise<string> =>
	within(settings, async () => '').catch((error: Error) => error.message);

const replayed = (settings: Settings) =>
	within(settings, (ctx) => replay(ctx, () => undefined), { toReplay: true });

const erase = async (ctx: Context, { id, externalId }: Person) => {
	await ctx.keys.destroy({ personId: id, refuse: [{ kind: 'external', value: externalId }] });
	await eraseRows(ctx, id);
};

const twoPeople = (settings: Settings) =>
	within(settings, async (ctx) => ({ leaving: await alice(ctx), staying: await bob(ctx) }));

/** The databases as they were while both were there, and the portal in which one of them has left since. */
async function before(settings: Settings) {
	const people = await twoPeople(settings);
	const older = {
		databaseUrl: await copyOf(settings.databaseUrl),
		keysUrl: await copyOf(settings.keysUrl)
	};
	await within(settings, (ctx) => erase(ctx, people.leaving));
	return { ...people, older };
}

async function expectGone(settings: Settings, gone: Person, staying: Person): Promise<void> {
	await within(settings, async (ctx) => {
		expect(await find(ctx, gone.id)).toBeUndefined();
		expect(await ctx.keys.find(gone.id)).toBeUndefined();
		expect(await ctx.keys.refuses('external', gone.externalId)).toBe(true);
		expect(await find(ctx, staying.id)).toEqual(staying);
	});
}

const linesOf = (file: string) =>
	readFileSync(file, 'utf8')
		.split('\n')
		.filter(Boolean)
		.map((line) => JSON.parse(line) as Entry);

test('a portal from which nobody has left opens without a file, and with each erasure the file grows by a line', async () => {
	const settings = await ownSettings();
	const { leaving, staying } = await twoPeople(settings);
	expect(await refusal(settings)).toBe('');
	expect(existsSync(settings.tombstonesFile)).toBe(false);
	await within(settings, async (ctx) => {
		await erase(ctx, leaving);
		await ctx.keys.destroy({ personId: leaving.id, refuse: [] });
	});
	await within(settings, (ctx) => erase(ctx, staying));
	const [one, two] = linesOf(settings.tombstonesFile) as [Entry, Entry];
	expect([one.number, two.number, two.previous]).toEqual([1, 2, one.hash]);
	expect(readFileSync(settings.tombstonesFile, 'utf8')).not.toContain(leaving.externalId);
	expect(await refusal(settings)).toBe('');
});

test('a whole older backup does not open before whoever has left since is erased again', async () => {
	const settings = await ownSettings();
	const { leaving, staying, older } = await before(settings);
	const restored = { ...settings, ...older };
	expect(await refusal(restored)).toMatch(/^CANDOR_TOMBSTONES: 1 tombstones .*candor restore/);
	expect(await replayed(restored)).toEqual({ tombstones: 1, people: 1 });
	await expectGone(restored, leaving, staying);
	expect(await replayed(restored)).toEqual({ tombstones: 0, people: 0 });
});

test('an older portal database beside the keys of today shows nobody who has left', async () => {
	const settings = await ownSettings();
	const { leaving, staying, older } = await before(settings);
	const restored = { ...settings, databaseUrl: older.databaseUrl };
	expect(await refusal(restored)).toMatch(/^CANDOR_DATABASE_URL: .*1 people in it have left.*candor restore/);
	expect(await replayed(restored)).toEqual({ tombstones: 0, people: 1 });
	await expectGone(restored, leaving, staying);
});

test('an older keys database brings no destroyed key back', async () => {
	const settings = await ownSettings();
	const { leaving, staying, older } = await before(settings);
	const restored = { ...settings, keysUrl: older.keysUrl };
	expect(await refusal(restored)).toMatch(/^CANDOR_TOMBSTONES: 1 tombstones/);
	expect(await replayed(restored)).toEqual({ tombstones: 1, people: 0 });
	await expectGone(restored, leaving, staying);
});

test('an erasure that was cut off between file and database goes on by itself', async () => {
	const settings = await ownSettings();
	const { leaving, staying } = await twoPeople(settings);
	const both = [leaving.id, staying.id];
	const entryOf = (personId: string) => ({ personId, erasedAt: '2026-11-22T09:00:00.000Z', hashes: [] });
	const first = chained(start, entryOf(leaving.id));
	await append(settings.tombstonesFile, start, [first, chained(first, entryOf(staying.id))]);
	const erasing = (ids: string[]) =>
		within(
			settings,
			(ctx) => ctx.db.updateTable('person').set({ state: 'erasing' }).where('personId', 'in', ids).execute(),
			{ toReplay: true }
		);
	await erasing([leaving.id]);
	expect(await refusal(settings)).toMatch(/^CANDOR_TOMBSTONES: 2 tombstones/);
	await erasing(both);
	expect(await refusal(settings)).toBe('');
	await within(settings, async (ctx) => {
		for (const id of both) {
			expect(await ctx.keys.find(id)).toBeUndefined();
			expect(await ctx.keys.isErased(id)).toBe(true);
		}
	});
});

test('keys of cases that are over do not come back with an older keys database', async () => {
	const settings = await ownSettings();
	const at = '2026-11-01T09:00:00.000Z';
	const states = ['grace', 'locked', 'erased', 'closed', 'cancelled'] as const;
	const made = [...states, 'unknown', 'unknown-young'];
	await within(settings, async (ctx) => {
		for (const state of states)
			await ctx.db
				.insertInto('erasureCase')
				.values({
					id: state,
					claimHash: Buffer.from(state),
					state,
					requestedAt: at,
					eraseAt: at,
					attempts: 0
				})
				.execute();
		for (const id of made) await ctx.caseKeys.birth(id);
	});
	const left = () => within(settings, (ctx) => ctx.caseKeys.list('9', '', 100), { toReplay: true });
	const makeOld = async (): Promise<void> => {
		const keys = openDatabase<{ caseKey: { caseId: string; createdAt: string } }>(settings.keysUrl);
		await keys.updateTable('caseKey').set({ createdAt: at }).where('caseId', '<>', 'unknown-young').execute();
		await keys.destroy();
	};
	await within(settings, async () => undefined);
	expect(await left()).toEqual(made.toSorted());
	await makeOld();
	await within(settings, async () => undefined);
	const alive = ['erased', 'grace', 'locked', 'unknown-young'];
	expect(await left()).toEqual(alive);
	await within(settings, (ctx) => ctx.caseKeys.birth('closed'));
	await makeOld();
	await replayed(settings);
	expect(await left()).toEqual(alive);
});

test('half a line that a power cut left is written over', async () => {
	const settings = await ownSettings();
	const { leaving, staying } = await twoPeople(settings);
	await within(settings, (ctx) => erase(ctx, leaving));
	appendFileSync(settings.tombstonesFile, '{"number":2,"pers');
	await within(settings, (ctx) => erase(ctx, staying));
	expect(linesOf(settings.tombstonesFile).map(({ personId }) => personId)).toEqual([leaving.id, staying.id]);
	expect(await refusal(settings)).toBe('');
});

test('a file that was lost, cut, changed or exchanged stops the start, and is written anew from the database', async () => {
	const [settings, other] = [await ownSettings(), await ownSettings()];
	for (const portal of [settings, other]) {
		const { leaving, staying } = await twoPeople(portal);
		await within(portal, (ctx) => erase(ctx, leaving));
		await within(portal, (ctx) => erase(ctx, staying));
	}
	const file = settings.tombstonesFile;
	const whole = readFileSync(file, 'utf8');
	const [first = '', second = ''] = whole.split('\n');
	const wrong: Record<string, string> = {
		'there is no tombstone': '',
		'ends before line 2': `${first}\n`,
		'line 1 of .* was changed': `${second}\n`,
		'line 2 of .* was changed': `${first}\n${second.replace('erasedAt":"2', 'erasedAt":"3')}\n`,
		'line 2 of .* is of other databases': readFileSync(other.tombstonesFile, 'utf8')
	};
	for (const [told, content] of Object.entries(wrong)) {
		writeFileSync(file, content);
		expect(await refusal(settings)).toMatch(
			new RegExp(`^CANDOR_TOMBSTONES: .*${told}.*--rebuild-tombstones`)
		);
		const rebuilt = await within(settings, (ctx) => ctx.keys.tombstones.rebuild(`${file}.aside`), {
			toReplay: true
		});
		expect(rebuilt).toEqual({ written: 2 });
		expect(readFileSync(file, 'utf8')).toBe(whole);
		expect(readFileSync(`${file}.aside`, 'utf8')).toBe(content);
		expect(await refusal(settings)).toBe('');
	}
});

test('a file that knows of more people than the database is never overwritten', async () => {
	const settings = await ownSettings();
	const { older } = await before(settings);
	const restored = { ...settings, ...older };
	const rebuilt = await within(restored, (ctx) => ctx.keys.tombstones.rebuild('aside'), { toReplay: true });
	expect(rebuilt).toEqual({ refused: 'file-knows-more' });
	expect(linesOf(settings.tombstonesFile)).toHaveLength(1);
});

test('a database whose own chain was changed writes no file', async () => {
	const settings = await ownSettings();
	const { leaving } = await before(settings);
	await within(settings, async (ctx) => expect(await ctx.keys.isErased(leaving.id)).toBe(true));
	const keys = openDatabase<{ tombstone: { erasedAt: string } }>(settings.keysUrl);
	await keys.updateTable('tombstone').set({ erasedAt: '2020-01-01T00:00:00.000Z' }).execute();
	await keys.destroy();
	const rebuilt = await within(settings, (ctx) => ctx.keys.tombstones.rebuild('aside'), { toReplay: true });
	expect(rebuilt).toEqual({ refused: 'chain-broken' });
});

test('erasures of several processes make one chain', async () => {
	const settings = await ownSettings();
	const portals = [await openPortal(settings), await openPortal(settings)];
	try {
		const destroy = async (number: number) =>
			portals[number % 2]?.contextFor('portal').keys.destroy({ personId: `person-${number}`, refuse: [] });
		const numbers = Array.from({ length: 20 }, (_, number) => number);
		if (engine === 'postgres') await Promise.all(numbers.map(destroy));
		// Two connections of one thread would wait for each other.
		else for (const number of numbers) await destroy(number);
	} finally {
		for (const portal of portals) await portal.close();
	}
	expect(linesOf(settings.tombstonesFile).map(({ number }) => number)).toEqual(
		Array.from({ length: 20 }, (_, number) => number + 1)
	);
	expect(await refusal(settings)).toBe('');
});
