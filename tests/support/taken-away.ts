// What somebody takes away, as they do it on the page: every file of the ZIP by its path.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { entriesOf } from './zip.ts';

/** Everything, or these categories alone; the person has just signed in. */
export async function takeAway(page: Page, categories?: readonly string[]): Promise<Map<string, Buffer>> {
	await page.goto('/export?lang=en');
	for (const box of categories ? await page.locator('input[name="category"]').all() : [])
		await box.setChecked(categories?.includes((await box.getAttribute('value')) ?? '') ?? true);
	const coming = page.waitForEvent('download');
	await page.locator('form:has(input[name="category"]) [type="submit"]:not([formmethod])').click();
	const isBuilding = page.waitForURL(/done=building/).then(() => undefined);
	isBuilding.catch(() => undefined);
	// A file that takes long is fetched from the list, which refreshes itself.
	if (!(await Promise.race([coming, isBuilding])))
		await page.locator('#made a[href^="/export/"]').first().click({ timeout: 60_000 });
	return entriesOf(readFileSync(await (await coming).path()));
}
