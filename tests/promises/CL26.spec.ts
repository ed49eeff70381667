// A mail with "GDPR" in its subject opens a request under European law; its sender is no proof.
import { handOver, mailFrom } from '../support/mails.ts';
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';
import { staffPage } from '../support/staff.ts';

test.use({ example: 'classerium', ownPortal: true });

test('Alice writes under the heading, confirms, and her month runs from the mail; staff can tell nothing before', async ({
	page,
	portal,
	browser,
	signInAs
}) => {
	const token = bearer(portal, 'classerium', 'mail:receive');
	const message = mailFrom('Alice <alice@example.com>', 'GDPR request', 'What do you hold about me?');
	expect((await handOver(page.request, token, message)).status()).toBe(202);
	expect((await handOver(page.request, token, message)).status()).toBe(202);
	portal.clock.pass(2, 'days');

	const officer = await staffPage(browser, portal, 'officer-lee');
	await officer.goto('/staff/requests?state=waiting-for-proof&lang=en');
	await officer.getByRole('link', { name: 'Access' }).first().click();
	await expect(officer.locator('main')).toContainText('Nobody has shown yet');
	await expect(officer.locator('main form')).toHaveCount(0);

	await signInAs('alice', '/requests?lang=en');
	await expect(page.getByRole('link', { name: /Access/ })).toHaveCount(1);
	await page.getByRole('link', { name: /Access/ }).click();
	await expect(page.locator('main')).toContainText('What do you hold about me?');
	await page.getByRole('button', { name: 'Yes, this is mine' }).click();
	await expect(page.locator('main')).toContainText('GDPR Art. 12(3)');
	await expect(page.locator('main')).toContainText('December 22, 2026');
	await officer.context().close();
});

test('a mail about anything else is left alone, and without the token nothing is taken', async ({
	page,
	portal
}) => {
	const token = bearer(portal, 'classerium', 'mail:receive');
	const other = await handOver(page.request, token, mailFrom('alice@example.com', 'Lunch?', 'At noon?'));
	expect(await other.json()).toEqual({ received: false, because: 'no-heading' });
	const message = mailFrom('omar@example.com', 'GDPR', 'All of it.');
	expect((await handOver(page.request, { authorization: 'Bearer no' }, message)).status()).toBe(401);
	const wrong = bearer(portal, 'classerium', 'people:write');
	expect((await handOver(page.request, wrong, message)).status()).toBe(403);
	expect((await handOver(page.request, token, 'no message at all')).status()).toBe(422);
	expect((await personOf(portal, 'classerium', 'omar@example.com')).state).toBe('active');
});
