// Contact about account matters, updates, promotions, surveys, tips and news, by email, phone or SMS: always refusable.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium' });

const box = (name: string) => `input[type="checkbox"][name="${name}"]`;

test('Alice decides about each topic and each way apart', async ({ page, signInAs }) => {
	await signInAs('alice', '/messages');
	for (const topic of ['updates', 'offers', 'surveys', 'tips', 'news'])
		for (const channel of ['email', 'sms', 'phone'])
			await expect(page.locator(box(`${channel}.${topic}`))).toBeVisible();
	await expectAccessible(page);

	const was = await page.locator(box('sms.updates')).isChecked();
	const beside = await page.locator(box('email.updates')).isChecked();
	await page.locator(box('sms.updates')).click();
	await page.locator('button[value="save"]').click();
	await expect(page.getByRole('status')).toContainText('Saved');
	await expect(page.locator(box('sms.updates'))).toBeChecked({ checked: !was });
	await expect(page.locator(box('email.updates'))).toBeChecked({ checked: beside });
	await expect(page.locator('#history')).toContainText('chosen here');

	await page.getByRole('status').getByRole('button').click();
	await expect(page.locator(box('sms.updates'))).toBeChecked({ checked: was });
});

test('two open windows do not overwrite each other', async ({ page, context, signInAs }) => {
	await signInAs('alice', '/messages');
	const other = await context.newPage();
	await other.goto('/messages');
	const [first, second] = ['email.invitations', 'phone.invitations'];
	const expected = [
		!(await page.locator(box(first)).isChecked()),
		!(await page.locator(box(second)).isChecked())
	];
	await page.locator(box(first)).click();
	await page.locator('button[value="save"]').click();
	await other.locator(box(second)).click();
	await other.locator('button[value="save"]').click();
	await expect(other.locator(box(first))).toBeChecked({ checked: expected[0] === true });
	await expect(other.locator(box(second))).toBeChecked({ checked: expected[1] === true });
});

test('one button stops all marketing, and no sample of it is sent any more', async ({ page, signInAs }) => {
	await signInAs('alice', '/messages');
	await page.locator(box('email.news')).check();
	await page.locator('button[value="save"]').click();
	await page.locator('button[value="stop"]').click();
	await expect(page.getByRole('status')).toContainText('off from now on');
	await expect(page.locator('#offers input:checked')).toHaveCount(0);
	await expect(page.locator('button[value="stop"]')).toHaveCount(0);

	await page.goto('/demo/mailbox');
	await page.locator('select[name="topic"]').selectOption('news');
	await page.locator('form:has(select) button').click();
	await expect(page.getByRole('status')).toContainText('Not sent');
});

test('a form that was tampered with changes nothing and says so', async ({ page, signInAs }) => {
	await signInAs('alice', '/messages');
	const origin = new URL(page.url()).origin;
	for (const form of [
		{ 'email.terms-policy': 'on' },
		{ 'pigeon.news': 'on' },
		{ 'email.news': 'x'.repeat(100_000) },
		{ intent: 'undo', change: "' or 1=1" }
	]) {
		const answer = await page.request.post('/messages', { form, headers: { origin, accept: 'text/html' } });
		expect([400, 409]).toContain(answer.status());
	}
	await expectAccessible(page);
});
