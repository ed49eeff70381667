// The data that everybody on the marketplace has: all of it is there to be seen, field by field.
import { expectAccessible } from '../support/axe.ts';
import { categoriesFor } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';
import { takeAway } from '../support/taken-away.ts';

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

	const files = await takeAway(page);
	for (const { id, fields } of described) {
		expect(files.has(`data/${id}.json`), id).toBe(true);
		const schema = files.get(`schemas/${id}.schema.json`)?.toString();
		for (const field of fields) expect(schema, `${id} lacks ${field.id}`).toContain(`"${field.id}"`);
	}
	const data = [...files.keys()].flatMap((path) => /^data\/(.+)\.json$/.exec(path)?.[1] ?? []);
	expect(data.sort()).toEqual(described.map(({ id }) => id).sort());
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
