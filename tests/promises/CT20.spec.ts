// Erased beyond recovery: not even a copy that was taken before can be read, and what the law kept goes on its day.
import Database from 'better-sqlite3';
import { Decrypter } from 'age-encryption';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askToLeave, untilErased } from '../support/claim.ts';
import { candorOn, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });
test.slow();

interface Entry {
	id: string;
	endsOn: string;
	destroyedAt: string | null;
}

const rowsOf = (file: string, table: string, personId: string): number => {
	const database = new Database(file, { readonly: true });
	try {
		return database
			.prepare(`select count(*) from ${table} where person_id = ?`)
			.pluck()
			.get(personId) as number;
	} finally {
		database.close();
	}
};

const filesWith = (folder: string, bytes: Buffer): string[] =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((name) => join(folder, name))
		.filter((file) => statSync(file).isFile() && readFileSync(file).includes(bytes));

test('Minjun’s key is destroyed, so that an older copy of his rows is noise; the sealed rest follows on its day', async ({
	page,
	portal,
	mailbox,
	signInAs
}) => {
	const { dataFolder, clock } = portal;
	const { id, externalId } = await personOf(portal, 'classting', 'minjun@example.com');
	const apart = mkdtempSync(join(tmpdir(), 'candor-apart-'));
	const archived = () => {
		const { entries } = JSON.parse(candorOn(portal, 'classting', '--json', 'archive', 'list')) as {
			entries: Entry[];
		};
		return entries;
	};
	try {
		await signInAs('minjun', '/?lang=en');
		await askToLeave(page);
		// A copy as somebody may have taken it: every row, and no key, which is backed up apart and for days only.
		await portal.restart(() => cpSync(join(dataFolder, 'portal.db'), join(apart, 'portal.db')));
		expect(rowsOf(join(apart, 'portal.db'), 'record', id)).toBeGreaterThan(10);
		expect(rowsOf(join(dataFolder, 'keys.db'), 'data_key', id)).toBe(1);

		clock.pass(7, 'days');
		await untilErased(mailbox, 'minjun@example.com');
		expect(rowsOf(join(dataFolder, 'keys.db'), 'data_key', id), 'the key is gone').toBe(0);
		expect(readFileSync(join(apart, 'portal.db')).includes(externalId), 'the copy says nothing').toBe(false);

		const entries = archived();
		expect(entries.length).toBeGreaterThan(1);
		const file = join(apart, 'entry.age');
		candorOn(portal, 'classting', 'archive', 'write', (entries[0] as Entry).id, file);
		const sealed = readFileSync(file);
		expect(filesWith(dataFolder, sealed.subarray(-32)).length).toBeGreaterThan(0);
		const decrypter = new Decrypter();
		const identity = readFileSync(join(dataFolder, 'demonstration-archive-identity.txt'), 'utf8');
		decrypter.addIdentity(/^AGE-SECRET-KEY-\S+$/m.exec(identity)?.[0] ?? '');
		expect(JSON.parse(await decrypter.decrypt(sealed, 'text'))).toMatchObject({ person: { externalId } });

		clock.pass(6 * 366, 'days');
		await expect
			.poll(() => archived().every(({ destroyedAt }) => destroyedAt), { timeout: 60_000 })
			.toBe(true);
		await portal.restart();
		expect(filesWith(dataFolder, sealed.subarray(-32)), 'no byte of the seal is left').toEqual([]);
	} finally {
		rmSync(apart, { recursive: true, force: true });
	}
});
