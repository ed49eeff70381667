// A member of staff at work, in a browser of their own.
import { test, type Browser, type Page } from '@playwright/test';
import { password } from './personas.ts';
import type { RunningPortal } from './running-portal.ts';

export async function staffPage(browser: Browser, portal: RunningPortal, id: string): Promise<Page> {
	const context = await browser.newContext({
		baseURL: portal.address,
		locale: 'en-GB',
		javaScriptEnabled: test.info().project.use.javaScriptEnabled !== false
	});
	const page = await context.newPage();
	await page.goto('/staff/sign-in?lang=en');
	await page.locator('input[name="id"]').fill(id);
	await page.locator('input[name="password"]').fill(password);
	await page.locator('main form [type="submit"]').first().click();
	await page.waitForURL(/\/staff$/);
	return page;
}
