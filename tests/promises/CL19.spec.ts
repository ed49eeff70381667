// Cookies are explained and refusable: the portal sets only what is needed, and a browser's signal is heard.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true });

test('without a sign-in nothing but the language is remembered, and every cookie is explained', async ({
	page
}) => {
	await page.goto('/cookies?lang=en');
	await expectAccessible(page);
	await expect(page.locator('#site')).toContainText('_ga');
	await expect(page.locator('#refuse')).toContainText('Firefox: Settings');
	await expect(page.locator('#refuse')).toContainText('may be slower');
	const names = (await page.context().cookies()).map(({ name }) => name);
	expect(names.filter((name) => name !== 'language')).toEqual([]);
});

test('Alice switches a cookie’s purpose off with one click, and a browser’s signal does it for her', async ({
	browser,
	baseURL,
	page,
	signInAs
}) => {
	await signInAs('alice', '/cookies?lang=en');
	await page.locator('#analytics button[value="on"]').click();
	await expect(page.locator('#analytics')).toContainText('You allowed it');
	await page.locator('#analytics button[value="off"]').click();
	await expect(page.locator('#analytics')).toContainText('You switched it off');
	await expectAccessible(page);

	const signalling = await browser.newContext({
		baseURL: baseURL as string,
		extraHTTPHeaders: { 'Sec-GPC': '1' }
	});
	const other = await signalling.newPage();
	await other.goto('/sign-in?lang=en');
	await other.locator('button[name="account"][value="alice"]').click();
	await other.goto('/cookies?lang=en');
	await expect(other.locator('#here')).toContainText('Your browser sends the signal');
	await expect(other.locator('#advertising')).toContainText('You switched it off');
	await signalling.close();
});
