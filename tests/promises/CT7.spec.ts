// A child's data without consent is destroyed as fast as possible: locked with the report, gone on the day that was told.
import { openClaim } from '../support/claim.ts';
import { expect, test } from '../support/portal.ts';
import { password } from '../support/personas.ts';

test.use({ ownPortal: true });

test('Seoyeon’s account is locked at once, and three days later a signed certificate says that nothing is left', async ({
	page,
	portal,
	mailbox
}) => {
	await page.goto('/report?lang=en');
	await page.getByLabel('Which account?').fill('seoyeon@example.com');
	await page.getByRole('button', { name: 'Send the report' }).click();
	await expect(page.getByRole('status')).toContainText('Thank you');
	await page.goto('/sign-in?lang=en');
	await page.locator('input[name="identifier"]').fill('seoyeon');
	await page.locator('input[name="password"]').fill(password);
	await page.locator('form:has(input[name="password"]) [type="submit"]').click();
	await expect(page.getByRole('alert')).toContainText('This account is locked');
	await mailbox.next('parent-park@example.com', /계정이 잠겼습니다/);

	portal.clock.pass(3, 'days');
	const { text } = await mailbox.next('parent-park@example.com', /아동의 정보를 파기합니다/);
	const code = text.split('\n').find((line) => /^[A-Z0-9]{3,}(-[A-Z0-9]{3,})+$/.test(line.trim())) ?? '';
	await expect(async () => {
		await openClaim(page, code.trim());
		const certificate = page.getByRole('article', { name: 'Certificate of destruction' });
		await expect(certificate).toContainText('no row was left', { timeout: 1_000 });
	}).toPass({ timeout: 40_000, intervals: [4_000] });
});
