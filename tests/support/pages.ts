// Every page there is, for whoever must look at all of them.
import type { Page } from '@playwright/test';

export const publicPages = [
	'/sign-in',
	'/sign-in/message',
	'/sign-in/code',
	'/sign-in/link/x',
	'/recover',
	'/recover/code',
	'/recover/password',
	'/policy',
	'/policy/2014-03-03',
	'/partners',
	'/promises',
	'/contact',
	'/cookies',
	'/unsubscribe/x',
	'/link/x',
	'/claim',
	'/report',
	'/demo/mailbox',
	'/nowhere'
];

/** Of a student of Classting; the page of a request is added by `openRequest`. */
export const personalPages = [
	'/',
	'/data',
	'/data/account',
	'/data/visits',
	'/data/posts',
	'/profile',
	'/profile/erase/introduction',
	'/profile/visibility',
	'/profile/as?viewer=members',
	'/corrections',
	'/corrections/new?field=profile.birthday',
	'/purposes',
	'/messages',
	'/sharing',
	'/sharing/google-analytics',
	'/consents',
	'/family',
	'/export',
	'/withdrawal',
	'/withdrawal/confirm',
	'/requests',
	'/requests/new?kind=correction&field=account.role',
	'/activity',
	'/security',
	'/security/email',
	'/security/phone',
	'/security/username',
	'/security/password',
	'/security/prove?next=/export',
	'/contact',
	'/partners'
];

/** Opens a request as the person who is signed in, and answers the address of its page. */
export async function openRequest(page: Page): Promise<string> {
	await page.goto('/requests/new?kind=question');
	await page.locator('textarea[name="text"]').fill('12345');
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();
	return new URL(page.url()).pathname;
}

export const inLanguage = (address: string, language: string): string =>
	`${address}${address.includes('?') ? '&' : '?'}lang=${language}`;
