// Copies are made regularly: anybody sees when the last one was made, and what is late; only an officer writes it down.
import { staffPage } from '../support/staff.ts';
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

test('the last copy is seen by everybody; training that was never written down is late until it is', async ({
	page,
	portal,
	browser
}) => {
	await page.goto('/promises?lang=en');
	await expect(page.locator('#CT30')).toContainText(/Last done \w+ \d+, 2026/);
	const late = page.locator('#CT32 dl');
	await expect(late).toContainText('1');
	const officer = await staffPage(browser, portal, 'officer-yoo');
	await officer.goto('/staff/controls');
	await expect(officer.getByText('overdue')).toHaveCount(1);
	await officer.locator('select[name="control"]').selectOption('training');
	await officer.locator('input[name="note"]').fill('Half a day for everybody');
	await officer.locator('main form [type="submit"]').click();
	await expect(officer.getByRole('status')).toContainText('Written down');
	await expect(officer.getByText('overdue')).toHaveCount(0);

	const agent = await staffPage(browser, portal, 'agent-choi');
	expect((await agent.goto('/staff/controls'))?.status()).toBe(403);
	await page.goto('/promises?lang=en');
	await expectAccessible(page);
});
