// What a person reads before they agree, and what of it is kept as the proof.
import { translationIn, type Translation } from '../../i18n/catalogues.ts';
import type { Context } from '../context.ts';
import { policyInForce, purposeOf, retentionOf, storageOf } from '../organisation/lookup.ts';
import type { Recipient } from '../partners/partners.ts';

/** A field as it was named to the person. */
export interface ShownField {
	/** `category.field` */
	code: string;
	label: string;
}

/** What the person reads before deciding, and what is kept as the proof of it. */
export interface Offer {
	words: string;
	fields: ShownField[];
	version: string;
}

/** What stood around the words on that day, in the language in which they were read; a receipt is made of it. */
export interface Circumstances {
	purpose: { id: string; label: string };
	partner: { name: string; kind: string; country: string; policy: string };
	organisation: { name: string; address: string; country: string; contact: string };
	/** Version of the privacy policy in force. */
	notice: string;
	/** What stops when it is taken back. */
	consequence: string;
	jurisdiction: string;
	/** Where the organisation stores it, and how long it keeps it. */
	stored: string[];
	kept: string[];
}

/** The words and fields for one partner, in a language; exactly these are kept when the person agrees (GDPR Art. 7(1)). */
export function offerOf(
	{ organisation }: Pick<Context, 'organisation'>,
	{ partner, given, version }: Recipient,
	language: string
): Offer {
	const { t, text, country } = translationIn(language);
	const fields = given.flatMap(({ category, fields }) =>
		fields.map(({ id, label }) => ({
			code: `${category.id}.${id}`,
			label: `${text(category.label)}: ${text(label)}`
		}))
	);
	const names = { organisation: text(organisation.organisation.name), partner: partner.name };
	const purpose = text(purposeOf(organisation, partner.purpose)?.label);
	return {
		words: t('sharing:consent.words', { ...names, purpose, country: country(partner.country) }),
		fields,
		version
	};
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter(Boolean))];

export function circumstancesOf(
	{ organisation: description, clock }: Pick<Context, 'organisation' | 'clock'>,
	{ partner, given }: Recipient,
	{ text, country }: Pick<Translation, 'text' | 'country'>
): Circumstances {
	const { organisation } = description;
	const { name, kind, policy } = partner;
	return {
		purpose: { id: partner.purpose, label: text(purposeOf(description, partner.purpose)?.label) },
		partner: { name, kind, country: partner.country, policy },
		organisation: {
			name: text(organisation.name),
			address: text(organisation.address),
			country: organisation.country,
			contact: organisation.officer.email ?? organisation.officer.phone ?? ''
		},
		notice: policyInForce(description, clock.now())?.version ?? '',
		consequence: text(partner.whenWithdrawn),
		jurisdiction: text(organisation.jurisdiction),
		stored: unique(
			given.map(({ category }) => {
				const place = storageOf(description, category.storage);
				return place ? `${place.provider}, ${country(place.country)}` : '';
			})
		),
		kept: unique(given.map(({ category }) => text(retentionOf(description, category.retention)?.label)))
	};
}
