// Accessibility, as far as a machine sees it: no violation at all of the rules that Candor claims to follow.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Checks the page as it stands. Axe is a script itself: it looks where scripts run. The pages ship none, so what the
 * other project sees is the same HTML, and is not looked at a second time.
 */
export async function expectAccessible(page: Page): Promise<void> {
	if (test.info().project.use.javaScriptEnabled === false) return;
	const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags(tags);
	const { violations } = await axe.analyze();
	const told = violations.map(({ id, help, nodes }) => ({
		id,
		help,
		where: nodes.map(({ html }) => html.slice(0, 200))
	}));
	expect(told, `${page.url()} is not accessible`).toEqual([]);
}
