// What somebody takes away, as they do it on the page.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { entriesOf } from './zip.ts';

export interface TakenAway {
	/** The file as it came: a ZIP, unless its person locked it. */
	bytes: Buffer;
	/** Where it came from: `/export/<id>`. */
	address: string;
	name: string;
}

/** What `ask` brings; a file that takes long is fetched from the list, which refreshes itself. */
async function downloaded(page: Page, ask: () => Promise<void>): Promise<TakenAway> {
	const coming = page.waitForEvent('download');
	await ask();
	const isBuilding = page.waitForURL(/done=building/).then(() => undefined);
	isBuilding.catch(() => undefined);
	if (!(await Promise.race([coming, isBuilding]))) await newest(page).click({ timeout: 60_000 });
	const given = await coming;
	return {
		bytes: readFileSync(await given.path()),
		address: new URL(given.url()).pathname,
		name: given.suggestedFilename()
	};
}

const newest = (page: Page) => page.locator('#made a[href^="/export/"]').first();

/** Orders what is ticked on the page. */
export const orderTicked = (page: Page): Promise<TakenAway> =>
	downloaded(page, () =>
		page.locator('form:has(input[name="category"]) [type="submit"]:not([formmethod])').click()
	);

/** Fetches once more what was ordered last; the person is on the page. */
export const fetchNewest = (page: Page): Promise<TakenAway> => downloaded(page, () => newest(page).click());

/** Everything, or these categories alone, as every file of the ZIP by its path; the person has just signed in. */
export async function takeAway(page: Page, categories?: readonly string[]): Promise<Map<string, Buffer>> {
	await page.goto('/export?lang=en');
	for (const box of categories ? await page.locator('input[name="category"]').all() : [])
		await box.setChecked(categories?.includes((await box.getAttribute('value')) ?? '') ?? true);
	return entriesOf((await orderTicked(page)).bytes);
}
