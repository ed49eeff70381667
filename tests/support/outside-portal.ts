// Playwright's `test` with a portal that reads two other systems: a database that is there, and one over HTTP that is away.
import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { startPortal, type RunningPortal } from './running-portal.ts';

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

export const test = base.extend<object, { portal: RunningPortal }>({
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

export { expect } from '@playwright/test';
