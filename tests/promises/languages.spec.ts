// Every page speaks every language, in its direction, on a phone; the pseudo-language shows text that bypassed translation.
import type { Page } from '@playwright/test';
import { describedBy } from '../support/described.ts';
import { inLanguage, openRequest, personalPages, publicPages } from '../support/pages.ts';
import { expect, test } from '../support/portal.ts';

const pseudo = 'en-XA';
/** Answered with 404 and a page all the same. */
const missing = ['/nowhere', '/unsubscribe/x'];
const languages = ['en', 'ko', 'es', 'ar', pseudo];

test.use({ viewport: { width: 360, height: 740 } });

/** Names that are the same in every language, and what `Intl` writes in the pseudo-language's own English. */
function names(): string[] {
	const { partners, storage, cookies, promises } = describedBy('classting');
	const described = [
		...partners.map(({ name }) => name),
		...storage.map(({ provider }) => provider),
		...cookies.flatMap(({ name, by }) => [name, by]),
		...promises.map(({ id }) => id)
	];
	const regions = new Intl.DisplayNames('en', { type: 'region' });
	const countries = ['KR', 'US', 'IE', 'JP', 'DE', 'GB', 'SG', 'ES', 'EG', 'MX'].map(
		(code) => regions.of(code) as string
	);
	const months = Array.from({ length: 12 }, (_, month) =>
		['long', 'short'].map((style) =>
			new Intl.DateTimeFormat('en', { month: style as 'long', timeZone: 'UTC' }).format(
				new Date(Date.UTC(2026, month, 5))
			)
		)
	);
	return [...described, ...countries, ...months.flat()].sort((a, b) => b.length - a.length);
}

/** Runs in the page: what can be read outside of ⟦…⟧, but for people's own values, codes, addresses and other languages. */
function untranslated(names: string[]): string[] {
	const own =
		'bdi, code, time, .value, [lang]:not(html), input, textarea, script, style, noscript, [dir="ltr"], #thread, .account, iframe';
	const found = new Set<string>();
	const look = (text: string) => {
		let left = text;
		for (let before = ''; before !== left;) {
			before = left;
			left = left.replace(/⟦[^⟦⟧]*⟧/g, ' ');
		}
		for (const name of names) left = left.replaceAll(name, ' ');
		left = left.replace(/\S+@\S+|https?:\S+|\b(and|at|AM|PM|UTC|GMT|k?byte|[kM]?B|Candor)\b/g, ' ');
		if (/\p{L}{2,}/u.test(left)) found.add(left.trim().replace(/\s+/g, ' ').slice(0, 120));
	};
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node = walker.nextNode(); node; node = walker.nextNode())
		if (!node.parentElement?.closest(own)) look(node.textContent ?? '');
	for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
		if (!element.closest(own))
			for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
				look(element.getAttribute(name) ?? '');
	look(document.title);
	return [...found];
}

/** Runs in the page: what sticks out at the side. */
function overflowing(): string[] {
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= width) return [];
	const sticksOut = (element: Element) => {
		const { left, right } = element.getBoundingClientRect();
		return right > width + 1 || left < -1;
	};
	const guilty = [...document.querySelectorAll('body *')].filter(sticksOut).slice(0, 3);
	return [
		`${document.documentElement.scrollWidth} px wide: ${guilty.map(({ tagName, className }) => `${tagName}.${String(className)}`).join(' ')}`
	];
}

/** What is wrong with one page in one language. */
async function problemsOf(page: Page, address: string, language: string): Promise<string[]> {
	const answer = await page.goto(inLanguage(address, language));
	const problems: string[] = [];
	const status = answer?.status() ?? 0;
	if (status >= 500 || (status >= 400 && !missing.includes(address))) problems.push(`answered ${status}`);
	const html = page.locator('html');
	const [tag, direction, title] = [
		await html.getAttribute('lang'),
		await html.getAttribute('dir'),
		await page.title()
	];
	if (tag !== language) problems.push(`is in ${tag}`);
	if (direction !== (language === 'ar' ? 'rtl' : 'ltr')) problems.push(`runs ${direction}`);
	if (!title.trim()) problems.push('has no title');
	if ((await page.locator('h1').count()) !== 1) problems.push('has not one heading');
	problems.push(...(await page.evaluate(overflowing)));
	if (language === pseudo)
		problems.push(...(await page.evaluate(untranslated, names())).map((text) => `not translated: ${text}`));
	return problems.map((problem) => `${address}: ${problem}`);
}

/** What the browser complains of, and what it asks of anybody else. */
function watch(page: Page, origin: string): string[] {
	const seen: string[] = [];
	page.on('console', (message) => {
		const isMissingPage =
			message.text().includes('404') && missing.some((address) => message.location().url.includes(address));
		if (message.type() === 'error' && !isMissingPage)
			seen.push(`console on ${page.url()}: ${message.text()}`);
	});
	page.on('pageerror', (error) => seen.push(`error on ${page.url()}: ${error.message}`));
	page.on('request', (request) => {
		if (/^https?:/.test(request.url()) && !request.url().startsWith(origin))
			seen.push(`${page.url()} asks ${request.url()}`);
	});
	return seen;
}

for (const language of languages) {
	test(`a visitor can use every page in ${language}`, async ({ page, baseURL }) => {
		test.setTimeout(180_000);
		const seen = watch(page, baseURL as string);
		const problems: string[] = [];
		for (const address of publicPages) problems.push(...(await problemsOf(page, address, language)));
		expect([...problems, ...seen]).toEqual([]);
	});

	test(`Minjun can use every page in ${language}`, async ({ page, baseURL, signInAs }) => {
		test.setTimeout(240_000);
		await signInAs('minjun');
		const seen = watch(page, baseURL as string);
		const problems: string[] = [];
		for (const address of [...personalPages, await openRequest(page)])
			problems.push(...(await problemsOf(page, address, language)));
		expect([...problems, ...seen]).toEqual([]);
	});
}

test('text that bypassed translation is noticed', async ({ page }) => {
	await page.setContent(
		'<title>⟦Títlé⟧</title><h1>⟦á ⟦ñéšted⟧ b⟧</h1><p>Hard coded</p><a aria-label="Too">⟦ó⟧</a>'
	);
	expect(await page.evaluate(untranslated, names())).toEqual(['Hard coded', 'Too']);
});
