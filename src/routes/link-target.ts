// Where a support link leads, for people: the address with its language, and the page's name.
import { categoryOf, partnerOf } from '$lib/server/organisation/lookup';
import { nameOfPage } from './page-names';

export function linkTarget(
	{ ctx, translation }: App.Locals,
	link: { page: string; language: string }
): { href: string; name: string } {
	const [, parent = '', id] = link.page.split('/');
	const category = parent === 'data' && id ? categoryOf(ctx.organisation, id) : undefined;
	const partner = parent === 'sharing' && id ? partnerOf(ctx.organisation, id) : undefined;
	const name = category
		? translation.text(category.label)
		: (partner?.name ?? nameOfPage(translation, link.page));
	return { href: `${link.page}?lang=${link.language}`, name };
}
