// A change of the policy is announced on every page until it was read, and by its version for good.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.describe('a change that leaves everybody’s rights as they are', () => {
	test.use({ ownPortal: true, startsAt: '2016-06-15T09:00:00.000Z' });

	test('Minjun is told a week ahead, on every page, until he has read it', async ({
		page,
		portal,
		signInAs
	}) => {
		await signInAs('minjun', '/?lang=en');
		const banner = page.getByText('The privacy policy changes on June 24, 2016.');
		await expect(banner).toHaveCount(0);
		expect((await page.request.get('/policy/2016-06-24')).status()).toBe(404);

		portal.clock.set('2016-06-17T09:00:00.000Z');
		for (const address of ['/', '/messages', '/data', '/']) {
			await page.goto(address);
			await expect(banner).toBeVisible();
		}
		await expectAccessible(page);
		await page.getByRole('link', { name: 'See what changes' }).click();
		await expect(page).toHaveURL(/\/policy\/2016-06-24$/);
		await expect(page.locator('main')).toContainText('announced');
		await expect(page.locator('main')).toContainText('Says how to refuse cookies');
		await expectAccessible(page);
		await page.goto('/');
		await expect(banner).toHaveCount(0);

		await page.goto('/policy');
		await expect(page.locator('#versions a')).toHaveCount(2);
		portal.clock.set('2016-06-24T09:00:00.000Z');
		await page.context().clearCookies();
		await page.goto('/policy?lang=en');
		await expect(page.locator('#versions a[aria-current="page"]')).toHaveAttribute(
			'href',
			'/policy/2016-06-24'
		);
	});
});

test.describe('a change that matters', () => {
	test.use({ example: 'classerium', ownPortal: true, startsAt: '2018-05-25T09:00:00.000Z' });

	test('stays announced until Alice has said what she thinks, and reading is no agreement', async ({
		page,
		signInAs
	}) => {
		await signInAs('alice', '/?lang=en');
		const banner = page.getByText('The privacy policy has changed.');
		await expect(banner).toBeVisible();
		await page.getByRole('link', { name: 'See what changes' }).click();
		await page.goto('/');
		await expect(banner).toBeVisible();
		await page.goto('/activity');
		await expect(page.locator('main')).not.toContainText(/You accepted.*2018/);

		await page.goto('/policy/2018-05-24');
		await page.getByRole('button', { name: 'I accept' }).click();
		await expect(page.getByRole('status')).toContainText('written down');
		await page.goto('/');
		await expect(banner).toHaveCount(0);
	});
});
