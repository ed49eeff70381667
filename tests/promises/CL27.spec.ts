// Requests are answered within 30 days: the day is shown, staff are reminded on day 25, day 31 raises the alarm.
import { expectAccessible } from '../support/axe.ts';
import { candorOn } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';
import { staffPage } from '../support/staff.ts';

test.use({ example: 'classerium', ownPortal: true });

test('Alice sees the day and the rule; on day 25 the officer is written to, on day 31 both see that it is overdue', async ({
	page,
	portal,
	browser,
	mailbox,
	signInAs
}) => {
	await signInAs('alice', '/requests/new?kind=question&lang=en');
	await page.locator('textarea[name="text"]').fill('Why do you keep my country?');
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();
	await expect(page.locator('main')).toContainText('December 22, 2026');
	await expect(page.locator('main')).toContainText('says that it answers within 30 days');
	const mine = page.url();

	portal.clock.pass(25, 'days');
	candorOn(portal, 'classerium', 'work', '--once');
	const reminder = await mailbox.next('privacy@classerium.example.com', /due/);
	expect(reminder.text).not.toContain('country');

	portal.clock.pass(6, 'days');
	candorOn(portal, 'classerium', 'work', '--once');
	await signInAs('alice', new URL(mine).pathname);
	await expect(page.locator('main')).toContainText('The answer is overdue');
	await expect(page.locator('#bodies a').first()).toBeVisible();
	await expectAccessible(page);
	await page.goto('/activity?lang=en');
	await expect(page.locator('main')).toContainText('A request became overdue');

	const officer = await staffPage(browser, portal, 'officer-lee');
	await officer.goto('/staff/requests?kind=question&lang=en');
	await expect(officer.locator('tbody tr').first()).toContainText('Overdue');
	await expectAccessible(officer);
	await officer.context().close();
});
