// Every version there was can be read, with the days on which it was announced and took effect, in each language.
import { expectAccessible } from '../support/axe.ts';
import { describedBy } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';

const { policies, languages } = describedBy('classting');

for (const language of languages)
	test(`a visitor finds each of them in ${language}`, async ({ page }) => {
		const written = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
		await page.goto(`/policy?lang=${language}`);
		await expect(page.locator('#versions li')).toHaveCount(policies.versions.length);
		for (const { version, announced, effective, text, summary } of policies.versions) {
			await page.goto(`/policy?lang=${language}`);
			await page.locator(`#versions a[href="/policy/${version}"]`).click();
			for (const day of [announced, effective])
				await expect(page.locator('main dl').first()).toContainText(written.format(new Date(day)));
			await expect(page.locator('main')).toContainText(summary[language] as string);
			await expect(page.locator('article')).toHaveAttribute('lang', language);
			const heading = /^# (.+)$/m.exec(text[language] as string)?.[1] as string;
			await expect(page.locator('article')).toContainText(heading);
		}
		await expectAccessible(page);
	});

test('a version that there never was is not found, in the reader’s language', async ({ page }) => {
	const answer = await page.goto('/policy/1999-01-01?lang=es');
	expect(answer?.status()).toBe(404);
	await expect(page.locator('html')).toHaveAttribute('lang', 'es');
});
