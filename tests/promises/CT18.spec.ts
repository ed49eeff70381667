// Destroyed without delay after leaving: no file of the portal knows the person any more, and no row is theirs.
import Database from 'better-sqlite3';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from '../support/axe.ts';
import { askToLeave, openClaim, untilClosed, untilErased } from '../support/claim.ts';
import { personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

const filesBelow = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((name) => join(folder, name))
		.filter((file) => statSync(file).isFile());

/** Which files contain which of the needles. */
const found = (folder: string, needles: string[]): string[] =>
	filesBelow(folder).flatMap((file) => {
		const bytes = readFileSync(file);
		return needles
			.filter((needle) => bytes.includes(needle))
			.map((needle) => `${needle} in ${file.slice(folder.length)}`);
	});

/** Tables of a database with rows in which the text stands. */
function tablesWith(file: string, text: string): string[] {
	const database = new Database(file, { readonly: true });
	try {
		const tables = database
			.prepare("select name from sqlite_master where type = 'table'")
			.pluck()
			.all() as string[];
		return tables.filter((table) =>
			(database.prepare(`select * from "${table}"`).all() as Record<string, unknown>[]).some((row) =>
				Object.values(row).includes(text)
			)
		);
	} finally {
		database.close();
	}
}

test('Minjun leaves, and a search through everything that the portal keeps finds nothing of him', async ({
	page,
	portal,
	mailbox,
	signInAs
}) => {
	const { dataFolder, clock } = portal;
	const { id, externalId } = await personOf(portal, 'classting', 'minjun@example.com');
	await signInAs('minjun', '/profile?lang=en');
	await page.locator('textarea[name="introduction"]').fill('needle-in-the-introduction');
	await page.locator('form:has(textarea[name="introduction"]) [type="submit"]').click();
	await page.goto('/requests/new?kind=question');
	await page.locator('textarea[name="text"]').fill('needle-in-a-question');
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();
	await mailbox.next('minjun@example.com');
	await page.goto('/export?lang=en');
	await page.locator('form:has(input[name="category"]) [type="submit"]:not([formmethod])').click();
	await expect.poll(() => existsSync(join(dataFolder, 'exports', id)), { timeout: 30_000 }).toBe(true);

	const needles = [
		'minjun@example.com',
		externalId,
		'needle-in',
		Buffer.from('minjun@example.com').toString('base64').slice(0, 20)
	];
	expect(found(dataFolder, needles).length, 'the search finds him while he is there').toBeGreaterThan(0);
	expect(tablesWith(join(dataFolder, 'portal.db'), id).length).toBeGreaterThan(5);

	const code = await askToLeave(page);
	await expectAccessible(page);
	clock.pass(7, 'days');
	await untilErased(mailbox, 'minjun@example.com');
	await openClaim(page, code);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your data was destroyed');
	await expectAccessible(page);
	expect(tablesWith(join(dataFolder, 'portal.db'), id)).toEqual([]);
	// Until its partners have answered, the case keeps the last address, under a key of its own.
	clock.pass(31, 'days');
	await untilClosed(mailbox, 'minjun@example.com');

	await portal.restart();
	expect(tablesWith(join(dataFolder, 'portal.db'), id)).toEqual([]);
	expect(tablesWith(join(dataFolder, 'keys.db'), id).sort()).toEqual(['tombstone', 'tombstone_hash']);
	expect(existsSync(join(dataFolder, 'exports', id))).toBe(false);
	expect(found(dataFolder, needles)).toEqual([]);
	// The demonstration's list of its cast is no data of his, but nobody is offered to sign in as him.
	await page.goto('/sign-in');
	await expect(page.locator('button[name="account"][value="teacher-kim"]')).toBeVisible();
	await expect(page.locator('button[name="account"][value="minjun"]')).toHaveCount(0);
	expect(portal.output()).not.toMatch(/minjun@example\.com|needle-in/);
});
