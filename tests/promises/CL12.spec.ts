// Stored on secure hosting with a named provider: each kind of data says where, with whom, in which country.
import { expectAccessible } from '../support/axe.ts';
import { categoriesFor, describedBy } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium' });
// Many pages, each looked at closely: more than a busy machine does in a minute.
test.slow();

test('each kind of data names its provider and country', async ({ page, signInAs }) => {
	const { storage, categories } = describedBy('classerium');
	const countries = new Intl.DisplayNames('en', { type: 'region' });
	await signInAs('alice', '/data');
	for (const { id } of categoriesFor('classerium', 'subscriber')) {
		const place = storage.find(
			(described) => described.id === categories.find((category) => category.id === id)?.storage
		);
		await page.goto(`/data/${id}`);
		await expect(page.locator('#facts')).toContainText(place?.provider as string);
		await expect(page.locator('#facts')).toContainText(countries.of(place?.country as string) as string);
	}
	await page.goto('/data');
	await expectAccessible(page);
});
