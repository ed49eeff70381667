// Whoever receives data is listed by purpose with a link to its own policy, and each person sees what went to whom of theirs.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium' });

/** The providers that the policy names. */
const named = [
	'Google Analytics',
	'Google Tag Manager',
	'Yandex',
	'Facebook',
	'Instagram',
	'Twitter',
	'Google DFP',
	'Stripe',
	'PayPal',
	'Amazon Web Services',
	'SendGrid',
	'G Suite',
	'Help Scout',
	'VK',
	'Google reCAPTCHA',
	'Google+'
];

test('a visitor finds every provider with its purpose, fields, country and own policy', async ({ page }) => {
	await page.goto('/partners?lang=en');
	for (const name of named)
		await expect(page.locator('summary').filter({ hasText: name }).first()).toBeVisible();
	const cards = page.locator('details[id^="partner-"]');
	for (const card of await cards.all()) {
		await card.locator('summary').first().click();
		await expect(card.locator('a[rel~="external"]')).toHaveAttribute('href', /^https:\/\//);
		await expect(card.locator('a[rel~="external"]')).toContainText('another website');
		await expect(card.getByText('May receive')).toBeVisible();
		await expect(card.getByText('Ground')).toBeVisible();
	}
	await expectAccessible(page);
});

test('the directory stands in every language', async ({ page }) => {
	for (const [language, title] of [
		['ko', '정보를 받는 곳'],
		['es', 'Quién recibe datos'],
		['ar', 'من يتلقى البيانات']
	] as const) {
		await page.goto(`/partners?lang=${language}`);
		await expect(page.locator('h1')).toHaveText(title);
		await expect(page.locator('details[id^="partner-"]').first()).toBeVisible();
	}
});

test('Alice sees her map, the same as a table, and the ledger that it was drawn from', async ({
	page,
	signInAs
}) => {
	await signInAs('alice', '/sharing?lang=en');
	await expect(page.getByRole('img', { name: 'Map of your data' })).toBeVisible();
	await page.locator('#map-table summary').click();
	const counted = await page.locator('#map-table tbody tr').count();
	expect(counted).toBeGreaterThan(3);
	await expect(page.locator('#ledger tbody tr')).toHaveCount(20);
	await expectAccessible(page);

	await page.getByLabel('To whom').selectOption('stripe');
	await page.getByRole('button', { name: 'Show', exact: true }).click();
	await expect(page).toHaveURL(/partner=stripe/);
	for (const row of await page.locator('#ledger tbody tr').all()) await expect(row).toContainText('Stripe');

	await page.goto('/sharing/stripe');
	await expect(page.locator('h1')).toHaveText('Stripe');
	await expect(page.locator('#fields tbody')).toContainText('Email');
	await expectAccessible(page);
});

test('the pages of the ledger lead to the end and back', async ({ page, signInAs }) => {
	await signInAs('alice', '/sharing?lang=en');
	const first = await page.locator('#ledger tbody').innerText();
	await page.locator('#ledger a[rel="next"]').click();
	expect(await page.locator('#ledger tbody').innerText()).not.toBe(first);
	await page.locator('#ledger a[rel="prev"]').click();
	expect(await page.locator('#ledger tbody').innerText()).toBe(first);
});
