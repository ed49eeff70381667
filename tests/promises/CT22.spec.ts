// Whoever refuses is out in three steps, and is told before what they lose.
import { expectAccessible } from '../support/axe.ts';
import { describedBy } from '../support/described.ts';
import { proveItIsMe } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

test('from the sign-in to leaving it is three steps, on a phone as well', async ({ page, signInAs }) => {
	await page.setViewportSize({ width: 360, height: 740 });
	await signInAs('minjun', '/?lang=en');
	await page.locator('main').getByRole('link', { name: 'Leave' }).click();
	await expect(page).toHaveURL(/\/withdrawal$/);
	const rehearsal = page.locator('#rehearsal');
	await expect(rehearsal).toContainText('What is destroyed');
	await expect(rehearsal).toContainText('What the law keeps');
	await expect(rehearsal).toContainText('Who is told');
	await expect(page.locator('main')).toContainText(describedBy('classting').withdrawal.about['en'] as string);
	await expectAccessible(page);

	await page.getByRole('link', { name: 'Continue to leave' }).click();
	await proveItIsMe(page);
	await page.getByLabel(/To confirm, type the word/).fill('leave');
	await page.getByRole('button', { name: 'Leave for good' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toContainText('November 29, 2026');
	await page.goto('/messages?lang=en');
	await expect(page.locator('body')).toContainText('November 29, 2026');
});

test('looking changes nothing', async ({ page, signInAs }) => {
	await signInAs('teacher-kim', '/withdrawal?lang=en');
	const before = await page.locator('#rehearsal').innerText();
	await page.goto('/withdrawal/confirm');
	await page.goto('/withdrawal');
	expect(await page.locator('#rehearsal').innerText()).toBe(before);
	await expect(page.getByRole('link', { name: 'Continue to leave' })).toBeVisible();
});
