// The policy says when it was last changed and which law applies, in every language.
import { expectAccessible } from '../support/axe.ts';
import { describedBy } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';

for (const example of ['classerium', 'classting'] as const)
	test.describe(example, () => {
		test.use({ example });
		const organisation = describedBy(example);

		for (const language of organisation.languages)
			test(`a visitor reads it in ${language}`, async ({ page }) => {
				const current = organisation.policies.versions[0] as (typeof organisation.policies.versions)[number];
				await page.goto(`/policy?lang=${language}`);
				const written = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
				const facts = page.locator('main dl').first();
				for (const day of [current.announced, current.effective])
					await expect(facts).toContainText(written.format(new Date(day)));
				await expect(facts).toContainText(organisation.policies.governingLaw[language] as string);
				await expect(page.locator('article')).toHaveAttribute('lang', language);
				await expectAccessible(page);
			});
	});
