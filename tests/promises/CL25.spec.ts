// People in California learn what was passed on for others' marketing: in the portal, or by a mail with the heading.
import { expectAccessible } from '../support/axe.ts';
import { handOver, mailFrom } from '../support/mails.ts';
import { bearer } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true });

test('Carla asks and reads at once who got what last year, by name and address', async ({
	page,
	signInAs
}) => {
	await signInAs('carla', '/requests/new?kind=california-disclosure&lang=en');
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();
	await expect(page.locator('#california')).toContainText('2025');
	await expect(page.locator('main')).toContainText('Done at once by the privacy center');
	await expect(page.locator('main')).toContainText('California Civil Code § 1798.83');
	await expectAccessible(page);
});

test('a mail headed “California Privacy Rights” waits until she says that it is hers', async ({
	page,
	portal,
	mailbox,
	signInAs
}) => {
	const token = bearer(portal, 'classerium', 'mail:receive');
	const message = mailFrom('carla@example.com', 'California Privacy Rights', 'Who got my data?');
	const answer = await handOver(page.request, token, message);
	expect([answer.status(), await answer.json()]).toEqual([202, { received: true }]);
	const { text } = await mailbox.next('carla@example.com', /email/);
	await signInAs('carla', '/requests?lang=en');
	await page
		.getByRole('link', { name: /California disclosure/ })
		.first()
		.click();
	await expect(page.getByText('Did you send this?')).toBeVisible();
	await expect(page.locator('#california')).toHaveCount(0);
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Yes, this is mine' }).click();
	await expect(page.locator('#california')).toContainText('2025');

	const stranger = await handOver(
		page.request,
		token,
		mailFrom('nobody@example.org', 'California Privacy Rights', 'Who got my data?')
	);
	expect([stranger.status(), await stranger.json()]).toEqual([202, { received: true }]);
	expect((await mailbox.next('nobody@example.org')).text).toBe(text);
});
