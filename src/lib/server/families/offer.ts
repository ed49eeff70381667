// Promise: what a guardian agrees to is written out in full before, and kept word for word with the agreement.
import { translationIn } from '../../i18n/catalogues.ts';
import type { Context } from '../context.ts';
import { categoriesOf, fieldsOf, purposeOf } from '../organisation/lookup.ts';
import { directory } from '../partners/partners.ts';
import type { ConsentScope } from '../schema.ts';

/** Names as they are read; nothing in here is looked up again later. */
export interface Offer {
	language: string;
	words: string;
	/** What is held, and what for. */
	categories: { label: string; purposes: string[]; fields: string[] }[];
	/** Who may receive something, and what. Partners that work for the organisation belong to the use itself. */
	partners: {
		id: string;
		name: string;
		purpose: string;
		country: string;
		policy: string;
		fields: string[];
	}[];
}

/** What is asked for a child of the role, apart for the use of the service and for passing on (COPPA 16 CFR 312.4, 312.5). */
export function offerOf(
	ctx: Pick<Context, 'organisation'>,
	role: string,
	scope: ConsentScope,
	language: string
): Offer {
	const { t, text } = translationIn(language);
	const organisation = text(ctx.organisation.organisation.name);
	const words = t(`family:words.${scope}`, { organisation });
	return scope === 'use'
		? {
				language,
				words,
				categories: categories(ctx, role, language),
				partners: partners(ctx, role, language, true)
			}
		: { language, words, categories: [], partners: partners(ctx, role, language, false) };
}

function categories({ organisation }: Pick<Context, 'organisation'>, role: string, language: string) {
	const { text } = translationIn(language);
	return categoriesOf(organisation, role).map((category) => ({
		label: text(category.label),
		purposes: category.purposes.map((id) => text(purposeOf(organisation, id)?.label)),
		fields: fieldsOf(category, role).map(({ label }) => text(label))
	}));
}

function partners(
	{ organisation }: Pick<Context, 'organisation'>,
	role: string,
	language: string,
	processors: boolean
): Offer['partners'] {
	const { text, country } = translationIn(language);
	return directory(organisation, role)
		.flatMap(({ recipients }) => recipients)
		.filter(({ partner }) => (partner.kind === 'processor') === processors && partner.kind !== 'authority')
		.map(({ partner, given }) => ({
			id: partner.id,
			name: partner.name,
			purpose: text(purposeOf(organisation, partner.purpose)?.label),
			country: country(partner.country),
			policy: partner.policy,
			fields: given.flatMap(({ fields }) => fields.map(({ label }) => text(label)))
		}));
}
