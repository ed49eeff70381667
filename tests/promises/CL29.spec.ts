// Whoever objects to a change is offered a pause, a copy and the way out, and their word is written down with the version.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.describe('a change that matters', () => {
	test.use({ example: 'classerium', ownPortal: true, startsAt: '2018-05-25T09:00:00.000Z' });

	test('Alice objects, and nothing is decided for her', async ({ page, signInAs }) => {
		await signInAs('alice', '/policy/2018-05-24?lang=en');
		await expect(page.locator('#affects')).toContainText('This affects you because');
		await expect(page.locator('#affects')).toContainText(/Yandex \(Russia\) now receives something of yours/);
		await expectAccessible(page);
		await page.getByRole('button', { name: 'I object' }).click();
		const notice = page.getByRole('status').filter({ hasText: 'You object to this version' });
		await expect(notice).toContainText('May 25, 2018');
		for (const [name, address] of [
			['Let my data rest', '/withdrawal'],
			['Take a copy', '/export'],
			['Leave for good', '/withdrawal/confirm']
		] as const)
			await expect(notice.getByRole('link', { name })).toHaveAttribute('href', address);
		await expectAccessible(page);

		await page.goto('/policy/2018-05-24');
		await expect(page.locator('main')).toContainText('You object to this version');
		await expect(page.getByRole('button', { name: 'I accept', exact: true })).toHaveCount(0);
		await page.goto('/activity');
		await expect(page.locator('main ol li').first()).toContainText(/object/i);
		await page.goto('/');
		await expect(page.getByText('The privacy policy has changed.')).toHaveCount(0);

		await page.goto('/policy/2018-05-24');
		await page.getByRole('button', { name: 'I accept it after all' }).click();
		await expect(page.locator('main')).toContainText('You accepted this version');
	});

	test('the pause that is offered stops what can be stopped, and is undone at will', async ({
		page,
		signInAs
	}) => {
		await signInAs('alice', '/withdrawal?lang=en');
		await page.getByRole('button', { name: 'Pause my account' }).click();
		await expect(page.getByRole('status')).toContainText('Your data rests now');
		await page.goto('/');
		await expect(page.locator('body')).toContainText(/rests|paused/i);
		await page.goto('/withdrawal');
		await page.getByRole('button', { name: 'Resume my account' }).click();
		await expect(page.getByRole('status')).toContainText('active again');
	});

	test('an answer to a version that there is not is refused', async ({ page, baseURL, signInAs }) => {
		await signInAs('alice', '/policy?lang=en');
		const post = (form: Record<string, string>) =>
			page.request.post('/policy', { form, headers: { origin: baseURL as string, accept: 'text/html' } });
		expect((await post({ version: '2099-01-01', answer: 'accepted' })).status()).toBe(409);
		expect((await post({ version: '2018-05-24', answer: 'perhaps' })).status()).toBe(400);
	});
});

test.describe('a change that leaves everybody’s rights as they are', () => {
	test.use({ ownPortal: true, startsAt: '2016-06-18T09:00:00.000Z' });

	test('can be objected to as well, also on a second visit', async ({ page, signInAs }) => {
		await signInAs('minjun', '/policy/2016-06-24?lang=en');
		await page.reload();
		await page.getByRole('button', { name: 'I object' }).click();
		await expect(page.locator('main')).toContainText('You object to this version');
	});
});
