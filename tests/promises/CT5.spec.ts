// Data may come by form, fax, phone, board, mail or partner: every kind says how it can come, every value how it came.
import { expectAccessible } from '../support/axe.ts';
import { describedBy } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';

test('Minjun reads where each value came from', async ({ page, signInAs }) => {
	const { origins, categories } = describedBy('classting');
	await signInAs('minjun', '/data/account?lang=en');
	const account = categories.find(({ id }) => id === 'account');
	for (const id of account?.origins ?? [])
		await expect(page.locator('#facts')).toContainText(
			origins.find((origin) => origin.id === id)?.label['en'] as string
		);
	await expect(page.locator('#name')).toContainText('From:');

	await expectAccessible(page);

	await page.goto('/data/posts');
	await expect(page.locator('#records')).toContainText('From:');
	await expectAccessible(page);
});
