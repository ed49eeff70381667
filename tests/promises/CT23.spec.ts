// A call or a letter to the manager leads to action at once: it becomes a request whose clock runs from its receipt.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';
import { staffPage } from '../support/staff.ts';

test.use({ ownPortal: true });

test('an agent writes a letter down, and Minjun sees which way and when it came, and by when it is answered', async ({
	page,
	portal,
	browser,
	signInAs
}) => {
	const agent = await staffPage(browser, portal, 'agent-choi');
	await agent.getByLabel('Email, phone, username or number').fill('minjun@example.com');
	await agent.getByLabel('Why do you look?').selectOption('The person called or wrote');
	await agent.getByLabel('In your own words').fill('Letter of 19 November');
	await agent.locator('main form [type="submit"]').first().click();
	await agent.getByRole('link', { name: 'Write down a request' }).click();
	await expectAccessible(agent);
	await agent.getByLabel('What is asked').selectOption('Access');
	await agent.getByLabel('Came in by').selectOption('Letter');
	await agent.getByLabel('Received on').fill('2026-11-19');
	await agent.getByLabel('What was said or written').fill('Please tell me what you hold about me.');
	await agent.locator('main form [type="submit"]').first().click();
	await expect(agent.locator('main')).toContainText('Written down');
	await expect(agent.locator('main')).toContainText('November 19, 2026');
	await expect(agent.locator('main')).toContainText('November 29, 2026');
	await expectAccessible(agent);
	await agent.context().close();

	await signInAs('minjun', '/requests?lang=en');
	await page
		.getByRole('link', { name: /Access/ })
		.first()
		.click();
	await expect(page.locator('main')).toContainText(/Came in by\s*Letter/);
	await expect(page.locator('main')).toContainText(/Received\s*November 19, 2026/);
	await expect(page.locator('main')).toContainText('November 29, 2026');
	await page.goto('/activity?lang=en');
	await expect(page.locator('main')).toContainText('Request received: Access');
});
