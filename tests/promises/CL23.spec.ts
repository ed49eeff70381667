// Everything held is handed over to whoever proved to be that person, and to nobody else.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expectAccessible } from '../support/axe.ts';
import { categoriesFor } from '../support/described.ts';
import { neverReady } from '../support/never-ready.ts';
import { openedWith } from '../support/passphrase.ts';
import { proveItIsMe, signIn } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';
import { fetchNewest, orderTicked } from '../support/taken-away.ts';
import { entriesOf } from '../support/zip.ts';

test.use({ example: 'classerium', ownPortal: true });

interface Manifest {
	complete: boolean;
	language: string;
	files: { path: string; bytes: number; sha256: string; records: number }[];
}

test('Alice takes everything away in Korean, and it is what its list says', async ({ page, signInAs }) => {
	await signInAs('alice', '/export?lang=ko');
	await expectAccessible(page);
	const { bytes: zip, name } = await orderTicked(page);
	expect(name).toBe('classerium-2026-11-22.zip');
	const entries = entriesOf(zip);
	const read = (path: string) => entries.get(path) as Buffer;
	const manifest = JSON.parse(read('manifest.json').toString()) as Manifest;
	expect(manifest).toMatchObject({ complete: true, language: 'ko' });
	expect([...entries.keys()].sort()).toEqual(
		[...manifest.files.map(({ path }) => path), 'manifest.json', 'manifest.jws'].sort()
	);
	for (const { path, bytes, sha256 } of manifest.files) {
		expect(read(path).length, path).toBe(bytes);
		expect(createHash('sha256').update(read(path)).digest('hex'), path).toBe(sha256);
	}
	for (const { id, fields } of categoriesFor('classerium', 'subscriber')) {
		const schema = read(`schemas/${id}.schema.json`).toString();
		for (const field of fields) expect(schema, `${id} has no ${field.id}`).toContain(`"${field.id}"`);
		expect(JSON.parse(read(`data/${id}.json`).toString())).toBeInstanceOf(Array);
	}
	const viewer = read('index.html').toString();
	expect(viewer).toContain('<html lang="ko" dir="ltr">');
	// Links lead out when somebody follows them; nothing is fetched.
	expect(viewer).not.toMatch(/<script|src="https?:|<link[^>]+href="https?:|url\(/);
	for (const [path, content] of entries)
		expect(content.toString('latin1'), path).not.toMatch(/\$argon2|password_?hash/i);
});

test('the readable page inside opens without a network, in Arabic from the right', async ({
	page,
	browser,
	signInAs
}) => {
	await signInAs('alice', '/export?lang=ar');
	const { bytes: zip } = await orderTicked(page);
	const offline = await (
		await browser.newContext({ offline: true, viewport: { width: 360, height: 800 } })
	).newPage();
	const file = test.info().outputPath('index.html');
	writeFileSync(file, entriesOf(zip).get('index.html') as Buffer);
	await offline.goto(pathToFileURL(file).href);
	await expect(offline.locator('html')).toHaveAttribute('dir', 'rtl');
	await expect(offline.locator('section').first()).toBeVisible();
	expect(await offline.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
	await expectAccessible(offline);
});

test('curl goes on where a download broke off', async ({ page, context, baseURL, signInAs }) => {
	test.skip(spawnSync('curl', ['--version']).status !== 0, 'there is no curl here');
	await signInAs('alice', '/export?lang=en');
	const { bytes, address } = await orderTicked(page);
	const file = test.info().outputPath('resumed.zip');
	writeFileSync(file, bytes.subarray(0, 10_000));
	const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`);
	const how = ['--silent', '--show-error', '--fail', '--continue-at', '-', '--output', file];
	execFileSync('curl', [...how, '--cookie', cookies.join('; '), new URL(address, baseURL).href]);
	expect(readFileSync(file).equals(bytes)).toBe(true);
});

test('only the kinds that Alice chose are inside', async ({ page, signInAs }) => {
	await signInAs('alice', '/export?lang=en');
	const boxes = page.locator('input[name="category"]');
	const kept = await boxes.first().getAttribute('value');
	for (const box of (await boxes.all()).slice(1)) await box.uncheck();
	const { bytes: zip } = await orderTicked(page);
	expect([...entriesOf(zip).keys()].filter((path) => path.startsWith('data/')).sort()).toEqual([
		`data/${kept}.csv`,
		`data/${kept}.json`
	]);
	await page.goto('/export?lang=en');
	for (const box of await boxes.all()) await box.uncheck();
	await page.locator('form:has(input[name="category"]) [type="submit"]:not([formmethod])').click();
	await expect(page.getByRole('alert')).toBeVisible();
	await expectAccessible(page);
});

test('Alice keeps it longer and locks it with a passphrase, in Korean on a small screen, and it opens with that', async ({
	page,
	signInAs
}) => {
	await page.setViewportSize({ width: 360, height: 800 });
	await signInAs('alice', '/export?lang=ko');
	const { bytes: plain, address } = await orderTicked(page);
	await page.goto(`${address}/keep`);
	await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
	await expectAccessible(page);
	await page.locator('form[action="?/longer"] [type="submit"]').click();
	await expect(page).toHaveURL(/done=longer/);
	await expectAccessible(page);
	const passphrase = 'the walrus sings on Tuesdays';
	for (const name of ['passphrase', 'again']) await page.locator(`input[name="${name}"]`).fill(passphrase);
	await page.locator('form[action="?/lock"] [type="submit"]').click();
	// Here at once, or from a page that looks again by itself.
	await expect(page.locator('main')).toContainText('age --decrypt', { timeout: 60_000 });
	await expectAccessible(page);
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
	await page.goto('/export');
	const { bytes: sealed, name } = await fetchNewest(page);
	expect(name).toBe('classerium-2026-11-22.zip.age');
	expect((await openedWith(passphrase, sealed)).equals(plain)).toBe(true);
});

test('a page that tells how far a download is goes on telling when the portal was started anew', async ({
	page,
	portal,
	signInAs
}) => {
	test.skip(test.info().project.name === 'without-script', 'without script the page asks by itself');
	await signInAs('alice');
	const made = neverReady(portal);
	await page.goto('/export?lang=en');
	const words = page.locator('[data-words]');
	await expect(words).toContainText('1 of 9');
	made.tell(2);
	await expect(words).toContainText('2 of 9');
	await portal.restart(() => made.tell(3));
	await expect(words).toContainText('3 of 9', { timeout: 60_000 });
});

test('before she orders it Alice reads what to expect of a part of it, in files of a size', async ({
	page,
	signInAs
}) => {
	await signInAs('alice', '/export?lang=en');
	const all = await page.locator('#estimate').innerText();
	for (const box of (await page.locator('input[name="category"]').all()).slice(1)) await box.uncheck();
	await page.locator('summary').first().click();
	await page.locator('input[name="volume-size"][value="50"]').check();
	await page.locator('input[name="since"]').fill('2026-01-01');
	await page.locator('[formmethod="get"]').click();
	await expect(page).toHaveURL(/volume-size=50/);
	await expect(page.locator('#estimate')).not.toHaveText(all);
	await expect(page.locator('input[name="category"]').nth(1)).not.toBeChecked();
	await expect(page.locator('input[name="since"]')).toHaveValue('2026-01-01');
	await expectAccessible(page);
});

test('when the proof is old, it is asked for again, and what was chosen stays chosen', async ({
	page,
	portal,
	signInAs
}) => {
	await signInAs('alice', '/export?lang=en');
	portal.clock.pass(6, 'minutes');
	const boxes = page.locator('input[name="category"]');
	await boxes.first().uncheck();
	await page.locator('form:has(input[name="category"]) [type="submit"]:not([formmethod])').click();
	await expect(page).toHaveURL(/\/security\/prove/);
	await expectAccessible(page);
	await proveItIsMe(page);
	await expect(page).toHaveURL(/\/export\?/);
	await expect(boxes.first()).not.toBeChecked();
	await expect(boxes.nth(1)).toBeChecked();
	expect((await orderTicked(page)).bytes.length).toBeGreaterThan(1_000);
	await page.goto('/activity');
	await expect(page.locator('main')).toContainText('Proved again who is signed in, by password');
});

test('nobody else opens the file: not Omar, not a stranger, not an old session of hers', async ({
	page,
	browser,
	baseURL,
	portal,
	signInAs
}) => {
	await signInAs('alice', '/export?lang=en');
	const { address } = await orderTicked(page);
	const other = async () => (await browser.newContext({ baseURL: baseURL as string })).newPage();
	const [omar, hers, stranger] = [await other(), await other(), await other()];
	await signIn(omar, 'omar');
	expect((await omar.request.get(address)).status()).toBe(404);
	await signIn(hers, 'alice');
	portal.clock.pass(6, 'minutes');
	const without = { maxRedirects: 0 };
	expect((await hers.request.get(address, without)).headers()['location']).toContain('/security/prove');
	expect((await stranger.request.get(address, without)).headers()['location']).toContain('/sign-in');
	expect((await page.request.get(address)).headers()['content-type']).toBe('application/zip');
	const progress = `${address}/progress`;
	expect((await omar.request.get(progress)).status()).toBe(404);
	expect((await stranger.request.get(progress, without)).headers()['location']).toContain('/sign-in');
	const told = await page.request.get(progress);
	expect(told.headers()['content-type']).toContain('text/event-stream');
	expect(await told.text()).toBe('event: done\ndata:\n\n');
	await page.goto('/activity?lang=en');
	await expect(page.locator('main')).toContainText(/download|copy|export/i);
});
