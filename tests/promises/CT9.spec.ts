// A school obtains the parents' consents on a form, keeps them in a register, gives parents the policy, and shows the paper when asked.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';
import { password } from '../support/personas.ts';

test.use({ ownPortal: true });

const pdf = {
	name: 'form.pdf',
	mimeType: 'application/pdf',
	buffer: Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF')
};

test('teacher Kim enters a consent, is asked for the paper, and the operator sees when it is overdue and shown', async ({
	page,
	browser,
	baseURL,
	portal,
	signInAs
}) => {
	await signInAs('teacher-kim', '/family?lang=en');
	await expectAccessible(page);
	await page.getByRole('link', { name: 'Sample consent form' }).click();
	await expectAccessible(page);
	await expect(page.locator('main')).toContainText('Signature');
	await expect(page.locator('main')).toContainText('/policy');
	await page.goto('/family');
	await page.locator('#school tbody a').first().click();
	await expectAccessible(page);
	await page.getByLabel('Signed on').fill('2020-01-01');
	await page.getByLabel("Signed by the child's").selectOption('Mother');
	await page.getByRole('button', { name: 'Enter the consent' }).click();
	await expect(page.getByRole('status')).toContainText('the account is open');
	const child = new URL(page.url()).pathname;

	const staff = await (await browser.newContext({ baseURL: baseURL as string, locale: 'en-GB' })).newPage();
	const families = async () => {
		await staff.goto('/staff/sign-in?lang=en');
		if (await staff.locator('input[name="id"]').count()) {
			await staff.locator('input[name="id"]').fill('officer-yoo');
			await staff.locator('input[name="password"]').fill(password);
			await staff.locator('main form [type="submit"]').first().click();
		}
		await staff.goto('/staff/families');
	};
	await families();
	await staff.locator('#schools').getByRole('button', { name: 'Ask for the evidence' }).click();
	await expect(staff.locator('#evidence')).toContainText('Waits for the school');
	await page.goto(`${child}?lang=en`);
	await expect(page.locator('main')).toContainText('Please show the signed form');

	portal.clock.pass(15, 'days');
	await expect(async () => {
		await families();
		await expect(staff.locator('#evidence')).toContainText('Overdue', { timeout: 1_000 });
	}).toPass({ timeout: 90_000, intervals: [5_000] });

	await page.goto(`${child}?lang=en`);
	await page
		.getByLabel('Scan or photograph of the form')
		.setInputFiles({ ...pdf, buffer: Buffer.from('<html>') });
	await page.getByRole('button', { name: 'Add the form' }).click();
	await expect(page.getByRole('alert').first()).toBeVisible();
	await page.getByLabel('Scan or photograph of the form').setInputFiles(pdf);
	await page.getByRole('button', { name: 'Add the form' }).click();
	await expect(page.getByRole('status')).toContainText('on file');
	await families();
	await expect(staff.locator('#evidence')).toContainText('Shown');
	const download = staff.waitForEvent('download');
	await staff.locator('#evidence a').first().click();
	await staff.locator('summary').first().click();
	await staff.getByRole('link', { name: 'Download the signed form' }).first().click();
	expect((await download).suggestedFilename()).toMatch(/\.pdf$/);
	await staff.context().close();
});
