// What is left on the disk of somebody who has left: no word of theirs, no sealed value, no key, in no file and no backup.
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import Database from 'better-sqlite3';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as audit from '../../src/lib/server/audit/audit.ts';
import type { Context } from '../../src/lib/server/context.ts';
import { order } from '../../src/lib/server/exports/exports.ts';
import { backUp } from '../../src/lib/server/platform/backup/backup.ts';
import { after, fixedClock } from '../../src/lib/server/platform/clock.ts';
import { readSettings } from '../../src/lib/server/platform/settings.ts';
import { workOnce } from '../../src/lib/server/platform/work/work.ts';
import { openPortal } from '../../src/lib/server/portal.ts';
import * as records from '../../src/lib/server/records/records.ts';
import * as requests from '../../src/lib/server/requests/requests.ts';
import * as withdrawal from '../../src/lib/server/withdrawal/withdrawal.ts';
import { engine } from '../support/databases.ts';
import { as, bob, somebody } from '../support/people.ts';

const needles = ['needle-', Buffer.from('needle-').toString('base64').slice(0, 8)];

function folderForThisTest(): string {
	const folder = mkdtempSync(join(tmpdir(), 'candor-residue-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

async function plant(ctx: Context) {
	const identifiers = { email: 'needle-address@example.com', username: 'needle-name' };
	const person = await somebody(ctx, { name: 'needle-external', language: 'en', identifiers });
	const acting = as(ctx, person);
	const loans = Array.from({ length: 200 }, (_, number) => ({
		category: 'loans',
		id: `loan-${number}`,
		at: '2026-11-01T00:00:00.000Z',
		fields: { title: `needle-title ${number}`.padEnd(60 + (number % 100), 'x'), dueOn: '2026-12-01' }
	}));
	expect(await records.put(acting, person.id, loans)).toMatchObject({ added: 200 });
	await requests.open(acting, person, { kind: 'question', text: 'needle-question' });
	await audit.record(acting, person.id, 'session-started', { value: 'needle-audit' });
	await order(acting, person, { categories: [], language: 'en', sessionId: 's' }, 60_000);
	await workOnce(ctx);
	return person;
}

/** The beginning of every sealed value and of the key, as they lie in the files now: a nonce makes each the only one. */
function sealedOf(folder: string, personId: string): Buffer[] {
	const found: Buffer[] = [];
	for (const name of ['portal.db', 'keys.db']) {
		const database = new Database(join(folder, name), { readonly: true });
		const tables = database
			.prepare(
				"select distinct m.name from sqlite_master m, pragma_table_info(m.name) c where c.name = 'person_id'"
			)
			.pluck()
			.all() as string[];
		for (const table of tables.filter((one) => one !== 'tombstone_hash'))
			for (const row of database.prepare(`select * from ${table} where person_id = ?`).all(personId))
				for (const value of Object.values(row as object))
					if (Buffer.isBuffer(value) && value.length > 40) found.push(value.subarray(0, 32));
		database.close();
	}
	return found;
}

/** Which of the texts and bytes stand in which files below the folder. */
function searched(folder: string, what: readonly (string | Buffer)[]): string[] {
	const files = globSync('**/*', { cwd: folder }).filter((name) => statSync(join(folder, name)).isFile());
	return files.flatMap((name) => {
		const bytes = readFileSync(join(folder, name));
		return what
			.filter((one) => bytes.includes(one))
			.map((one) => `${one.toString('hex' as never)} in ${name}`);
	});
}

test.runIf(engine === 'sqlite')(
	'nobody who has left can be found on the disk',
	{ timeout: 240_000 },
	async () => {
		const folder = folderForThisTest();
		const settings = readSettings({
			CANDOR_DATA: folder,
			CANDOR_DEMONSTRATION: '1',
			CANDOR_DESCRIPTION: 'tests/support/third-organisation',
			LOG_LEVEL: 'silent'
		});
		if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
		const clock = fixedClock('2026-11-22T09:00:00.000Z');
		const portal = await openPortal(settings, { clock });
		const ctx = portal.contextFor('portal');
		const other = await bob(ctx);
		const person = await plant(ctx);
		const identity = await generateX25519Identity();
		const backups = join(folderForThisTest(), 'backups');
		const made = await backUp({
			kind: 'portal',
			databases: [{ name: 'portal', url: settings.databaseUrl }],
			folder: backups,
			dataFolder: folder,
			recipients: [await identityToRecipient(identity)],
			now: clock.now(),
			description: '',
			tombstones: { number: 0, hash: '' }
		});
		expect(made).toHaveProperty('manifest');
		const sealed = sealedOf(folder, person.id);
		expect(sealed.length).toBeGreaterThan(200);
		expect(
			searched(folder, needles).length,
			'the search finds their mail while they are there'
		).toBeGreaterThan(0);
		expect(searched(folder, sealed).length).toBeGreaterThanOrEqual(sealed.length);

		await withdrawal.request(as(ctx, person), person, { note: 'needle-note', graceDays: 0 });
		// The last message stays in the demonstration's mailbox for a day, and goes when the case of the erasure is closed.
		for (let round = 0; round < 12; round += 1) {
			await workOnce(ctx);
			clock.move(after(clock.now(), 8, 'hours'));
		}
		expect(await ctx.keys.isErased(person.id)).toBe(true);
		const whileOpen = searched(folder, [...needles, ...sealed]);
		expect(await ctx.keys.find(other.id)).toBeDefined();
		await portal.close();
		expect(whileOpen).toEqual([]);
		expect(searched(folder, [...needles, ...sealed])).toEqual([]);
		expect(readdirSync(join(folder, 'exports'))).not.toContain(person.id);
		expect(searched(folder, [person.id]).every((found) => /keys\.db|tombstones\.jsonl/.test(found))).toBe(
			true
		);

		const decrypter = new Decrypter();
		decrypter.addIdentity(identity);
		const file = readdirSync(backups).find((name) => name.endsWith('.age')) as string;
		const plain = Buffer.from(await decrypter.decrypt(readFileSync(join(backups, file))));
		expect(plain.includes(person.id)).toBe(true);
		for (const needle of needles) expect(plain.includes(needle)).toBe(false);
	}
);
