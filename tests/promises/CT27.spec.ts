// Cookies can be refused in every browser, whose steps are told, and in the account; signing in then suffers, which is said.
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

test('Minjun reads how to refuse, and what his account allows is off until he says yes', async ({
	page,
	signInAs
}) => {
	await signInAs('minjun', '/cookies?lang=en');
	for (const browser of ['Chrome', 'Firefox', 'Safari', 'Edge'])
		await expect(page.locator('#refuse')).toContainText(`${browser}: Settings`);
	await expect(page.locator('#refuse')).toContainText("can't stay signed in");
	await expect(page.locator('#statistical-advertising')).toContainText('You have not allowed it');
	await page.locator('#statistical-advertising button').click();
	await expect(page.getByRole('status')).toContainText('Allowed');
	await page.locator('#statistical-advertising button').click();
	await expect(page.getByRole('status')).toContainText('Off, from now on');
});
