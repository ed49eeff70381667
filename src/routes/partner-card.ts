// A partner of the directory in the person's language: the same words on the public page and on the person's own.
import type { Recipient } from '$lib/server/partners/partners';

/** The fields of one category. */
export interface ListedFields {
	category: string;
	fields: string[];
	/** Every field that the category has. */
	whole: boolean;
}

export interface PartnerCard {
	id: string;
	name: string;
	about: string;
	kind: string;
	country: string;
	policy: string;
	invented: boolean;
	basis: string;
	consent: boolean;
	whenWithdrawn: string;
	given: ListedFields[];
}

export function cardOf(
	{ translation: { text, t, country } }: App.Locals,
	{ partner, given }: Recipient
): PartnerCard {
	const { id, name, kind, policy, basis, consent } = partner;
	return {
		id,
		name,
		about: text(partner.about),
		kind: t(`partners:kind.${kind}`),
		country: country(partner.country),
		policy,
		invented: partner.invented ?? false,
		basis: t(`sharing:basis.${basis}`),
		consent,
		whenWithdrawn: text(partner.whenWithdrawn),
		given: given.map(({ category, fields }) => ({
			category: text(category.label),
			fields: fields.map(({ label }) => text(label)),
			whole: fields.length === category.fields.length
		}))
	};
}
