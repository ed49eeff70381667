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

for (const language of ['en', 'ar'])
	test(`a visitor compares two of them word by word in ${language}, also by ear and on paper`, async ({
		page
	}) => {
		await page.goto(`/policy?lang=${language}`);
		await page.locator('a[href="/policy/compare/2014-03-03/2016-06-24"]').first().click();
		const [came, went] = [page.locator('#words ins'), page.locator('#words del')];
		expect(await came.count()).toBeGreaterThan(3);
		expect(await went.count()).toBeGreaterThan(1);
		await expect(came.last()).toHaveText(/[:：].*\S/);
		await expect(went.last()).toHaveCSS('text-decoration-line', 'line-through');
		await page.emulateMedia({ media: 'print' });
		const mark = await went.last().evaluate((node) => getComputedStyle(node, '::before').content);
		expect(mark).toContain('[');
		await page.emulateMedia({ media: 'screen' });
		await expectAccessible(page);
		await page.locator('#others select').first().selectOption('2016-06-24');
		await page.locator('#others button').click();
		await expect(page).toHaveURL(/\/policy\/compare\/2016-06-24\/2016-06-24$/);
		expect((await page.goto('/policy/compare/1999-01-01/2016-06-24'))?.status()).toBe(404);
	});
