// What lies in other systems stands beside what is held here; of one that is broken people read so, and staff switch it off.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/outside-portal.ts';
import { letIn } from '../support/personas.ts';
import { staffPage } from '../support/staff.ts';

test('Alice turns over what lies in another system, and reads of the broken one that it can’t be asked', async ({
	page,
	portal
}) => {
	await letIn(page, portal.address, 'alice', '/data?lang=en');
	const card = (category: string) =>
		page.locator('main li', { has: page.locator(`a[href="/data/${category}"]`) });
	await expect(card('favourites')).toContainText('25 entries');
	await expect(card('shares')).toContainText('Can’t be asked just now');
	await page.goto('/data/favourites');
	await expect(page.locator('#records tbody tr').first()).toContainText('Course 34');
	await page.locator('#records a[href*="before="]').click();
	await expect(page.locator('#records tbody tr').last()).toContainText('Course 10');
	await page.goto('/data/shares');
	await expect(page.locator('main')).toContainText('which does not answer at the moment');
	await expectAccessible(page);
});

test('an officer switches one off with a reason, and on again', async ({ browser, page, portal }) => {
	await letIn(page, portal.address, 'omar', '/data/favourites?lang=en');
	const staff = await staffPage(browser, portal, 'officer-lee');
	await staff.goto('/staff/sources?lang=en');
	await expectAccessible(staff);
	const first = staff.locator('main form[action="?/off"]').first();
	await staff.locator('main summary').first().click();
	await first.locator('button').click();
	await expect(staff.locator('main')).toContainText('Reason:');
	await first.locator('[name="reason"]').fill('It is being moved.');
	await first.locator('button').click();
	await expect(staff.locator('main')).toContainText('It is being moved.');
	await page.goto('/data/favourites');
	await expect(page.locator('main')).toContainText('which does not answer at the moment');
	await staff.locator('main form[action="?/on"] button').click();
	await expect(staff.locator('main [role="status"]')).toContainText('asked again');
	await page.goto('/data/favourites');
	await expect(page.locator('#records')).toContainText('Course 34');
});
