// Kept until one leaves or the described time is over: each kind says so, and it is destroyed on that day.
import { expectAccessible } from '../support/axe.ts';
import { categoriesFor, describedBy } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true });
// Many pages, each looked at closely: more than a busy machine does in a minute.
test.slow();

test('each kind of data says how long it is kept', async ({ page, signInAs }) => {
	const { retention, categories } = describedBy('classerium');
	await signInAs('alice', '/data');
	for (const { id } of categoriesFor('classerium', 'subscriber')) {
		const kept = retention.find(
			(rule) => rule.id === categories.find((category) => category.id === id)?.retention
		);
		await page.goto(`/data/${id}`);
		await expect(page.locator('#facts')).toContainText(kept?.label['en'] as string);
		if (kept?.afterLeaving)
			await expect(page.locator('#facts')).toContainText(kept.afterLeaving.law['en'] as string);
	}
});

test('what is kept for thirty days is gone when they are over, and what is kept longer stays', async ({
	page,
	portal,
	signInAs
}) => {
	const { retention, categories } = describedBy('classerium');
	const kept = (duration: string | undefined) =>
		new Set(retention.filter((rule) => rule.from === 'record' && rule.for === duration).map(({ id }) => id));
	const short = categories.find((category) => kept('P30D').has(category.retention))?.id as string;
	const long = categories.find((category) => kept('P14M').has(category.retention))?.id as string;
	await signInAs('alice', `/data/${short}`);
	await expect(page.locator('#records tbody tr').first()).toBeVisible();

	portal.clock.pass(31, 'days');
	await signInAs('alice', `/data/${short}`);
	await expect(async () => {
		await page.goto(`/data/${short}`);
		await expect(page.locator('#records')).toContainText('There is no entry', { timeout: 500 });
	}).toPass();
	await expectAccessible(page);
	await page.goto(`/data/${long}`);
	await expect(page.locator('#records tbody tr').first()).toBeVisible();
	await page.goto('/activity');
	await expect(page.locator('main')).toContainText('destroyed because their time was over');
	await expectAccessible(page);
});
