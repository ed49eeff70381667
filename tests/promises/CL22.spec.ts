// An account is erased on request: asked for, taken back until the day that was named, and then done for good.
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { openClaim, untilErased } from '../support/claim.ts';
import { categoriesFor, describedBy } from '../support/described.ts';
import { password, proveItIsMe } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true });

/** From the page that tells the consequences to the request itself. */
async function askToLeave(page: Page): Promise<void> {
	await page.goto('/withdrawal?lang=en');
	await page.getByRole('link', { name: 'Continue to leave' }).click();
	await expect(page).toHaveURL(/\/security\/prove/);
	await proveItIsMe(page);
	await page.getByLabel(/To confirm, type the word/).fill('leave');
	await page.getByRole('button', { name: 'Leave for good' }).click();
	await expect(page.getByRole('status')).toContainText('Your request is in');
}

/** Everything that a person's pages say of what is held for as long as they stay. */
async function heldOf(page: Page): Promise<string[]> {
	const { categories, retention } = describedBy('classerium');
	const expires = (id: string) =>
		retention.find((rule) => rule.id === categories.find((category) => category.id === id)?.retention)
			?.from === 'record';
	const texts: string[] = [];
	for (const { id } of categoriesFor('classerium', 'instructor').filter(({ id }) => !expires(id))) {
		await page.goto(`/data/${id}?lang=en`);
		texts.push(await page.locator('#values, #records').innerText());
	}
	expect(texts.length).toBeGreaterThan(3);
	return texts;
}

test('Alice is told what follows, must mean it, and can say why', async ({ page, signInAs }) => {
	await signInAs('alice', '/withdrawal?lang=en');
	await expectAccessible(page);
	await page.getByRole('link', { name: 'Continue to leave' }).click();
	await proveItIsMe(page);
	await expectAccessible(page);
	await page.getByLabel('Anything you want to tell us').fill('I am moving house 👋');
	await page.getByLabel(/To confirm, type the word/).fill('stay');
	await page.getByRole('button', { name: 'Leave for good' }).click();
	await expect(page.getByRole('alert')).toBeVisible();
	await expect(page.getByLabel('Anything you want to tell us')).toHaveValue('I am moving house 👋');
	await expectAccessible(page);
	await page.getByLabel(/To confirm, type the word/).fill(' LEAVE ');
	await page.getByRole('button', { name: 'Leave for good' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toContainText(
		'Your data is destroyed on December 6, 2026'
	);
	await expectAccessible(page);
});

test('Alice changes her mind within the days she was given, and nothing was lost', async ({
	page,
	portal,
	mailbox,
	signInAs
}) => {
	await signInAs('alice', '/data/profile?lang=en');
	await page.goto('/profile?lang=en');
	const before = await page.locator('main').innerText();
	await askToLeave(page);
	await mailbox.next('alice@example.com');
	portal.clock.pass(13, 'days');
	await page.context().clearCookies();
	await signInAs('alice', '/?lang=en');
	await expect(page.locator('main, body').first()).toContainText('December 6, 2026');
	await page.goto('/withdrawal');
	await page.getByRole('button', { name: 'Stay after all' }).click();
	await expect(page.getByRole('status')).toContainText('You stay');
	await mailbox.next('alice@example.com', /stay/i);

	portal.clock.pass(30, 'days');
	await page.context().clearCookies();
	await signInAs('alice', '/profile?lang=en');
	expect(await page.locator('main').innerText()).toBe(before);
});

test('when the days are over the account is gone, and Omar has lost nothing', async ({
	page,
	browser,
	baseURL,
	portal,
	mailbox,
	signInAs
}) => {
	await signInAs('omar');
	const untouched = await heldOf(page);
	await page.context().clearCookies();
	await signInAs('alice');
	await askToLeave(page);
	const code = await page.locator('#claim-code').inputValue();
	expect((await mailbox.next('alice@example.com')).text).toContain(code);
	portal.clock.pass(14, 'days');
	await untilErased(mailbox, 'alice@example.com');

	const stranger = await (
		await browser.newContext({ baseURL: baseURL as string, locale: 'en-GB' })
	).newPage();
	await openClaim(stranger, code);
	await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Your data was destroyed');
	await expectAccessible(stranger);
	expect(await mailbox.messages('alice@example.com')).toHaveLength(1);

	await page.goto('/data');
	await expect(page).toHaveURL(/\/sign-in/);
	await stranger.goto('/sign-in?lang=en');
	await stranger.locator('input[name="identifier"]').fill('alice');
	await stranger.locator('input[name="password"]').fill(password);
	await stranger.locator('form:has(input[name="password"]) [type="submit"]').first().click();
	await expect(stranger.getByRole('alert')).toContainText('fit together');

	await signInAs('omar');
	expect(await heldOf(page)).toEqual(untouched);
});

test('an erasure that is asked for elsewhere is the same withdrawal, and Alice can still stay', async ({
	page,
	portal,
	request,
	signInAs
}) => {
	const { bearer, personOf } = await import('../support/operator.ts');
	const { externalId } = await personOf(portal, 'classerium', 'alice@example.com');
	const headers = { ...bearer(portal, 'classerium', 'people:write'), 'Idempotency-Key': 'letter-17' };
	const answer = await request.delete(`/api/v1/people/${externalId}`, { headers });
	expect(answer.status(), await answer.text()).toBe(202);
	await signInAs('alice', '/withdrawal?lang=en');
	await expect(page.getByRole('heading', { level: 1 })).toContainText(
		'Your data is destroyed on December 6, 2026'
	);
	await page.getByRole('button', { name: 'Stay after all' }).click();
	await expect(page.getByRole('status')).toContainText('You stay');
});

test('a mail that asks for it waits for Alice, and leads her to the same withdrawal', async ({
	page,
	portal,
	signInAs
}) => {
	const { bearer } = await import('../support/operator.ts');
	const { handOver, mailFrom } = await import('../support/mails.ts');
	const token = bearer(portal, 'classerium', 'mail:receive');
	const message = mailFrom('alice@example.com', 'Please delete my account', 'All of it.');
	expect((await handOver(page.request, token, message)).status()).toBe(202);
	await signInAs('alice', '/requests?lang=en');
	await page.getByRole('link', { name: /Erasure/ }).click();
	await page.getByRole('button', { name: 'Yes, this is mine' }).click();
	const mine = page.url();
	await page.getByRole('link', { name: 'To leaving' }).click();
	await askToLeave(page);
	await page.goto(new URL(mine).pathname);
	await expect(page.locator('main')).toContainText('You have asked to leave');
});
