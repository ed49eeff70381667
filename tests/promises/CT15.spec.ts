// Agreeing shows the list of data first, keeps what was shown, and is taken back with as many clicks.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test('Minjun takes an agreement back and gives it again, one click each, and reads what he agreed to', async ({
	page,
	signInAs
}) => {
	await signInAs('minjun', '/sharing/quizgarden?lang=en');
	const consent = page.locator('#consent');
	const take = consent.getByRole('button', { name: /^Take back/ });
	const give = consent.getByRole('button', { name: /^Agree/ });
	if (await give.count()) await give.click();

	await expect(consent).toContainText('If you take it back');
	await take.click();
	await expect(page.getByRole('status')).toContainText('Taken back');
	await expect(consent).toContainText('You took it back');

	await expect(consent).toContainText('I agree that Classting passes the data listed here on to Quizgarden');
	const words = await consent.locator('p.words').innerText();
	await give.click();
	await expect(page.getByRole('status')).toContainText('You agreed');
	const latest = page.locator('#decisions li').first();
	await expect(latest).toContainText(words);
	await latest.locator('summary').click();
	const listed = await page.locator('#fields tbody th').allInnerTexts();
	for (const field of listed) await expect(latest).toContainText(field.trim());
	await expectAccessible(page);
});

test('Seoyeon, for whom nobody has agreed yet, can not agree to anything', async ({ page, signInAs }) => {
	await signInAs('seoyeon', '/sharing?lang=en');
	await expect(page.locator('#partners')).toContainText('Google Analytics');
	await expect(page.getByRole('button', { name: /^Agree/ })).toHaveCount(0);
});
