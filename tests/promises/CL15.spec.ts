// In and out straight from the foot of a message: without signing in, and no scanner does it by looking.
import { expectAccessible } from '../support/axe.ts';
import { bounceOf, handOver, mailFrom } from '../support/mails.ts';
import { bearer } from '../support/operator.ts';
import { emailOf } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium' });

const news = 'input[name="email.news"]';

test('Omar stops a topic from its message, signed in or not', async ({
	page,
	browser,
	portal,
	mailbox,
	signInAs
}) => {
	await signInAs('omar', '/messages?lang=en');
	await page.locator(news).check();
	await page.locator('button[value="save"]').click();
	await page.goto('/demo/mailbox');
	await page.locator('select[name="topic"]').selectOption('news');
	await page.locator('form:has(select) button').click();
	const message = await mailbox.next(emailOf('omar'));

	const [way] = message.header('list-unsubscribe');
	expect(message.header('list-unsubscribe')).toHaveLength(1);
	expect(message.header('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
	const ways = [...(way ?? '').matchAll(/<([^>]+)>/g)].map(([, found]) => found ?? '');
	const url = ways[0] ?? '';
	expect(url.startsWith(`${portal.address}/unsubscribe/`)).toBe(true);
	expect(ways[1]).toBe(`mailto:info@classerium.example.com?subject=${url.split('/').at(-1)}`);
	expect(message.header('list-id')).toHaveLength(1);
	expect(message.text).toContain(url);
	expect(message.html).toContain(url);

	const mayBeWritten = async () => {
		await page.goto('/messages');
		return page.locator(news).isChecked();
	};

	// A scanner looks, as often as it likes.
	for (const method of ['GET', 'HEAD', 'OPTIONS'])
		expect((await fetch(url, { method })).status).toBeLessThan(300);
	expect(await mayBeWritten()).toBe(true);

	// A mail program posts, with nothing but the link: in both ways of writing a form, with another body, with none.
	const oneClick = new FormData();
	oneClick.set('List-Unsubscribe', 'One-Click');
	const bodies: RequestInit[] = [
		{ body: oneClick },
		{ body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) },
		{ body: '{"List-Unsubscribe":', headers: { 'Content-Type': 'application/json' } },
		{ headers: { Accept: 'text/html', Origin: 'https://mail.example.com' } }
	];
	for (const request of bodies) {
		const answer = await fetch(url, { method: 'POST', redirect: 'manual', ...request });
		expect(answer.status).toBe(200);
		expect(answer.headers.get('set-cookie')).toBeNull();
		expect(await answer.text()).toMatch(/^تم\. .{20,300}\n$/);
	}
	expect(await (await fetch(`${url}?lang=ko`, { method: 'POST' })).text()).toContain('처리했습니다');
	expect(await mayBeWritten()).toBe(false);
	await expect(page.locator('#history')).toContainText('with one click in the mail program');

	// In again, and out by hand in a browser that knows nobody; then the one undo.
	await page.locator(news).check();
	await page.locator('button[value="save"]').click();
	const stranger = await (
		await browser.newContext({
			javaScriptEnabled: test.info().project.use.javaScriptEnabled ?? true,
			locale: 'ko-KR'
		})
	).newPage();
	const follow = async () => {
		for (const link of await stranger.locator('a[href], link[href]').all())
			await fetch(new URL((await link.getAttribute('href')) ?? '', stranger.url()), { redirect: 'manual' });
	};
	await stranger.goto(url);
	await expect(stranger.locator('html')).toHaveAttribute('lang', 'ar');
	await stranger.goto(`${url}?lang=en`);
	await expect(stranger.locator('body')).not.toContainText(/omar/i);
	await expectAccessible(stranger);
	await follow();
	expect(await mayBeWritten()).toBe(true);
	await stranger.locator('form button').first().click();
	await expect(stranger.getByRole('status')).toContainText('Done');
	await expect(stranger.locator('body')).not.toContainText(/omar/i);
	await follow();
	expect(await mayBeWritten()).toBe(false);
	await expect(page.locator('#history')).toContainText('by the link in a message');
	await expectAccessible(stranger);
	const undo = (await stranger.locator('input[name="undo"]').getAttribute('value')) ?? '';
	await stranger.locator('button[formaction*="undo"]').click();
	await expect(stranger.getByRole('status')).toContainText('Taken back');
	await expect(stranger.locator('input[name="undo"]')).toHaveCount(0);
	expect(await mayBeWritten()).toBe(true);
	// A copy of the form undoes nothing more.
	await stranger.locator('form button').first().click();
	const again = await fetch(`${url}?/undo&lang=en`, { method: 'POST', body: new URLSearchParams({ undo }) });
	expect(await again.text()).toContain('can’t be taken back');
	expect(await mayBeWritten()).toBe(false);
	await stranger.context().close();
});

test('Alice stops a topic by a mail, and says that she is still there when one came back', async ({
	page,
	portal,
	mailbox,
	signInAs
}) => {
	await signInAs('alice', '/messages?lang=en');
	await page.locator(news).check();
	await page.locator('button[value="save"]').click();
	await page.goto('/demo/mailbox');
	await page.locator('select[name="topic"]').selectOption('news');
	await page.locator('form:has(select) button').click();
	const message = await mailbox.next(emailOf('alice'));
	const subject = /subject=([^>]+)>/.exec(message.header('list-unsubscribe').join())?.[1] ?? '';
	const token = bearer(portal, 'classerium', 'mail:receive');
	const stop = await handOver(
		page.request,
		token,
		mailFrom('phone@example.net', subject, 'Sent by my phone')
	);
	expect(await stop.json()).toEqual({ received: true, as: 'unsubscribe' });
	await page.goto('/messages');
	await expect(page.locator(news)).not.toBeChecked();
	await expect(page.locator('#history')).toContainText('by an email that said so');

	const report = bounceOf(message.header('message-id').join(), emailOf('alice'));
	expect(await (await handOver(page.request, token, report)).json()).toEqual({
		received: true,
		as: 'report'
	});
	await page.goto('/security');
	await expect(page.locator('main')).toContainText('came back');
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Write to me again' }).click();
	await expect(page.getByRole('status')).toContainText('We write to you there again');
	expect((await mailbox.next(emailOf('alice'), /here again/)).header('auto-submitted')).toEqual([
		'auto-generated'
	]);
});

test('a link that was never given says nothing and does nothing', async ({ page, portal }) => {
	const wrong = `${portal.address}/unsubscribe/${'A'.repeat(150)}`;
	expect(
		(await fetch(wrong, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }))
			.status
	).toBe(404);
	expect((await page.goto(wrong))?.status()).toBe(404);
	await expect(page.locator('h1')).toHaveText('This link leads nowhere');
	await page.goto(`${wrong}?lang=ko`);
	await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
});
