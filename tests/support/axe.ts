// Accessibility, as far as a machine sees it: no violation at all of the rules that Candor claims to follow.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Checks the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
	const scripted = test.info().project.use.javaScriptEnabled !== false;
	const told = scripted ? await violationsOn(page) : await onCopy(page, violationsOn);
	expect(told, `${page.url()} is not accessible`).toEqual([]);
}

async function violationsOn(page: Page) {
	const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
	return violations.map(({ id, help, nodes }) => ({
		id,
		help,
		where: nodes.map(({ html }) => html.slice(0, 200))
	}));
}

/** Axe is a script itself: where scripts are off it looks at a copy of the same HTML, whose own scripts stay away. */
async function onCopy<T>(page: Page, look: (copy: Page) => Promise<T>): Promise<T> {
	const context = page.context();
	const html = await page.content();
	const scripted = await context.browser()?.newContext({
		javaScriptEnabled: true,
		storageState: await context.storageState(),
		viewport: page.viewportSize()
	});
	if (!scripted) throw new Error('this browser cannot open a second context');
	try {
		const copy = await scripted.newPage();
		await copy.route('**/*.js', (route) => route.abort());
		await copy.route(page.url(), (route) =>
			route.fulfill({ contentType: 'text/html; charset=utf-8', body: html })
		);
		await copy.goto(page.url());
		return await look(copy);
	} finally {
		await scripted.close();
	}
}
