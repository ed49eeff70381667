// Agreeing shows the list of data first, keeps what was shown, gives a receipt, and is taken back with as many clicks.
import type { Page } from '@playwright/test';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

interface Receipt {
	pii_processing: { consent_text: string; language: string; pii_information: { label: string }[] };
	event: { event_state: string };
}

test('Minjun takes an agreement back and gives it again, one click each, and reads what he agreed to', async ({
	page,
	signInAs
}) => {
	await signInAs('minjun', '/sharing/quizgarden?lang=en');
	const consent = page.locator('#consent');
	const take = consent.getByRole('button', { name: /^Take back/ });
	const give = consent.getByRole('button', { name: /^Agree/ });
	if (await give.count()) await give.click();

	await expect(consent).toContainText('If you take it back');
	await take.click();
	await expect(page.getByRole('status')).toContainText('Taken back');
	await expect(consent).toContainText('You took it back');

	await expect(consent).toContainText('I agree that Classting passes the data listed here on to Quizgarden');
	const words = await consent.locator('p.words').innerText();
	await give.click();
	await expect(page.getByRole('status')).toContainText('You agreed');
	const latest = page.locator('#decisions li').first();
	await expect(latest).toContainText(words);
	await latest.locator('summary').click();
	const listed = await page.locator('#fields tbody th').allInnerTexts();
	for (const field of listed) await expect(latest).toContainText(field.trim());
	await expectAccessible(page);
});

test('his receipt says what was shown, and anybody can check it against the public keys', async ({
	page,
	request,
	signInAs
}) => {
	await signInAs('minjun', '/sharing/bookpath?lang=en');
	const consent = page.locator('#consent');
	const give = consent.getByRole('button', { name: /^Agree/ });
	if (!(await give.count())) await consent.getByRole('button', { name: /^Take back/ }).click();
	const words = await consent.locator('p.words').innerText();
	await give.click();
	await page.goto('/consents');
	await expectAccessible(page);
	const card = page.locator('#consent-bookpath');
	await expect(card).toContainText('If you take it back');
	const addressOf = async (name: string) =>
		(await card.getByRole('link', { name }).getAttribute('href')) as string;
	const receipt = (await (await page.request.get(await addressOf('Receipt as data'))).json()) as Receipt;
	expect(receipt).toMatchObject({ pii_processing: { consent_text: words, language: 'en' } });
	await card.locator('summary').click();
	for (const { label } of receipt.pii_processing.pii_information) await expect(card).toContainText(label);

	const jws = (await (await page.request.get(await addressOf('Receipt, signed'))).text()).trim();
	const keys = (await (await request.get('/.well-known/jwks.json')).json()) as JSONWebKeySet;
	const { payload } = await compactVerify(jws, createLocalJWKSet(keys));
	expect(JSON.parse(Buffer.from(payload).toString())).toEqual(receipt);
	const text = await (await page.request.get(await addressOf('Receipt to read'))).text();
	expect(text).toContain(words);

	await card.getByRole('button', { name: /^Take back/ }).click();
	await expect(page.getByRole('status')).toContainText('Taken back');
	await expect(page.locator('#former li').first()).toContainText('Bookpath');
	const foreign = await request.get(await addressOfFormer(page), { maxRedirects: 0 });
	expect(foreign.status()).not.toBe(200);
});

const addressOfFormer = async (page: Page): Promise<string> =>
	(await page.locator('#former a[href$=".json"]').first().getAttribute('href')) as string;

test('Seoyeon, for whom nobody has agreed yet, can not agree to anything', async ({ page, signInAs }) => {
	await signInAs('seoyeon', '/sharing?lang=en');
	await expect(page.locator('#partners')).toContainText('Google Analytics');
	await expect(page.getByRole('button', { name: /^Agree/ })).toHaveCount(0);
});
