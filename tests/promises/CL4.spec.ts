// The data that everybody on the marketplace has: all of it is there to be seen, field by field.
import { expectAccessible } from '../support/axe.ts';
import { categoriesFor } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium' });
// Many pages, each looked at closely: more than a busy machine does in a minute.
test.slow();

test('Alice finds every kind of data of a subscriber, and every field of each', async ({
	page,
	signInAs
}) => {
	const described = categoriesFor('classerium', 'subscriber');
	await signInAs('alice', '/data');
	await expect(page.locator('main article h3 a')).toHaveCount(described.length);
	await expectAccessible(page);
	for (const { id, label, fields } of described) {
		await page.goto(`/data/${id}`);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(label);
		const shown = page.locator('#values, #records');
		for (const field of fields) await expect(shown).toContainText(field.label);
	}
});

test('entries are walked from the newest to the oldest and back', async ({ page, signInAs }) => {
	await signInAs('alice', '/data/activity');
	await expectAccessible(page);
	const first = await page.locator('tbody time').first().getAttribute('datetime');
	await page.locator('a[rel="next"]').click();
	const second = await page.locator('tbody time').first().getAttribute('datetime');
	expect(String(second) < String(first)).toBe(true);
	await page.locator('a[rel="prev"]').click();
	await expect(page.locator('tbody time').first()).toHaveAttribute('datetime', String(first));
});
