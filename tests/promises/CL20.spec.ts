// After a breach the authority's clock of 72 hours is seen, whoever is affected is told by mail and here, and nobody else.
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { password } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true, startsAt: '2026-11-22T09:00:00.000Z' });

const words = 'A list of addresses was copied from a mailing tool.';

async function signInAsOfficer(page: Page): Promise<void> {
	await page.goto('/staff/sign-in?lang=en');
	await page.locator('input[name="id"]').fill('officer-lee');
	await page.locator('input[name="password"]').fill(password);
	await page.locator('main form [type="submit"]').first().click();
	await page.goto('/staff/incidents');
}

/** Records what happened to the people of a country, and waits until they are found. */
async function record(page: Page, { drill = false } = {}): Promise<void> {
	const form = page.locator('#record');
	await form.getByLabel('What happened').fill(words);
	await form.getByLabel('Known since').fill('2026-11-20T09:30');
	await form.getByLabel('How to reach you', { exact: true }).first().check();
	await form.getByLabel('Those to whom all of the following applies').check();
	await form.getByLabel('Country').fill('GB');
	if (drill) await form.getByLabel('This is a drill').check();
	await form.getByLabel('Why you write this down').fill('Case 20');
	await page.getByRole('button', { name: 'Record it' }).click();
	await expect(page.getByRole('status')).toContainText('Nobody has been told yet');
	await expect(async () => {
		await page.reload();
		await expect(page.locator('#facts')).toContainText(/One person|\d people/, { timeout: 500 });
	}).toPass();
}

test('Alice is told and reads why; Carla and visitors see nothing; the officer sees the clock and the proof', async ({
	page,
	browser,
	baseURL,
	mailbox,
	signInAs
}) => {
	await signInAsOfficer(page);
	await expectAccessible(page);
	await record(page);
	await expect(page.locator('#authority')).toContainText('24 hours are left');
	await expect(page.locator('#authority')).toContainText('GDPR, Article 33');
	await expectAccessible(page);
	await page.locator('#announce-note').fill('Agreed with the board');
	await page.getByRole('button', { name: 'Tell them' }).click();
	await expect(page.getByRole('status')).toContainText('being told now');
	const mail = await mailbox.next('alice@example.com', /Data about you/);
	expect(mail.text).toContain(words);
	expect(mail.text).toContain('What you can do');

	const hers = await (await browser.newContext({ baseURL: baseURL as string })).newPage();
	await hers.goto('/incidents?lang=en');
	await expect(hers.locator('main')).toContainText('we write to you');
	await expect(hers.locator('main')).not.toContainText(words);
	await hers.goto('/sign-in');
	await hers.locator('button[name="account"][value="carla"]').click();
	await hers.goto('/incidents?lang=en');
	await expect(hers.locator('main')).toContainText('Nothing has happened');
	await hers.context().close();

	await page.goto(page.url().split('?')[0] as string);
	await expect(async () => {
		await page.reload();
		await expect(page.locator('#told')).toContainText(/Delivered\s*[1-9]/, { timeout: 500 });
	}).toPass();
	await page.context().clearCookies();
	await signInAs('alice', '/?lang=en');
	await page.getByRole('link', { name: 'Read the notice' }).click();
	await expect(page.locator('main')).toContainText(words);
	await expectAccessible(page);
	await page.goto('/');
	await expect(page.getByText('Something happened to data that concerns you.')).toHaveCount(0);
	await page.goto('/activity');
	await expect(page.locator('main')).toContainText('You were told of an incident');
});

test('a drill is marked as practice everywhere, on the same clock', async ({ page, mailbox }) => {
	await signInAsOfficer(page);
	await record(page, { drill: true });
	await expect(page.getByText('Drill', { exact: true }).first()).toBeVisible();
	await expect(page.locator('#authority')).toContainText('24 hours are left');
	await expect(page.locator('#notices textarea')).toHaveValue(/^DRILL: this is practice/);
	await page.locator('#authority-note').fill('By its form');
	await page.getByRole('button', { name: 'I have told the authority' }).click();
	await expect(page.locator('#authority')).toContainText('told in time');
	await page.locator('#announce-note').fill('Practice');
	await page.getByRole('button', { name: 'Tell them' }).click();
	expect((await mailbox.next('alice@example.com', /^DRILL/)).text).toContain('Nothing has happened');
	await page.goto('/promises?lang=en');
	await expect(page.locator('#CL20')).toContainText('Last drill');
});
