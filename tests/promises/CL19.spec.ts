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
	await other.goto('/cookies?lang=en');
	await expect(other.locator('#signal')).toContainText('Sign in with this browser');
	await other.goto('/sign-in?lang=en');
	await other.locator('button[name="account"][value="alice"]').click();
	await expect(other.locator('main')).toContainText('is honoured since');
	// The signal was heard on that very request, and stays when it is gone.
	await page.goto('/cookies?lang=en');
	await expect(page.locator('#signal')).toContainText('Your browser sends no such signal');
	await expect(page.locator('#signal')).toContainText('Opt-out request honoured');
	await expect(page.locator('#yours')).toContainText('Your browser’s signal switched it off');
	await expect(page.locator('#analytics')).toContainText('You switched it off');

	// What she agreed to herself is not overridden: she is asked, once for each.
	await expect(page.locator('#advertising')).toContainText('You agreed to a partner that does this');
	await other.goto('/data');
	await other.getByRole('link', { name: 'Decide which counts' }).click();
	await expectAccessible(other);
	const questions = await other.locator('#signal button[value="keep"]').count();
	for (let answered = 0; answered < questions; answered++) {
		await other.locator('#signal button[value="keep"]').first().click();
		await expect(other.getByRole('status')).toContainText('Kept as you chose');
	}
	await expect(other.locator('#advertising')).toContainText('You agreed to a partner that does this');
	await other.goto('/data');
	await expect(other.getByRole('link', { name: 'Decide which counts' })).toHaveCount(0);
	await signalling.close();
});

test('the well-known addresses say what they must', async ({ portal }) => {
	const ask = (path: string) => fetch(`${portal.address}/.well-known/${path}`, { redirect: 'manual' });
	const gpc = await ask('gpc.json');
	expect(gpc.headers.get('content-type')).toMatch(/^application\/json/);
	expect(await gpc.json()).toEqual({ gpc: true, lastUpdate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) });
	const changePassword = await ask('change-password');
	expect([302, 303, 307]).toContain(changePassword.status);
	expect(changePassword.headers.get('location')).toMatch(/^\/security/);
	const security = await (await ask('security.txt')).text();
	expect(security).toMatch(/^Contact: (mailto|https):/m);
	expect(security.match(/^Expires: .+Z$/gm)).toHaveLength(1);
	expect((await ask('resource-that-should-not-exist-whose-status-code-should-not-be-200')).status).toBe(404);
	const cookies = await fetch(`${portal.address}/cookies`, { headers: { 'Sec-GPC': '0, 1' } });
	expect(cookies.headers.get('vary')).toMatch(/Sec-GPC/);
	expect(await cookies.text()).toContain('Sign in with this browser');
});
