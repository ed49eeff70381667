// Accessibility, as far as a machine sees it: no violation at all of the rules that Candor claims to follow.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Checks the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
	const { looked, close } = await whereScriptsRun(page);
	const axe = new AxeBuilder({ page: looked }).options({ resultTypes: ['violations'] }).withTags(tags);
	const { violations } = await axe.analyze();
	await close();
	const told = violations.map(({ id, help, nodes }) => ({
		id,
		help,
		where: nodes.map(({ html }) => html.slice(0, 200))
	}));
	expect(told, `${page.url()} is not accessible`).toEqual([]);
}

/**
 * Axe is a script itself. Where scripts are off, it looks at the same HTML at the same address in a window of its own, which
 * asks the portal for styles and pictures alone.
 */
async function whereScriptsRun(page: Page): Promise<{ looked: Page; close: () => Promise<void> }> {
	if (test.info().project.use.javaScriptEnabled !== false)
		return { looked: page, close: async () => undefined };
	const [url, body] = [page.url(), await page.content()];
	const context = page.context();
	const twin = await context.browser()?.newContext({
		...test.info().project.use.contextOptions,
		javaScriptEnabled: true,
		viewport: page.viewportSize(),
		storageState: await context.storageState()
	});
	if (!twin) throw new Error('this page belongs to no browser');
	const looked = await twin.newPage();
	await looked.route(url, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
	await looked.goto(url);
	return { looked, close: () => twin.close() };
}
