// What comes back by SMS is obeyed: a word at once, people's own words by a member of staff, whose look they see.
import { expectAccessible } from '../support/axe.ts';
import { writeBack } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';
import { staffPage } from '../support/staff.ts';

test.use({ example: 'classerium', ownPortal: true });

const box = (name: string) => `input[type="checkbox"][name="${name}"]`;

test('Alice answers STOP: nothing that she can refuse comes by SMS, other ways go on, and she sees why', async ({
	page,
	portal,
	signInAs
}) => {
	await signInAs('alice', '/messages?lang=en');
	for (const channel of ['sms', 'email']) await page.locator(box(`${channel}.news`)).check();
	await page.locator('button[value="save"]').click();
	expect(await writeBack(portal, 'classerium', 'alice', 'Stop!')).toEqual({ outcome: 'stop' });
	await page.goto('/messages?lang=en');
	await expect(page.locator(box('sms.news'))).not.toBeChecked();
	await expect(page.locator(box('email.news'))).toBeChecked();
	await expect(page.locator('#history')).toContainText('text message');
	await page.goto('/activity');
	await expect(page.locator('main ol')).toContainText('by a text message');
});

test('an officer reads what Carla wrote, writes down what she said on the phone, and Carla reads both', async ({
	browser,
	page,
	portal,
	signInAs
}) => {
	const words = 'please don’t text me again';
	expect(await writeBack(portal, 'classerium', 'carla', words)).toEqual({ outcome: 'stop-like' });
	const staff = await staffPage(browser, portal, 'officer-lee');
	await staff.goto('/staff/replies?lang=en');
	await expect(staff.locator('main')).not.toContainText(words);
	await expectAccessible(staff);
	await staff.locator('main a[href^="/staff/replies/"]').first().click();
	await expect(staff.locator('blockquote')).toHaveText(words);
	await staff.locator('main form [type="submit"]').click();
	await expect(staff.locator('#decision-error')).toBeVisible();
	await expectAccessible(staff);
	await staff.locator('input[name="decision"][value="stopped"]').check();
	await staff.locator('textarea[name="reason"]').fill('She says so.');
	await staff.locator('main form [type="submit"]').click();
	await expect(staff.getByRole('status')).toContainText('Decided');
	await expect(staff.locator('main')).not.toContainText(words);

	const [, , , carla] = new URL(staff.url()).pathname.split('/');
	await staff.goto(`/staff/people/${carla}/stop?lang=en`);
	await expectAccessible(staff);
	await staff.locator('select[name="channel"]').selectOption('phone');
	await staff.locator('textarea[name="reason"]').fill('She called.');
	await staff.locator('main form [type="submit"]').click();
	await expect(staff.getByRole('status')).toContainText('off from now on');

	await signInAs('carla', '/activity?lang=en');
	await expect(page.locator('main ol')).toContainText('nothing more is to come by this way: Phone calls');
	await expect(page.locator('main ol')).toContainText('was read as a stop. Reason: She says so.');
	await expect(page.locator('main ol')).toContainText('looked at what is held');

	// What was written to her, and in numbers what became of everybody's messages.
	await page.goto('/messages/sent');
	await expect(page.locator('main ol li').first()).toContainText('by email');
	await expectAccessible(page);
	await staff.goto('/staff/deliveries?lang=en');
	await expect(staff.locator('main table').first()).toContainText('Email');
	await expect(staff.locator('main')).not.toContainText('carla');
	await expectAccessible(staff);
});
