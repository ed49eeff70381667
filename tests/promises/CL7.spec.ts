// Nobody can read a password, not even who runs the portal: it is in no file, no log and no page, only a seal over its hash.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from '../support/axe.ts';
import { signIn } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';
import { takeAway } from '../support/taken-away.ts';

test.use({ example: 'classerium', ownPortal: true });

const chosen = 'seven quiet otters paint the harbour';

const filesBelow = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((name) => join(folder, name))
		.filter((file) => statSync(file).isFile());

test('Alice chooses a new password, and it is written nowhere', async ({
	page,
	portal,
	mailbox,
	signInAs
}) => {
	await signInAs('alice', '/security/password?lang=en');
	await expectAccessible(page);
	await page.locator('input[name="new-password"]').fill(chosen);
	await page.locator('form:has(input[name="new-password"]) button').click();
	await expect(page.getByRole('status')).toContainText('password was changed');
	await mailbox.next('alice@example.com');

	const files = filesBelow(portal.dataFolder);
	expect(files.length).toBeGreaterThan(1);
	for (const file of files) {
		const bytes = readFileSync(file);
		expect(bytes.includes(chosen), file).toBe(false);
		expect(bytes.includes('argon2'), `${file} shows a hash`).toBe(false);
	}
	expect(portal.output()).not.toContain(chosen);
	await expect(page.locator('body')).not.toContainText(chosen);

	for (const [path, content] of await takeAway(page))
		for (const needle of [chosen, 'argon2'])
			expect(content.includes(needle), `${needle} in ${path}`).toBe(false);
});

test('the new password signs her in, the old one does not', async ({ page, browser, baseURL, signInAs }) => {
	await signInAs('alice', '/security/password?lang=en');
	await page.locator('input[name="new-password"]').fill(chosen);
	await page.locator('form:has(input[name="new-password"]) button').click();
	await expect(page.getByRole('status')).toContainText('password was changed');
	const elsewhere = await (await browser.newContext({ baseURL: baseURL as string })).newPage();
	await elsewhere.goto('/sign-in?lang=en');
	const enter = async (password: string) => {
		await elsewhere.locator('input[name="identifier"]').fill('alice');
		await elsewhere.locator('input[name="password"]').fill(password);
		await elsewhere.locator('form:has(input[name="password"]) [type="submit"]').click();
	};
	await enter('demonstration-only');
	await expect(elsewhere.getByRole('alert')).toContainText('fit together');
	await enter(chosen);
	await expect(elsewhere).not.toHaveURL(/\/sign-in/);
});

test('a stranger who is sent to change a password comes to the sign-in first', async ({ page }) => {
	await page.goto('/.well-known/change-password');
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fsecurity%2Fpassword/);
	await signIn(page, 'alice', '/security/password');
	await expect(page.locator('input[name="new-password"]')).toBeVisible();
});
