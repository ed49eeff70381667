// There is a named head of privacy, and a way to reach them, in every language and without an account.
import { expectAccessible } from '../support/axe.ts';
import { describedBy } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';

const { organisation, languages } = describedBy('classting');

for (const language of languages)
	test(`a visitor finds them in ${language}`, async ({ page }) => {
		await page.goto('/?lang=' + language);
		await page.locator('footer a[href="/contact"]').click();
		const officer = page.locator('#officer');
		await expect(officer).toContainText(organisation.officer.name[language] as string);
		await expect(officer).toContainText(organisation.officer.role?.[language] as string);
		await expect(officer.locator(`a[href="mailto:${organisation.officer.email}"]`)).toBeVisible();
		await expect(officer.locator('a[href^="tel:"]')).toHaveText(organisation.officer.phone as string);
		await expectAccessible(page);
	});
