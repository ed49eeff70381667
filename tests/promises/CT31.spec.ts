// Only who was named handles data, with a password of their own that is renewed; the person reads who looked, when and why.
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { candorOn } from '../support/operator.ts';
import { password } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

const send = (page: Page) => page.locator('main form [type="submit"]').first().click();

async function signInAsStaff(page: Page, id: string, secret = password): Promise<void> {
	await page.goto('/staff/sign-in?lang=en');
	await page.locator('input[name="id"]').fill(id);
	await page.locator('input[name="password"]').fill(secret);
	await send(page);
}

async function search(page: Page, identifier: string): Promise<void> {
	await page.goto('/staff');
	await page.getByLabel('Email, phone, username or number').fill(identifier);
	await page.getByLabel('Why do you look?').selectOption('To answer a request');
	await page.getByLabel('In your own words').fill('Case 17, “left”');
	await send(page);
}

test('an officer looks for a reason, and Minjun reads it word for word', async ({
	page,
	browser,
	baseURL,
	signInAs
}) => {
	await page.goto('/staff/sign-in?lang=en');
	await expectAccessible(page);
	await signInAsStaff(page, 'officer-yoo');
	await expectAccessible(page);
	await search(page, 'minju');
	await expect(page.getByRole('alert')).toContainText('Nobody was found');
	await expectAccessible(page);
	await search(page, 'minjun@example.com');
	await expect(page.getByRole('heading', { level: 1 })).toContainText('What is held about');
	await expect(page.locator('#values')).toContainText('minjun@example.com');
	await expectAccessible(page);

	const person = await browser.newContext({ baseURL: baseURL as string, locale: 'en-GB' });
	const his = await person.newPage();
	await his.goto('/sign-in');
	await his.locator('button[name="account"][value="minjun"]').click();
	await his.goto('/activity?lang=en');
	await expect(his.locator('main ol li').filter({ hasText: 'looked at' })).toContainText(
		/officer-yoo looked .*To answer a request.*Case 17, “left”.*By staff of/s
	);
	await person.close();
	await page.context().clearCookies();
	await signInAs('parent-park', '/activity?lang=en');
	await expect(page.locator('main')).not.toContainText('officer-yoo');
});

test('an agent sees how much is held and nothing of what it says', async ({ page }) => {
	await signInAsStaff(page, 'agent-choi');
	await search(page, 'minjun@example.com');
	await expect(page.locator('#held')).toContainText('entries');
	await expect(page.locator('main')).not.toContainText('minjun@example.com');
	await expect(page.locator('#values')).toContainText('A privacy officer can see the profile');
});

test('whoever gave no reason is shown nothing, also with the right address', async ({ page }) => {
	await signInAsStaff(page, 'officer-yoo');
	await search(page, 'minjun@example.com');
	const address = new URL(page.url()).pathname;
	await page.context().clearCookies();
	expect((await page.goto(address))?.url()).toContain('/staff/sign-in');
	await signInAsStaff(page, 'agent-choi');
	expect((await page.goto(address))?.status()).toBe(403);
});

test('staff are no people and people are no staff: neither’s password or cookie opens the other’s pages', async ({
	page,
	signInAs
}) => {
	await signInAsStaff(page, 'minjun');
	await expect(page.getByRole('alert')).toContainText("don't fit together");
	await signInAs('minjun');
	await page.goto('/staff');
	await expect(page).toHaveURL(/\/staff\/sign-in/);
	await page.context().clearCookies();
	await signInAsStaff(page, 'officer-yoo');
	await page.goto('/data');
	await expect(page).toHaveURL(/\/sign-in\?next/);
	const cookie = (await page.context().cookies()).find(({ name }) => name.includes('candor'));
	expect(cookie).toMatchObject({ name: 'candor-staff', httpOnly: true, sameSite: 'Strict' });
	await page.context().addCookies([{ name: 'candor', value: cookie?.value as string, url: page.url() }]);
	await page.goto('/data');
	await expect(page).toHaveURL(/\/sign-in\?next/);
});

test('a password that is too old, or was handed over, opens nothing but the page for a new one', async ({
	page,
	portal
}) => {
	const { password: given } = JSON.parse(
		candorOn(portal, 'classting', '--json', 'staff', 'add', 'helper-han', '--name', 'Han', '--role', 'agent')
	) as { password: string };
	await signInAsStaff(page, 'helper-han', given);
	await expect(page).toHaveURL(/\/staff\/password/);
	await page.goto('/staff');
	await expect(page).toHaveURL(/\/staff\/password/);
	await expectAccessible(page);
	const renew = async (present: string, next: string) => {
		await page.getByLabel('Present password').fill(present);
		await page.getByLabel('New password').fill(next);
		await send(page);
	};
	await renew(given, 'tooshort');
	await expect(page.getByRole('alert').first()).toContainText('15 characters');
	await renew(given, 'seven green lamps in a row');
	await expect(page.getByRole('status')).toContainText('counts from now on');

	portal.clock.pass(90, 'days');
	await page.goto('/staff');
	await expect(page).toHaveURL(/\/staff\/sign-in/);
	await signInAsStaff(page, 'helper-han', 'seven green lamps in a row');
	await expect(page).toHaveURL(/\/staff\/password/);
	await expect(page.locator('main')).toContainText('older than 90 days');
	candorOn(portal, 'classting', 'staff', 'remove', 'helper-han');
	await page.goto('/staff/password');
	await expect(page).toHaveURL(/\/staff\/sign-in/);
});
