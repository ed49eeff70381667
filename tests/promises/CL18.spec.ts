// IP addresses only for a short time: each entry says until when, and none is older, on the page or in a download.
import type { Page } from '@playwright/test';
import { expect, test } from '../support/portal.ts';
import { takeAway } from '../support/taken-away.ts';

test.use({ example: 'classerium', ownPortal: true });

const days = 30;
const oldest = (now: number) => new Date(now - days * 86_400_000).toISOString();

async function downloaded(page: Page): Promise<{ at: string; ipAddress?: string }[]> {
	const log = (await takeAway(page, ['security-log'])).get('data/security-log.json');
	return JSON.parse(log?.toString() ?? '[]') as { at: string; ipAddress?: string }[];
}

test('no address is older than thirty days, on the page and in what Alice takes away', async ({
	page,
	portal,
	signInAs
}) => {
	await signInAs('alice', '/data/security-log?lang=en');
	await expect(page.locator('#facts')).toContainText('30 days');
	await expect(page.locator('#records')).toContainText('IP address');
	const before = await downloaded(page);
	expect(before.some(({ ipAddress }) => ipAddress)).toBe(true);
	const start = Date.parse('2026-11-22T09:00:00.000Z');
	for (const { at } of before) expect(at >= oldest(start), at).toBe(true);

	portal.clock.pass(20, 'days');
	await signInAs('alice', '/data/security-log?lang=en');
	await expect(async () => {
		await page.reload();
		const shown = await page
			.locator('#records tbody time')
			.evaluateAll((times) => times.map((time) => time.getAttribute('datetime') ?? ''));
		expect(shown.every((at) => at >= oldest(start + 20 * 86_400_000))).toBe(true);
	}).toPass();
	for (const { at } of await downloaded(page)) expect(at >= oldest(start + 20 * 86_400_000), at).toBe(true);
});
