// What a law keeps lies apart and sealed, the portal itself can't open it, and on its day it is destroyed.
import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askToLeave, untilErased } from '../support/claim.ts';
import { candorOn, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });
test.slow();

interface Rules {
	rules: { rule: string; rows: number }[];
}

test('what is kept of Minjun names him nowhere, is sealed under no key of the portal, and ends', async ({
	page,
	portal,
	mailbox,
	signInAs
}) => {
	const { dataFolder, clock } = portal;
	const { id, externalId } = await personOf(portal, 'classting', 'minjun@example.com');
	const archive = (wanted: string) => {
		const database = new Database(join(dataFolder, 'archive.db'), { readonly: true });
		try {
			return database.prepare(wanted).pluck().all() as unknown[];
		} finally {
			database.close();
		}
	};
	const inArchive = (dryRun: boolean) =>
		(
			JSON.parse(
				candorOn(portal, 'classting', '--json', 'retention', ...(dryRun ? ['--dry-run'] : []))
			) as Rules
		).rules.find(({ rule }) => rule === 'archive')?.rows;

	await signInAs('minjun', '/?lang=en');
	await askToLeave(page);
	clock.pass(7, 'days');
	await untilErased(mailbox, 'minjun@example.com');
	const left = 'select count(*) from archive_entry where destroyed_at is null';
	const [entries] = archive(left) as [number];
	expect(entries).toBeGreaterThan(0);
	const bytes = readFileSync(join(dataFolder, 'archive.db'));
	for (const trace of [id, externalId, 'minjun@example.com'])
		expect(bytes.includes(trace), trace).toBe(false);

	const sealed = archive('select sealed from archive_entry') as Buffer[];
	for (const entry of sealed)
		expect(entry.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> X25519 /);
	expect(inArchive(true)).toBe(0);
	await portal.restart(() => clock.pass(365 * 6, 'days'));
	await expect.poll(() => archive(left), { timeout: 30_000 }).toEqual([0]);
	expect(inArchive(false)).toBe(0);
});
