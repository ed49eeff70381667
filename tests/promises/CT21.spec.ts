// View and change at any time: the profile, and a correction of what one can't change oneself.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });
// Many pages, each looked at closely: more than a busy machine does in a minute.
test.slow();

test('Minjun changes what he wrote about himself, and sees the history', async ({ page, signInAs }) => {
	await signInAs('minjun', '/profile?lang=en');
	await page.locator('textarea[name="introduction"]').fill('저는 민준이에요.\n두 번째 줄 👋');
	await page.locator('form:has(textarea[name="introduction"]) [type="submit"]').click();
	await expect(page.getByRole('status')).toContainText('saved');
	await expect(page.locator('textarea[name="introduction"]')).toHaveValue('저는 민준이에요.\n두 번째 줄 👋');
	await page.goto('/activity');
	await expect(page.locator('main ol li').first()).toContainText('About me: changed');
});

test('for his role he asks, sees by which rule and when he is answered, and writes on', async ({
	page,
	mailbox,
	signInAs
}) => {
	await signInAs('minjun', '/requests/new?kind=correction&field=account.role&lang=en');
	await expect(page.locator('input[name="kind"][value="correction"]')).toBeChecked();
	await expect(page.locator('select[name="subject"]')).toHaveValue('account.role');
	await expectAccessible(page);
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();
	await expect(page.locator('#text-error')).toBeVisible();
	await page.locator('textarea[name="text"]').fill('I am a student, not a teacher.');
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();

	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Correction: Account · Role');
	await expect(page.locator('main')).toContainText('Korean law gives ten days');
	await expect(page.locator('main')).toContainText('December 2, 2026');
	await expectAccessible(page);
	await page.locator('textarea[name="text"]').fill('It says so on my card.');
	await page.locator('form[action="?/write"] [type="submit"]').click();
	await expect(page.locator('#thread ol li')).toHaveCount(2);
	await mailbox.next('minjun@example.com');

	await page.locator('form[action="?/close"] [type="submit"]').click();
	await expect(page.locator('main')).toContainText('Closed');
	await page.goto('/requests');
	await expect(page.locator('main')).toContainText('Correction: Account · Role');
	await expectAccessible(page);
});
