// What lies in other systems stands beside what is held here; of one that is broken people read so, and staff switch it off.
import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { letIn } from '../support/personas.ts';
import { startPortal, type RunningPortal } from '../support/running-portal.ts';
import { staffPage } from '../support/staff.ts';

const sources = `sources:
  - id: course-platform
    label: { en: The course platform, es: La plataforma, ko: 강의 플랫폼, ar: منصة الدورات }
    kind: sql
    categories:
      - category: favourites
        read: select :person as person, id, at, course, topic from favourites
    erase: ['delete from favourites where :person is not null']
  - id: link-shop
    label: { en: The link shop, es: La tienda, ko: 링크 상점, ar: متجر الروابط }
    kind: http
    categories:
      - category: shares
`;

/** The example, with its favourites in a database of their own and its shared links in a system that is away. */
async function startOutside(folder: string): Promise<RunningPortal> {
	const description = join(folder, 'description');
	cpSync('examples/classerium', description, { recursive: true });
	const file = join(description, 'organisation.yaml');
	writeFileSync(file, readFileSync(file, 'utf8').replace('\npartners:', `\n${sources}partners:`));
	const shop = new Database(join(folder, 'shop.db'));
	shop.exec('create table favourites (id text, at text, course text, topic text)');
	const insert = shop.prepare('insert into favourites values (?, ?, ?, ?)');
	for (let n = 10; n < 35; n += 1) insert.run(`f${n}`, `2026-05-01 10:${n}:00`, `Course ${n}`, 'Photography');
	shop.close();
	const addresses = `course-platform=sqlite:${join(folder, 'shop.db')} link-shop=http://127.0.0.1:1/`;
	return startPortal({ settings: { CANDOR_DESCRIPTION: description, CANDOR_SOURCES: addresses } });
}

const test = base.extend<object, { portal: RunningPortal }>({
	portal: [
		async ({}, use) => {
			const folder = mkdtempSync(join(tmpdir(), 'candor-outside-'));
			const portal = await startOutside(folder);
			await use(portal);
			await portal.stop();
			rmSync(folder, { recursive: true, force: true });
		},
		{ scope: 'worker', timeout: 120_000 }
	],
	baseURL: async ({ portal }, use) => use(portal.address)
});

test('Alice turns over what lies in another system, and reads of the broken one that it can’t be asked', async ({
	page,
	portal
}) => {
	await letIn(page, portal.address, 'alice', '/data?lang=en');
	const card = (category: string) =>
		page.locator('main li', { has: page.locator(`a[href="/data/${category}"]`) });
	await expect(card('favourites')).toContainText('25 entries');
	await expect(card('shares')).toContainText('Can’t be asked just now');
	await page.goto('/data/favourites');
	await expect(page.locator('#records tbody tr').first()).toContainText('Course 34');
	await page.locator('#records a[href*="before="]').click();
	await expect(page.locator('#records tbody tr').last()).toContainText('Course 10');
	await page.goto('/data/shares');
	await expect(page.locator('main')).toContainText('which does not answer at the moment');
	await expectAccessible(page);
});

test('an officer switches one off with a reason, and on again', async ({ browser, page, portal }) => {
	await letIn(page, portal.address, 'omar', '/data/favourites?lang=en');
	const staff = await staffPage(browser, portal, 'officer-lee');
	await staff.goto('/staff/sources?lang=en');
	await expectAccessible(staff);
	const first = staff.locator('main form[action="?/off"]').first();
	await staff.locator('main summary').first().click();
	await first.locator('button').click();
	await expect(staff.locator('main')).toContainText('Reason:');
	await first.locator('[name="reason"]').fill('It is being moved.');
	await first.locator('button').click();
	await expect(staff.locator('main')).toContainText('It is being moved.');
	await page.goto('/data/favourites');
	await expect(page.locator('main')).toContainText('which does not answer at the moment');
	await staff.locator('main form[action="?/on"] button').click();
	await expect(staff.locator('main [role="status"]')).toContainText('asked again');
	await page.goto('/data/favourites');
	await expect(page.locator('#records')).toContainText('Course 34');
});
