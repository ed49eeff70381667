// Complaints are answered swiftly and fully: by a day, with reasons, on a ground that the law names, and with a way to appeal.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';
import { staffPage } from '../support/staff.ts';

test.use({ ownPortal: true });

test('Minjun complains, is refused with reasons and told who else can help, and appeals', async ({
	page,
	portal,
	browser,
	signInAs
}) => {
	await signInAs('minjun', '/requests/new?kind=complaint&lang=en');
	await page.locator('textarea[name="text"]').fill('Somebody read my messages.');
	await page.locator('input[name="files"]').setInputFiles({
		name: 'what I saw.txt',
		mimeType: 'text/html',
		buffer: Buffer.from('A window that should be closed')
	});
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();
	await expect(page.locator('main')).toContainText('December 2, 2026');
	const mine = new URL(page.url()).pathname;
	const href = (await page.locator('#thread a[href*="attachments"]').getAttribute('href')) as string;
	const file = await page.request.get(href);
	expect(file.headers()).toMatchObject({
		'content-disposition': 'attachment; filename="attachment-1.txt"',
		'x-content-type-options': 'nosniff'
	});

	const officer = await staffPage(browser, portal, 'officer-yoo');
	await officer.goto('/staff/requests?kind=complaint&lang=en');
	await officer.getByRole('link', { name: 'Complaint' }).first().click();
	await expectAccessible(officer);
	await officer.locator('input[name="decision"][value="refused"]').check();
	await officer.locator('form[action="?/decide"] [type="submit"]').click();
	await expect(officer.getByRole('alert')).toContainText('Please fill this in');
	await officer
		.getByLabel('Reasons, as the person reads them')
		.fill('Nobody but you opened them; the log shows it.');
	await officer.locator('form[action="?/decide"] [type="submit"]').click();
	await expect(officer.getByRole('alert')).toContainText('A refusal needs one of the legal grounds');
	await officer.getByLabel('Legal ground').selectOption({ value: 'complaint-unfounded' });
	await officer.locator('form[action="?/decide"] [type="submit"]').click();
	await expect(officer.locator('main')).toContainText('Decided');
	await officer.context().close();

	await page.goto(mine);
	await expect(page.locator('main')).toContainText('Nobody but you opened them');
	await expect(page.locator('#bodies')).toContainText('Personal Information Infringement Report Center');
	await expectAccessible(page);
	await page.locator('form[action="?/appeal"] textarea').fill('The log is wrong.');
	await page.locator('form[action="?/appeal"] [type="submit"]').click();
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Appeal');
	await page.getByRole('link', { name: 'The decision that you appeal against' }).click();
	await expect(page.getByRole('link', { name: 'See your appeal' })).toBeVisible();
	await page.goto('/activity?lang=en');
	await expect(page.locator('main')).toContainText('officer-yoo looked');
});
