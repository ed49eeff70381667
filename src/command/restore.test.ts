import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findByExternalId, type Person } from '../lib/server/accounts/people.ts';
import type { Context } from '../lib/server/context.ts';
import { readSettings } from '../lib/server/platform/settings.ts';
import { openPortal } from '../lib/server/portal.ts';
import { eraseRows } from '../lib/server/withdrawal/withdrawal.ts';
import { processEnvironment } from '../../tests/support/process-environment.ts';

// The commands open embedded databases of their own: once is enough.
const onceTest = test.runIf(process.env.CANDOR_TEST_ENGINE !== 'postgres');
const node = join(process.cwd(), 'node_modules/.bin/node');
const identity = await generateX25519Identity();
const masterKeys = `1:${randomBytes(32).toString('base64')}`;

function folderWithPeople() {
	const folder = mkdtempSync(join(tmpdir(), 'candor-restore-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const person = (id: string) =>
		`{"externalId":"${id}","role":"reader","language":"es","timeZone":"Europe/Madrid","country":"ES","identifiers":{"email":"${id}@example.com"}}`;
	writeFileSync(join(folder, 'people.ndjson'), ['rita', 'sven'].map(person).join('\n'));
	writeFileSync(join(folder, 'identity.txt'), `# created: today\n# public key: …\n${identity}\n`);
	return folder;
}

const recipient = await identityToRecipient(identity);
const environmentIn = (folder: string, more: Record<string, string> = {}) => ({
	...processEnvironment,
	CANDOR_DATA: join(folder, 'data'),
	CANDOR_DESCRIPTION: 'tests/support/third-organisation',
	CANDOR_MASTER_KEYS: masterKeys,
	CANDOR_BACKUP_RECIPIENTS: recipient,
	CANDOR_ARCHIVE_RECIPIENTS: recipient,
	ORIGIN: 'http://localhost:3000',
	LOG_LEVEL: 'silent',
	...more
});

function candorIn(folder: string, more: Record<string, string> = {}) {
	return (...words: string[]) => {
		const env = environmentIn(folder, more);
		const options = { encoding: 'utf8', env } as const;
		const { status, stdout, stderr } = spawnSync(node, ['src/command/candor.ts', ...words], options);
		return { status, stdout, stderr };
	};
}

async function within<Result>(folder: string, work: (ctx: Context) => Promise<Result>): Promise<Result> {
	const settings = readSettings(environmentIn(folder));
	if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
	const portal = await openPortal(settings);
	try {
		return await work(portal.contextFor('portal'));
	} finally {
		await portal.close();
	}
}

const leave = (folder: string, externalId: string) =>
	within(folder, async (ctx) => {
		const { id } = (await findByExternalId(ctx, externalId)) as Person;
		await ctx.keys.destroy({ personId: id, refuse: [{ kind: 'external', value: externalId }] });
		await eraseRows(ctx, id);
		return id;
	});

onceTest(
	'a restored portal shows nobody who has left, whether the keys came back with it or not',
	{ timeout: 240_000 },
	async () => {
		const folder = folderWithPeople();
		const candor = candorIn(folder);
		const [portals, keys] = [join(folder, 'portals'), join(folder, 'keys')];
		expect(candor('import', 'people', join(folder, 'people.ndjson')).status).toBe(0);
		expect(candor('backup', portals)).toMatchObject({ status: 0, stderr: '' });
		const made = candor('backup', 'keys', keys, '--json');
		expect(JSON.parse(made.stdout)).toMatchObject({ kind: 'keys', removed: [], tombstones: { number: 0 } });
		expect(candor('backup', 'keys', portals)).toMatchObject({ status: 1 });
		const id = await leave(folder, 'rita');
		cpSync(join(folder, 'data'), join(folder, 'as-it-was'), { recursive: true });

		const restore = ['restore', portals, '--identity', join(folder, 'identity.txt')];
		expect(candor(...restore)).toMatchObject({ status: 1 });
		rmSync(join(folder, 'data', 'tombstones.jsonl'));
		const lost = candor(...restore, '--keys', keys, '--replace');
		expect(lost, lost.stderr).toMatchObject({
			status: 1,
			stderr: expect.stringContaining('--rebuild-tombstones')
		});
		for (const more of [['--keys', keys], []]) {
			rmSync(join(folder, 'data'), { recursive: true });
			cpSync(join(folder, 'as-it-was'), join(folder, 'data'), { recursive: true });
			const told = candor(...restore, ...more, '--replace', '--json');
			expect(told, told.stderr).toMatchObject({ status: 0 });
			expect(JSON.parse(told.stdout)).toEqual({
				restored: more.length ? ['portal', 'keys'] : ['portal'],
				tombstones: more.length ? 1 : 0,
				people: 1
			});
			await within(folder, async (ctx) => {
				expect(await findByExternalId(ctx, 'rita')).toBeUndefined();
				expect(await ctx.keys.find(id)).toBeUndefined();
				expect(await findByExternalId(ctx, 'sven')).toBeDefined();
			});
			expect(candor('import', 'people', join(folder, 'people.ndjson')).stderr).toContain('person-erased');
		}
	}
);

onceTest(
	'on an empty machine the keys are asked for, the file of tombstones too, and without both nothing opens',
	{ timeout: 240_000 },
	async () => {
		const folder = folderWithPeople();
		const candor = candorIn(folder);
		const [portals, keys] = [join(folder, 'portals'), join(folder, 'keys')];
		candor('import', 'people', join(folder, 'people.ndjson'));
		await leave(folder, 'rita');
		candor('backup', portals);
		candor('backup', 'keys', keys);
		rmSync(join(folder, 'data'), { recursive: true });

		const restore = ['restore', portals, '--identity', join(folder, 'identity.txt')];
		expect(candor(...restore).stderr).toContain('--keys');
		expect(existsSync(join(folder, 'data', 'portal.db'))).toBe(false);
		expect(candor(...restore, '--keys', keys).stderr).toMatch(/no tombstone in .*--rebuild-tombstones/);
		expect(candor('migrate').status).toBe(2);
		expect(candor('restore', '--rebuild-tombstones').status).toBe(2);
		expect(candor('restore', '--rebuild-tombstones', '--yes')).toMatchObject({ status: 0 });
		expect(candor('migrate').status).toBe(0);
		expect(readdirSync(join(folder, 'data')).sort()).toContain('archive.db');
	}
);

onceTest('master keys are exchanged, and the old one can go', { timeout: 240_000 }, () => {
	const folder = folderWithPeople();
	candorIn(folder)('import', 'people', join(folder, 'people.ndjson'));
	const [one, two] = [masterKeys, `2:${randomBytes(32).toString('base64')}`];
	expect(candorIn(folder, { CANDOR_MASTER_KEYS: two })('migrate').stderr).toMatch(
		/^CANDOR_MASTER_KEYS: version 1 still wraps keys/
	);
	const rotated = candorIn(folder, { CANDOR_MASTER_KEYS: `${two},${one}` })('keys', 'rotate', '--json');
	const { moved, current, versions } = JSON.parse(rotated.stdout) as Record<string, unknown>;
	expect({ current, versions }).toEqual({ current: 2, versions: [{ version: 2, keys: moved }] });
	expect(candorIn(folder, { CANDOR_MASTER_KEYS: two })('migrate').status).toBe(0);
});

onceTest('without recipients a backup says how to come by some', { timeout: 60_000 }, () => {
	const folder = folderWithPeople();
	const { CANDOR_BACKUP_RECIPIENTS: _, ...env } = environmentIn(folder);
	const words = ['src/command/candor.ts', 'backup', join(folder, 'portals')];
	const { status, stderr } = spawnSync(node, words, { encoding: 'utf8', env });
	expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('age-keygen') });
	expect(existsSync(join(folder, 'portals'))).toBe(false);
});

onceTest(
	'a backup from before somebody left holds nothing of theirs that can be read',
	{ timeout: 120_000 },
	async () => {
		const folder = folderWithPeople();
		const candor = candorIn(folder);
		candor('import', 'people', join(folder, 'people.ndjson'));
		candor('backup', join(folder, 'portals'));
		await leave(folder, 'rita');
		const decrypter = new Decrypter();
		decrypter.addIdentity(identity);
		for (const name of readdirSync(join(folder, 'portals')).filter((name) => name.endsWith('.age'))) {
			const plain = Buffer.from(await decrypter.decrypt(readFileSync(join(folder, 'portals', name))));
			expect(plain.includes('SQLite format 3')).toBe(true);
			for (const needle of ['rita', 'example.com'])
				expect(plain.includes(needle), `${needle} in ${name}`).toBe(false);
		}
	}
);
