import { personalPages } from '$lib/server/staff/support-links/support-links';
import { languagesOf } from '../../shell';
import { nameOfPage } from '../../page-names';

type Contact = App.Locals['ctx']['organisation']['organisation']['officer'];

const describe = ({ translation: { text } }: App.Locals, contact: Contact) => {
	const { email, phone, url, invented, inventedContacts } = contact;
	return {
		name: text(contact.name),
		role: text(contact.role),
		address: text(contact.address),
		email,
		phone,
		url,
		invented: Boolean(invented ?? inventedContacts)
	};
};

/** The bodies that help in the person's country; all of them for a stranger, or where none is for that country. */
function authoritiesFor(locals: App.Locals) {
	const { authorities } = locals.ctx.organisation.organisation;
	const country = locals.visitor?.country;
	const near = authorities.filter(
		({ countries }) => country && (countries.includes(country) || countries.includes('*'))
	);
	return (near.length ? near : authorities).map((authority) => ({
		...describe(locals, authority),
		countries: authority.countries
			.filter((code) => code !== '*')
			.map((code) => locals.translation.country(code))
	}));
}

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
		officer: describe(locals, officer),
		support: describe(locals, support),
		address: locals.translation.text(address),
		addressInvented: invented === true,
		authorities: authoritiesFor(locals),
		languageLinks: linksFor(locals, languagesOf(locals, url))
	};
};
