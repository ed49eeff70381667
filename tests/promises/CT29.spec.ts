// Stored and sent encrypted: nothing of Minjun's can be read in the files, and a browser is told to come by https alone.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/portal.ts';

test('the files of the databases hold no word of Minjun’s, and the page of promises says under how many keys', async ({
	page,
	portal,
	signInAs
}) => {
	await signInAs('minjun', '/profile');
	const introduction = await page.locator('[name="introduction"]').inputValue();
	expect(introduction.length).toBeGreaterThan(10);
	const files = readdirSync(portal.dataFolder).filter((name) => /\.db(-wal)?$/.test(name));
	expect(files.length).toBeGreaterThan(2);
	for (const name of files) {
		const file = join(portal.dataFolder, name);
		if (!statSync(file).isFile()) continue;
		const bytes = readFileSync(file);
		for (const value of [introduction, 'minjun@example.com'])
			expect(bytes.includes(value), `${name} can be read`).toBe(false);
	}
	await page.goto('/promises?lang=en');
	await expect(page.locator('#CT29')).toContainText(/Under a key of their own|key of their own\s*\d+/);
});
