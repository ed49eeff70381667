// What arises by use (location, addresses, visits, usage, restrictions) stands apart, as observed, and is all there.
import { expectAccessible } from '../support/axe.ts';
import { describedBy } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';
import { takeAway } from '../support/taken-away.ts';

test('Minjun sees what was noted about him apart from what he gave', async ({ page, signInAs }) => {
	await signInAs('minjun', '/data?lang=en');
	await expectAccessible(page);
	const observed = page.locator('#observed');
	for (const id of ['location', 'visits', 'usage', 'restrictions'])
		await expect(observed.locator(`a[href="/data/${id}"]`)).toBeVisible();
	for (const { id, group, roles } of describedBy('classting').categories)
		if (!roles || roles.includes('student'))
			await expect(page.locator(`#${group} a[href="/data/${id}"]`)).toBeVisible();

	// He was never suspended: what is held of the other kinds goes along.
	const held = ['location', 'visits', 'usage'];
	const files = await takeAway(page, [...held, 'restrictions']);
	for (const id of held) {
		const rows = JSON.parse(files.get(`data/${id}.json`)?.toString() ?? '[]') as object[];
		expect(rows.length, id).toBeGreaterThan(0);
	}
});
