// Accessibility, as far as a machine sees it: no violation at all of the rules that Candor claims to follow.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function expectAccessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
	const told = violations.map(({ id, help, nodes }) => ({
		id,
		help,
		where: nodes.map(({ html }) => html.slice(0, 200))
	}));
	expect(told, `${page.url()} is not accessible`).toEqual([]);
}
