// Anybody can report a child's data without an account, gives no more than needed, and learns and breaks nothing.
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';
import { password } from '../support/personas.ts';

test.use({ ownPortal: true });

async function report(page: Page, account: string): Promise<string> {
	await page.goto('/report?lang=en');
	await page.getByLabel('Which account?').fill(account);
	await page.getByLabel('Where may we ask you?').fill('neighbour@example.com');
	await page.getByRole('button', { name: 'Send the report' }).click();
	return page.locator('main').innerText();
}

test('a stranger hears the same of everybody, locks no grown-up, and is forgotten when the case is closed', async ({
	page,
	signInAs
}) => {
	await page.goto('/report?lang=en');
	await expectAccessible(page);
	const nobody = await report(page, 'nobody@example.com');
	expect(await report(page, 'parent-park@example.com')).toBe(nobody);
	expect(await report(page, 'minjun@example.com')).toBe(nobody);
	await signInAs('minjun', '/?lang=en');
	await expect(page).toHaveURL(/\/(\?.*)?$/);

	await page.context().clearCookies();
	await page.goto('/staff/sign-in?lang=en');
	await page.locator('input[name="id"]').fill('officer-yoo');
	await page.locator('input[name="password"]').fill(password);
	await page.locator('main form [type="submit"]').first().click();
	await page.goto('/staff/families');
	await expectAccessible(page);
	await expect(page.locator('#reports')).toContainText('Not clear whose');
	await page.locator('#reports a').first().click();
	await expectAccessible(page);
	await expect(page.locator('main')).toContainText('neighbour@example.com');
	const address = page.url();
	await page.getByRole('button', { name: /close and destroy the report/ }).click();
	await expect(page.getByRole('status')).toContainText('closed and destroyed');
	await page.goto(address);
	await expect(page.locator('main')).toContainText('What was written was destroyed');
	await expect(page.locator('main')).not.toContainText('neighbour@example.com');
});
