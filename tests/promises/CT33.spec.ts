// People look after their own way in: they see where they are signed in, end it, and are told of what they did not do.
import type { Browser } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { emailOf, proveItIsMe, signIn } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classting', ownPortal: true });

const phone =
	'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';

const otherBrowser = async (browser: Browser, baseURL: string | undefined, given: object = {}) =>
	(await browser.newContext({ baseURL: baseURL as string, locale: 'en-GB', ...given })).newPage();

test('a session that Minjun ends elsewhere opens nothing any more', async ({
	page,
	browser,
	baseURL,
	signInAs
}) => {
	await signInAs('minjun', '/security?lang=en');
	const lost = await otherBrowser(browser, baseURL, { userAgent: phone });
	await signIn(lost, 'minjun', '/data');
	await page.reload();
	await expectAccessible(page);
	const sessions = page.locator('#sessions');
	await expect(sessions.getByRole('listitem')).toHaveCount(2);
	await expect(sessions).toContainText('Chrome on Android');
	await sessions.getByRole('button', { name: /End this Chrome on Android/ }).click();
	await expect(page.getByRole('status')).toContainText('has ended');
	await expect(sessions.getByRole('listitem')).toHaveCount(1);
	await lost.goto('/data');
	await expect(lost).toHaveURL(/\/sign-in\?next=%2Fdata/);
});

test('signing out everywhere else leaves this browser alone', async ({
	page,
	browser,
	baseURL,
	signInAs
}) => {
	await signInAs('minjun', '/security?lang=en');
	const others = await Promise.all([1, 2].map(() => otherBrowser(browser, baseURL)));
	for (const other of others) await signIn(other, 'minjun');
	await page.reload();
	await page.getByRole('button', { name: 'Sign out everywhere else (2)' }).click();
	await expect(page.getByRole('status')).toContainText('everywhere else');
	await expect(page.locator('#sessions').getByRole('listitem')).toHaveCount(1);
	for (const other of others) {
		await other.goto('/');
		await expect(other).toHaveURL(/\/sign-in/);
	}
});

test('a sign-in from a new kind of browser is told by mail', async ({
	browser,
	baseURL,
	mailbox,
	signInAs
}) => {
	await signInAs('minjun');
	await signIn(await otherBrowser(browser, baseURL, { userAgent: phone }), 'minjun');
	const letter = await mailbox.next(emailOf('minjun'));
	expect(letter.text).toContain('/security');
});

test('a new email counts after its code, and the old one is told', async ({ page, mailbox, signInAs }) => {
	await signInAs('minjun', '/security?lang=en');
	await page.goto('/security/email');
	await expect(page).toHaveURL(/\/security\/prove/);
	await expectAccessible(page);
	await proveItIsMe(page);
	await page.locator('input[name="value"]').fill('minjun.kim@example.org');
	await page.locator('form:has(input[name="value"]) button').click();
	await expectAccessible(page);
	const code = await mailbox.code('minjun.kim@example.org');
	await page.locator('input[name="code"]').fill('000000');
	await page.locator('form:has(input[name="code"]) button').click();
	await expect(page.getByRole('alert')).toContainText('does not fit');
	await page.locator('input[name="code"]').fill(code);
	await page.locator('form:has(input[name="code"]) button').click();
	await expect(page.getByRole('status')).toContainText('email address was changed');
	await expect(page.locator('#methods')).toContainText('minjun.kim@example.org');
	expect((await mailbox.next(emailOf('minjun'))).text).not.toContain('minjun.kim@example.org');
});

test('whoever has no password gets in by a code, and a page asked for is the page they see', async ({
	page,
	mailbox
}) => {
	await page.goto('/recover?next=%2Fexport&lang=en');
	await expectAccessible(page);
	await page.locator('input[name="identifier"]').fill('teacher-kim');
	await page.locator('form:has(input[name="identifier"]) button').click();
	await expectAccessible(page);
	await page.locator('input[name="code"]').fill(await mailbox.code(emailOf('teacher-kim')));
	await page.locator('form:has(input[name="code"]) button').click();
	await page.locator('input[name="new-password"]').fill('passwordpassword');
	await page.locator('form:has(input[name="new-password"]) button').click();
	await expect(page.getByRole('alert')).toContainText('repeats');
	await expectAccessible(page);
	await page.locator('input[name="new-password"]').fill('bamboo lamps sleep on Tuesdays');
	await page.locator('form:has(input[name="new-password"]) button').click();
	await expect(page).toHaveURL(/\/export/);
});

test('guessing is slowed down, and says for how long', async ({ page, baseURL }) => {
	const origin = baseURL as string;
	const guess = () =>
		page.request.post('/sign-in', {
			form: { identifier: 'minjun', password: 'guess' },
			headers: { origin, accept: 'text/html' }
		});
	for (let count = 0; count < 5; count++) expect((await guess()).status()).toBe(400);
	const answer = await guess();
	expect(answer.status()).toBe(429);
	expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(0);
});

test('whatever is sent to these forms, the answer is clear', async ({ page, baseURL, signInAs }) => {
	await signInAs('minjun', '/security?lang=en');
	const origin = baseURL as string;
	const values = [
		'',
		'\u0000',
		'\u202eevil',
		"' or 1=1 --",
		'<img src=x>',
		'💥'.repeat(200),
		'x'.repeat(200_000)
	];
	const forms: [string, string[]][] = [
		['/recover', ['identifier']],
		['/recover/code', ['code']],
		['/recover/password', ['new-password']],
		['/security?/end', ['session']],
		['/security/prove?/code', ['code']],
		['/security/email?/change', ['value']],
		['/security/email?/confirm', ['code']],
		['/security/code', ['code']],
		['/security/password', ['new-password']]
	];
	for (const [address, [field = '']] of forms)
		for (const value of values) {
			const answer = await page.request.post(address, {
				form: { [field]: value },
				headers: { origin, accept: 'text/html' }
			});
			expect(answer.status(), `${address} with ${JSON.stringify(value.slice(0, 20))}`).toBeLessThan(500);
			expect(await answer.text()).not.toContain('<img src=x>');
		}
	for (const address of [
		'/security/nothing',
		'/link/x',
		'/link/%00',
		'/sign-in?next=//evil.example',
		'/security/prove?next=https://evil.example&action=%00'
	])
		expect((await page.request.get(address)).status(), address).toBeLessThan(500);
});
