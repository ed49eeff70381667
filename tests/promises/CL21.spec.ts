// Edit or erase, with the consequences said before, and every change written down.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true });
// Many pages, each looked at closely: more than a busy machine does in a minute.
test.slow();

test('Alice reads what a change means, makes it, and finds it in her history', async ({ page, signInAs }) => {
	await signInAs('alice', '/profile');
	await expectAccessible(page);
	await expect(page.locator('#company-hint')).toContainText('invoices carry only your own name');
	const before = await page.locator('input[name="company"]').inputValue();
	await page.locator('input[name="company"]').fill('Lighthouse & Sons <b>');
	await page.locator('form:has(input[name="company"]) [type="submit"]').click();
	await expect(page.getByRole('status')).toContainText('saved');
	await expect(page.locator('input[name="company"]')).toHaveValue('Lighthouse & Sons <b>');

	await page.goto('/activity');
	await expectAccessible(page);
	const newest = page.locator('main ol li').first();
	await expect(newest).toContainText('Company: changed');
	await expect(newest).toContainText(`“${before}” became “Lighthouse & Sons <b>”`);
});

test('what is wrong is said beside the field, and what was typed stays', async ({ page, signInAs }) => {
	await signInAs('alice', '/profile');
	await page.locator('input[name="name"]').fill('');
	await page.locator('input[name="picture"]').fill('not an address: at all');
	await page.locator('form:has(input[name="company"]) [type="submit"]').click();
	await expect(page.getByRole('alert')).toContainText('2 answers need a second look');
	await expect(page.locator('#name-error')).toBeVisible();
	await expect(page.locator('input[name="picture"]')).toHaveValue('not an address: at all');
	await expectAccessible(page);
});

test('two open windows: the second is told, and its words are kept', async ({ page, context, signInAs }) => {
	await signInAs('alice', '/profile');
	const other = await context.newPage();
	await other.goto('/profile');
	await page.locator('input[name="place"]').fill('Lisbon');
	await page.locator('form:has(input[name="place"]) [type="submit"]').click();
	await other.locator('input[name="place"]').fill('Porto');
	await other.locator('form:has(input[name="place"]) [type="submit"]').click();
	await expect(other.locator('#place-error')).toContainText('Lisbon');
	await expect(other.locator('input[name="place"]')).toHaveValue('Porto');
	await other.locator('form:has(input[name="place"]) [type="submit"]').click();
	await expect(other.locator('input[name="place"]')).toHaveValue('Porto');
	await expect(other.getByRole('status')).toContainText('saved');
});
