// What is held of instructors beyond that: complete for them, and for nobody else.
import { expectAccessible } from '../support/axe.ts';
import { categoriesFor } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';
import { takeAway } from '../support/taken-away.ts';

test.use({ example: 'classerium' });
// Many pages, each looked at closely: more than a busy machine does in a minute.
test.slow();

const ofInstructors = () => {
	const common = new Set(categoriesFor('classerium', 'subscriber').map(({ id }) => id));
	return categoriesFor('classerium', 'instructor').filter(({ id }) => !common.has(id));
};

test('Omar, who teaches, sees his page, content, bookings and payouts', async ({ page, signInAs }) => {
	await signInAs('omar', '/data?lang=en');
	for (const { id, label, fields } of ofInstructors()) {
		await page.goto(`/data/${id}`);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(label);
		await expect(page.locator('#values, #records table')).toHaveCount(1);
		for (const field of fields) await expect(page.locator('#values, #records')).toContainText(field.label);
		await expectAccessible(page);
	}
	const files = await takeAway(page);
	for (const { id } of ofInstructors()) expect(files.has(`data/${id}.json`), id).toBe(true);
});

test('Alice, who learns, meets none of it', async ({ page, signInAs }) => {
	await signInAs('alice', '/data');
	for (const { id } of ofInstructors()) {
		await expect(page.locator(`main a[href="/data/${id}"]`)).toHaveCount(0);
		expect((await page.request.get(`/data/${id}`)).status()).toBe(404);
	}
});
