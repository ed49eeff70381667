// Whoever has left can prove it: with a code, without an account, in front of anybody.
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, compactVerify, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { expectAccessible } from '../support/axe.ts';
import { askToLeave, openClaim, untilClosed, untilErased } from '../support/claim.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });
test.slow();

const minjun = 'minjun@example.com';

/** What the button gives, as text. */
async function downloaded(page: Page, name: string): Promise<string> {
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name }).click()
	]);
	return readFileSync(await download.path(), 'utf8');
}

test('Minjun plans his last day, leaves, and shows the certificate to anybody who asks', async ({
	page,
	portal,
	mailbox,
	signInAs
}, testInfo) => {
	await signInAs('minjun', '/?lang=en');
	const code = await askToLeave(page);
	expect((await mailbox.next(minjun)).text).toContain(code);
	await expectAccessible(page);
	await expect(page.locator('main')).toContainText('We remind you');
	await expect(page.locator('main')).toContainText('No advertising is sent to you');
	const calendar = await page.request.get('/withdrawal/calendar');
	expect(calendar.headers()['content-type']).toBe('text/calendar; charset=utf-8');
	expect(calendar.headers()['content-disposition']).toBe('attachment; filename="classting.ics"');
	expect(await calendar.text()).toContain('DTSTART;VALUE=DATE:20261129\r\n');
	expect(await calendar.text()).not.toMatch(/destroy|leave|withdraw|Minjun/i);

	await page.context().clearCookies();
	await openClaim(page, code.toLowerCase().replaceAll('-', ' '));
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(
		'Your data is destroyed on November 29, 2026'
	);
	await expectAccessible(page);

	portal.clock.pass(7, 'days');
	await untilErased(mailbox, minjun);
	await openClaim(page, code);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your data was destroyed');
	await expectAccessible(page);
	const certificate = page.getByRole('article', { name: 'Certificate of destruction' });
	await expect(certificate).toContainText('1 (preliminary)');
	await expect(certificate).toContainText('no row was left');
	await expect(certificate).toContainText('until December 6, 2026');
	await expect(certificate).toContainText('Posts and comments');
	await expect(page.locator('body')).not.toContainText(/minjun/i);

	await page.emulateMedia({ media: 'print' });
	await expect(certificate).toBeVisible();
	for (const what of ['header button', 'nav', 'article button', 'h1'])
		await expect(page.locator(what).filter({ visible: true }), what).toHaveCount(0);
	await page.screenshot({ path: testInfo.outputPath('certificate.png'), fullPage: true });
	await page.emulateMedia({ media: null });

	const jws = await downloaded(page, 'Signed certificate (JWS)');
	const keys = (await (await page.request.get('/.well-known/jwks.json')).json()) as JSONWebKeySet;
	const { payload } = await compactVerify(jws, createLocalJWKSet(keys));
	const said = JSON.parse(new TextDecoder().decode(payload)) as { destroyed: { records: number }[] };
	expect(decodeProtectedHeader(jws)).toMatchObject({ alg: 'EdDSA', typ: 'candor-certificate+jws' });
	expect(JSON.parse(await downloaded(page, 'Certificate as JSON'))).toEqual(said);
	const total = said.destroyed.reduce((sum, { records }) => sum + records, 0);
	await expect(certificate).toContainText(`${total} entries destroyed`);
	const [head, body, signature] = jws.split('.') as [string, string, string];
	const other = Buffer.from(JSON.stringify({ ...said, destroyed: [] })).toString('base64url');
	for (const forged of [`${head}.${other}.${signature}`, `${head}.${body}.${signature.slice(2)}AA`])
		await expect(compactVerify(forged, createLocalJWKSet(keys))).rejects.toThrow();

	portal.clock.pass(31, 'days');
	await untilClosed(mailbox, minjun);
	await openClaim(page, code);
	await expect(page.getByRole('heading', { level: 1 })).toContainText('the case is closed');
	await expect(certificate).toContainText('2 (final)');
	await page.getByRole('button', { name: '한국어' }).click();
	await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
	await expect(page.getByRole('article')).toContainText('개인정보 파기 확인서');
});

test('a code that is wrong, cut off or somebody else’s invention is refused in the same words', async ({
	page,
	signInAs
}) => {
	await signInAs('teacher-kim', '/?lang=en');
	const code = await askToLeave(page);
	await page.context().clearCookies();
	const wrong = [
		code.slice(0, -1),
		`${code}A`,
		code.split('-').toReversed().join('-'),
		'AAAA-AAAA-AAAA-AAAA-AAAA',
		"' or 1=1 --",
		'x'.repeat(5_000)
	];
	for (const typed of wrong) {
		const answer = await page.request.post('/claim?lang=en', {
			form: { code: typed },
			headers: { origin: new URL(page.url()).origin, accept: 'text/html' }
		});
		expect(answer.status(), typed.slice(0, 40)).toBe(404);
		expect(await answer.text()).toContain('This code leads to nothing');
		const file = await page.request.post('/claim/certificate', {
			form: { code: typed, format: 'jws' },
			headers: { origin: new URL(page.url()).origin }
		});
		expect(file.status()).toBe(404);
	}
	await openClaim(page, wrong[0] as string);
	await expect(page.getByRole('alert')).toContainText('This code leads to nothing');
	await expect(page.locator('input[name="code"]')).toHaveValue(wrong[0] as string);
	await expectAccessible(page);
	// Before the end there is a state, and no certificate yet.
	await openClaim(page, code);
	await expect(page.getByRole('article')).toHaveCount(0);
});

test('a parent cannot stay for a child by sending the form, and asking twice opens nothing twice', async ({
	page,
	signInAs
}) => {
	await signInAs('seoyeon', '/?lang=en');
	const code = await askToLeave(page);
	await page.goto('/withdrawal/confirm?lang=en');
	await expect(page).toHaveURL(/\/withdrawal(\?|$)/);
	await expect(page.locator('#claim-code')).toHaveValue(code);
	await page.context().clearCookies();

	await signInAs('parent-park', '/?lang=en');
	const origin = new URL(page.url()).origin;
	for (const form of [{}, { person: 'seoyeon' }, { code }]) {
		const answer = await page.request.post('/withdrawal?/cancel', {
			form,
			headers: { origin, accept: 'text/html' }
		});
		expect(answer.status()).toBe(409);
	}
	expect((await page.request.get('/withdrawal/calendar')).status()).toBe(404);
	await page.context().clearCookies();
	await openClaim(page, code);
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Your data is destroyed on');
});
