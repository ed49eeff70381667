// A child waits until somebody responsible has agreed: nothing goes out and nothing is advertised, and a guardian agrees here.
import { expectAccessible } from '../support/axe.ts';
import { bearer, personOf } from '../support/operator.ts';
import { offered } from '../support/offered.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

test('Seoyeon’s data goes nowhere until her guardian agreed, for the use alone, by a code', async ({
	page,
	portal,
	request,
	mailbox,
	signInAs
}) => {
	const { id, externalId: person } = await personOf(portal, 'classting', 'seoyeon@example.com');
	const headers = bearer(portal, 'classting', 'disclosures:write');
	const fields = offered('classting', 'bookpath', 'student').slice(0, 1);
	const data = { person, partner: 'bookpath', purpose: 'partner-services', fields };
	const waiting = await request.post('/api/v1/disclosures', { headers, data });
	expect([waiting.status(), await waiting.text()]).toEqual([
		403,
		expect.stringContaining('awaiting-consent')
	]);

	await signInAs('seoyeon', '/family?lang=en');
	await expect(page.locator('main')).toContainText('Somebody responsible for you has to agree first');
	await page.goto('/messages');
	await expect(page.locator('main')).toContainText('only essential messages come');

	await page.context().clearCookies();
	await signInAs('parent-park', '/family?lang=en');
	await expectAccessible(page);
	await page.locator('#children a').first().click();
	await expectAccessible(page);
	await page.getByRole('link', { name: 'Read and agree' }).click();
	await expectAccessible(page);
	await page.getByLabel('I agree that the child uses the service').check();
	await page.getByLabel('I agree that data is passed on').check();
	await page.getByRole('button', { name: 'Agree', exact: true }).click();
	await expect(page.getByRole('alert').first()).toContainText('not strong enough');
	await page.getByLabel('I agree that data is passed on').uncheck();
	await page.getByRole('button', { name: 'Agree', exact: true }).click();
	await page.locator('input[name="code"]').fill(await mailbox.code('parent-park@example.com'));
	await page.getByRole('button', { name: 'Confirm' }).click();
	await expect(page.getByRole('status')).toContainText('You agreed');
	await expect(page.locator('#agreed')).toContainText('Agreed since');
	await mailbox.next('parent-park@example.com', /자녀를 위해 동의하셨습니다/);

	const agreed = await request.post('/api/v1/disclosures', { headers, data });
	expect([agreed.status(), await agreed.text()]).toEqual([
		403,
		expect.stringContaining('sharing-not-agreed')
	]);
	await page.goto('/activity');
	await expect(page.locator('main ol li').first()).toContainText('You agreed for somebody');
	await expect(page.locator('main')).not.toContainText('이서연');

	await page.goto(`/family/${id}`);
	await page.getByRole('button', { name: /account waits again/ }).click();
	await expect(page.locator('main')).toContainText('The account waits for a consent');
});

test('another parent’s child is nobody’s business', async ({ page, portal, signInAs }) => {
	const { id } = await personOf(portal, 'classting', 'seoyeon@example.com');
	await signInAs('minjun', '/family?lang=en');
	for (const path of ['', '/consent', '/export', '/profile', '/correction', '/erasure'])
		expect((await page.goto(`/family/${id}${path}`))?.status()).toBe(404);
});
