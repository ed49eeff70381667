// Some data is required, some is not: what is optional goes one by one, and the rest says why it stays.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true });

test('Alice erases her company, and reads why her name stays', async ({ page, signInAs }) => {
	await signInAs('alice', '/data/identity');
	await expect(page.locator('#name')).toContainText('Required');
	await expect(page.locator('#company')).toContainText('Optional');

	await page.goto('/profile/erase/company');
	await expectAccessible(page);
	await expect(page.locator('main')).toContainText('invoices carry only your own name');
	await page.locator('main form button').click();
	await expect(page.getByRole('status')).toContainText('erased');
	await expect(page.locator('input[name="company"]')).toHaveValue('');
	await page.goto('/data/identity');
	await expect(page.locator('#company')).toContainText('Not given');

	await page.goto('/profile/erase/name');
	await expect(page.locator('main')).toContainText('an account has a name');
	await expect(page.locator('main form')).toHaveCount(0);
	const { origin } = new URL(page.url());
	const forced = await page.request.post('/profile/erase/name', {
		headers: { origin, accept: 'text/html' },
		form: {}
	});
	expect(forced.status()).toBe(409);
});
