// Essential messages (password, terms, policy, payments) go on, and the page says why.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium' });

test('Carla sees which messages can not be stopped, with the reason, and stopping all leaves them', async ({
	page,
	signInAs
}) => {
	await signInAs('carla', '/messages?lang=en');
	const essential = page.locator('#essential');
	await expect(essential.locator('tbody tr')).toHaveCount(3);
	await expect(essential.locator('input')).toHaveCount(0);
	await expectAccessible(page);
	for (const reason of ['locked out', 'told of', 'safely']) await expect(essential).toContainText(reason);

	if (await page.locator('button[value="stop"]').count()) await page.locator('button[value="stop"]').click();
	await expect(page.locator('#offers input:checked')).toHaveCount(0);
	await expect(essential.locator('tbody tr')).toHaveCount(3);
	await expect(essential.getByRole('img', { name: 'Always on' }).first()).toBeVisible();
});

test('what is essential still arrives after everything else was stopped', async ({
	page,
	mailbox,
	signInAs
}) => {
	await signInAs('carla', '/messages?lang=en');
	if (await page.locator('button[value="stop"]').count()) await page.locator('button[value="stop"]').click();
	await page.goto('/recover');
	await page.locator('input[name="identifier"]').fill('carla');
	await page.locator('form:has(input[name="identifier"]) [type="submit"]').click();
	expect(await mailbox.code('carla@example.com')).toMatch(/^\d{6}$/);
});
