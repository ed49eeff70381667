// The bodies outside that help a person: where to complain, in the person's language.

type Contact = App.Locals['ctx']['organisation']['organisation']['officer'];

export const contactOf = ({ translation: { text } }: App.Locals, contact: Contact) => {
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

/** The bodies that help in the country; all of them where it is not known, or where none is for that country. */
export function authoritiesFor(locals: App.Locals, country: string | undefined) {
	const { authorities } = locals.ctx.organisation.organisation;
	const near = authorities.filter(
		({ countries }) => country && (countries.includes(country) || countries.includes('*'))
	);
	return (near.length ? near : authorities).map((authority) => ({
		...contactOf(locals, authority),
		countries: authority.countries
			.filter((code) => code !== '*')
			.map((code) => locals.translation.country(code))
	}));
}
