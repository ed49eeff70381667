// Signing in without a password: by a code or by a link, which a scanner may open as often as it likes.
import { expectAccessible } from '../support/axe.ts';
import { emailOf } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';

const linkIn = (text: string) => /https?:\S+\/sign-in\/link\/\S+/.exec(text)?.[0] ?? '';

test('Minjun signs in by the code and is where he wanted to go, in the language he asked for', async ({
	page,
	mailbox
}) => {
	await page.goto('/export?lang=en');
	await page.getByRole('link', { name: 'Sign in with a code instead' }).click();
	await expectAccessible(page);
	await page.locator('input[name="identifier"]').fill(emailOf('minjun'));
	await page.locator('main form button').click();
	const message = await mailbox.next(emailOf('minjun'), /signs you in/);
	const link = linkIn(message.text);
	for (const method of ['GET', 'HEAD', 'OPTIONS']) await fetch(link, { method, redirect: 'manual' });
	await expectAccessible(page);
	const code = /\b\d{6}\b/.exec(message.text)?.[0] ?? '';
	await page.locator('input[name="code"]').fill(code === '000000' ? '000001' : '000000');
	await page.locator('main form button').click();
	await expect(page.getByRole('alert').first()).toBeVisible();
	await page.locator('input[name="code"]').fill(code);
	await page.locator('main form button').click();
	await expect(page).toHaveURL(/\/export\?lang=en$/);
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await page.goto('/activity');
	await expect(page.locator('main')).toContainText('Signed in, by a code that was sent');
});

test('the link signs in by a click where it was asked for, and elsewhere only with the code', async ({
	page,
	browser,
	baseURL,
	mailbox
}) => {
	await page.goto('/sign-in/message?next=%2Factivity&lang=en');
	await page.locator('input[name="identifier"]').fill('teacher-kim');
	await page.locator('main form button').click();
	const message = await mailbox.next(emailOf('teacher-kim'), /signs you in/);
	const link = linkIn(message.text);
	const elsewhere = await (await browser.newContext({ baseURL: baseURL as string })).newPage();
	await elsewhere.goto(link);
	await expect(elsewhere.locator('main')).toContainText('You asked for this in another browser');
	await expectAccessible(elsewhere);
	await elsewhere.locator('input[name="code"]').fill('12');
	await elsewhere.locator('main form button').click();
	await expect(elsewhere).toHaveURL(/sign-in\/link/);

	await page.goto(link);
	await expectAccessible(page);
	await expect(page).toHaveURL(/sign-in\/link/);
	await page.locator('main form button').click();
	await expect(page).toHaveURL(/\/activity/);

	await elsewhere.goto(link);
	await expect(elsewhere.locator('main')).toContainText('This link no longer works');
	await elsewhere.context().close();
});

test('a stranger is answered alike whether there is an account or not', async ({ portal }) => {
	const ask = async (identifier: string) => {
		const answer = await fetch(`${portal.address}/sign-in/message?next=%2Fdata`, {
			method: 'POST',
			redirect: 'manual',
			headers: { Origin: portal.address },
			body: new URLSearchParams({ identifier })
		});
		const headers = Object.fromEntries(answer.headers);
		const cookie = headers['set-cookie']?.replace(/sign-in=[^;]+/, ({ length }) => `${length}`);
		return { status: answer.status, body: await answer.text(), ...headers, date: '', 'set-cookie': cookie };
	};
	const known = await ask('parent-park');
	expect(known.status).toBe(303);
	expect(await ask('nobody-park')).toEqual(known);
});
