import { personalPages } from '$lib/server/staff/support-links/support-links';
import { authoritiesFor, contactOf } from '../../authorities';
import { languagesOf } from '../../shell';
import { nameOfPage } from '../../page-names';

/** The address of every page of a person, and of the one for those who left, in every language, for an agent to send. */
function linksFor({ ctx, translation }: App.Locals, languages: ReturnType<typeof languagesOf>) {
	const pages = [
		...personalPages.map((page) => ({ page, label: nameOfPage(translation, page) })),
		{ page: '/claim', label: translation.t('claim:title') }
	];
	return languages.map(({ tag, name, current }) => ({
		tag,
		name,
		current,
		links: pages.map(({ page, label }) => ({
			id: `link-${tag}-${page === '/' ? 'overview' : page.slice(1)}`,
			label,
			url: `${ctx.settings.origin}${page}?lang=${tag}`
		}))
	}));
}

export const load = ({ locals, url }) => {
	const { officer, support, address, invented } = locals.ctx.organisation.organisation;
	return {
		officer: contactOf(locals, officer),
		support: contactOf(locals, support),
		address: locals.translation.text(address),
		addressInvented: invented === true,
		authorities: authoritiesFor(locals, locals.visitor?.country),
		languageLinks: linksFor(locals, languagesOf(locals, url))
	};
};
