// The public bodies that help are listed, named in the reader's language, those of the reader's country first of all.
import { expectAccessible } from '../support/axe.ts';
import { describedBy } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';

for (const example of ['classting', 'classerium'] as const)
	test.describe(example, () => {
		test.use({ example });
		const { organisation, languages } = describedBy(example);

		for (const language of languages)
			test(`a visitor sees all of them in ${language}`, async ({ page }) => {
				await page.goto(`/contact?lang=${language}`);
				const cards = page.locator('#authorities li:has(h3)');
				await expect(cards).toHaveCount(organisation.authorities.length);
				const countries = new Intl.DisplayNames(language, { type: 'region' });
				for (const authority of organisation.authorities) {
					const card = cards.filter({
						has: page.getByRole('heading', { name: authority.name[language] as string, exact: true })
					});
					if (authority.url) await expect(card.locator(`a[href="${authority.url}"]`)).toBeVisible();
					if (authority.phone) await expect(card.locator('a[href^="tel:"]')).toHaveText(authority.phone);
					for (const code of authority.countries)
						if (code !== '*') await expect(card).toContainText(countries.of(code) as string);
				}
				await expectAccessible(page);
			});
	});

test.describe('somebody of a country', () => {
	test.use({ example: 'classerium' });

	test('sees those of that country', async ({ page, signInAs }) => {
		const { organisation } = describedBy('classerium');
		await signInAs('carla', '/contact?lang=en');
		const near = organisation.authorities.filter(
			({ countries }) => countries.includes('US') || countries.includes('*')
		);
		await expect(page.locator('#authorities li:has(h3)')).toHaveCount(
			(near.length ? near : organisation.authorities).length
		);
	});
});
