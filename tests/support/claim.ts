// The way out, and what is left of somebody when they are gone: a code, and the page that it opens.
import { expect, type Page } from '@playwright/test';
import type { Mailbox } from './mailbox.ts';
import { proveItIsMe } from './personas.ts';

/** Asks to leave as the person who is signed in; answers the code for afterwards. */
export async function askToLeave(page: Page): Promise<string> {
	await page.goto('/withdrawal/confirm?lang=en');
	await proveItIsMe(page);
	await page.locator('input[name="confirmation"]').fill('leave');
	await page.locator('form:has(input[name="confirmation"]) [type="submit"]').click();
	return page.locator('#claim-code').inputValue();
}

/** Waits for the message that says that everything is destroyed. The claim page is not asked: tries are counted. */
export const untilErased = (mailbox: Mailbox, to: string): Promise<void> =>
	expect
		.poll(async () => (await mailbox.messages(to)).some(({ text }) => text.includes('/claim')), {
			timeout: 40_000
		})
		.toBe(true);

/** Waits until the case is closed: the last message goes with it. */
export const untilClosed = (mailbox: Mailbox, to: string): Promise<void> =>
	expect.poll(async () => (await mailbox.messages(to)).length, { timeout: 40_000 }).toBe(0);

export async function openClaim(page: Page, code: string): Promise<void> {
	await page.goto('/claim?lang=en');
	await page.locator('input[name="code"]').fill(code);
	await page.getByRole('button', { name: 'See how it stands' }).click();
}
