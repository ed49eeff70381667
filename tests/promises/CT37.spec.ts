// Linked sites are not covered: every link that leads away says so, to the eye and to the ear.
import { translationIn } from '../../src/lib/i18n/catalogues.ts';
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

const publicPages = [
	'/sign-in',
	'/recover',
	'/policy',
	'/policy/2014-03-03',
	'/partners',
	'/promises',
	'/contact',
	'/cookies',
	'/unsubscribe/x',
	'/link/x',
	'/claim',
	'/nowhere'
];
const personalPages = [
	'/',
	'/data',
	'/data/visits',
	'/sharing',
	'/sharing/google-analytics',
	'/requests/new',
	'/withdrawal',
	'/security',
	'/contact'
];

/** Runs in the page: links to other origins, and what each says of itself. */
const outsideLinks = () =>
	[...document.querySelectorAll<HTMLAnchorElement>('a[href]')]
		.filter(({ href, origin }) => /^https?:/.test(href) && origin !== location.origin)
		.map(({ href, rel, title, textContent }) => ({ href, rel, said: `${title} ${textContent}` }));

for (const language of ['en', 'ko', 'es', 'ar'])
	test(`in ${language} no link leaves silently`, async ({ page, signInAs }) => {
		const { t } = translationIn(language);
		const hints = [t('common:leaves'), t('sharing:partners.leaving')];
		let count = 0;
		const look = async (address: string) => {
			await page.goto(`${address}?lang=${language}`);
			for (const { href, rel, said } of await page.evaluate(outsideLinks)) {
				count += 1;
				expect(
					hints.some((hint) => said.includes(hint)),
					`${address}: ${href} says “${said}”`
				).toBe(true);
				expect(rel, `${address}: ${href}`).toContain('noreferrer');
			}
		};
		for (const address of publicPages) await look(address);
		expect(count).toBeGreaterThan(3);
		await signInAs('minjun');
		for (const address of personalPages) await look(address);
	});

test('the pages that lead away say that their promises end there', async ({ page }) => {
	for (const address of ['/partners', '/contact']) {
		await page.goto(`${address}?lang=en`);
		await expect(page.locator('main')).toContainText(/websites/);
		await expectAccessible(page);
	}
});
