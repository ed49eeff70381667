// Analytics go to the United States only with a yes: without it the organisation's site loads none (the script for sites).
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ javaScriptEnabled: true });

const choices = readFileSync('static/candor-choices.js', 'utf8');
const html = (
	known = '{}'
) => `<!doctype html><html lang="en"><title>A site</title><main><h1>A site</h1></main>
<script type="text/plain" data-purpose="analytics" src="/analytics.js"></script>
<script src="/candor-choices.js" data-text="May we measure visits?" data-known='${known}'
	data-purposes='{"analytics":"Measuring visits, in the United States"}' data-cookies='{"analytics":["_ga"]}'></script>`;

let address: string;
const asked: string[] = [];
const site = createServer(({ url = '' }, response) => {
	asked.push(url);
	const isScript = url.endsWith('.js');
	response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
	// As strict as a site can be: no inline script, no inline style.
	response.setHeader('Content-Security-Policy', "default-src 'self'");
	if (url === '/analytics.js') response.end('document.cookie = "_ga=1; Path=/";');
	else response.end(isScript ? choices : html(url === '/signed-in' ? '{"analytics":true}' : undefined));
});
test.beforeAll(async () => {
	await new Promise<void>((ready) => void site.listen(0, '127.0.0.1', ready));
	address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
test.afterAll(() => void site.close());
test.beforeEach(() => void asked.splice(0));

test('a visitor is asked once with equal buttons, and nothing is measured before or after a no', async ({
	page
}) => {
	expect(choices.length).toBeLessThan(3_000);
	await page.goto(address);
	const banner = page.getByRole('region', { name: 'Cookies' });
	await expect(banner.getByRole('checkbox')).not.toBeChecked();
	const sizes = await banner
		.getByRole('button')
		.evaluateAll((buttons) => buttons.map((button) => getComputedStyle(button).cssText).length);
	expect(sizes).toBe(3);
	await expectAccessible(page);
	await banner.getByRole('button', { name: 'Refuse all' }).click();
	await expect(banner).toHaveCount(0);
	await page.reload();
	await expect(banner).toHaveCount(0);
	expect(asked).not.toContain('/analytics.js');
	expect((await page.context().cookies()).map(({ name }) => name)).toEqual(['candor-choices']);
});

test('a yes loads it at once, and a later no stops it and takes its cookie away', async ({ page }) => {
	await page.goto(address);
	await page.getByRole('button', { name: 'Allow all' }).click();
	await expect.poll(() => asked).toContain('/analytics.js');
	await page.evaluate(() => (window as unknown as { candorChoices: { open(): void } }).candorChoices.open());
	await page.getByRole('button', { name: 'Refuse all' }).click();
	asked.splice(0);
	await page.reload();
	expect(asked).not.toContain('/analytics.js');
	expect((await page.context().cookies()).map(({ name }) => name)).toEqual(['candor-choices']);
});

test('who decided in the privacy center is not asked, and a browser that says no is heard', async ({
	page
}) => {
	await page.goto(`${address}/signed-in`);
	await expect.poll(() => asked).toContain('/analytics.js');
	await expect(page.getByRole('region', { name: 'Cookies' })).toHaveCount(0);
	asked.splice(0);
	await page.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
	await page.goto(`${address}/signed-in`);
	await expect(page.getByRole('region', { name: 'Cookies' })).toHaveCount(0);
	expect(asked).not.toContain('/analytics.js');
});

test('the directory says to whom, and in which country', async ({ page }) => {
	await page.goto('/partners?lang=en');
	await expect(page.locator('main')).toContainText(/Google Analytics.*United States/s);
});
