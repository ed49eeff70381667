// The same data for programs that know schema.org and the Data Privacy Vocabulary: terms for categories and fields, and the
// facts of each category as statements. Nothing has to be fetched to read it.
import type { Context } from '../../context.ts';
import { partnerOf, purposeOf, storageOf } from '../../organisation/lookup.ts';
import type { Category, Field, Purpose } from '../../organisation/organisation.ts';
import type { Flow, Part } from '../../personal-data-contract.ts';

const own = 'urn:candor:export:1:';
const prefixes = {
	schema: 'https://schema.org/',
	dpv: 'https://w3id.org/dpv#',
	dct: 'http://purl.org/dc/terms/',
	xsd: 'http://www.w3.org/2001/XMLSchema#'
};

/** What fields of these types and names are called elsewhere. */
const byType: Readonly<Record<string, string>> = {
	email: 'schema:email',
	phone: 'schema:telephone',
	url: 'schema:url',
	image: 'schema:image',
	language: 'schema:knowsLanguage'
};
const byIdentifier: Readonly<Record<string, string>> = {
	email: 'schema:email',
	phone: 'schema:telephone',
	username: 'schema:alternateName'
};
const byName: Readonly<Record<string, string>> = {
	name: 'schema:name',
	givenName: 'schema:givenName',
	familyName: 'schema:familyName',
	birthday: 'schema:birthDate',
	bornOn: 'schema:birthDate',
	gender: 'schema:gender',
	address: 'schema:address',
	country: 'schema:addressCountry',
	jobTitle: 'schema:jobTitle'
};
const literals: Readonly<Record<string, string>> = {
	instant: 'xsd:dateTime',
	date: 'xsd:date'
};

/** How the data came about, and on what ground it is used. */
const groups = {
	given: 'dpv:ProvidedPersonalData',
	observed: 'dpv:ObservedPersonalData',
	received: 'dpv:CollectedPersonalData'
} as const;
const bases: Readonly<Record<Purpose['basis'], string>> = {
	consent: 'dpv:Consent',
	contract: 'dpv:Contract',
	'legal-obligation': 'dpv:LegalObligation',
	'vital-interests': 'dpv:VitalInterest',
	'public-task': 'dpv:PublicInterest',
	'legitimate-interests': 'dpv:LegitimateInterest'
};

const typed = (id: string, type: string) => ({
	'@id': id,
	...(literals[type] && { '@type': literals[type] })
});

function termOf(category: string, field: { id: string; type: string; identifier?: string | undefined }) {
	const known =
		byIdentifier[field.identifier ?? ''] ??
		byName[field.id] ??
		byType[field.type] ??
		`${own}${category}/${field.id}`;
	return typed(known, field.type);
}

/** The name under which the rows of a file stand in a JSON-LD document: `visits`, `portal.activity`. */
export const termName = ({ path, series }: Part): string => {
	const name = series ?? path;
	return name.startsWith('data/') ? name.slice('data/'.length) : `portal.${name.replaceAll('/', '.')}`;
};

const common = {
	id: `${own}id`,
	at: 'dct:date',
	origin: 'dct:source',
	origins: 'dct:source',
	changedAt: 'dct:modified'
};
const dated = new Set(['at', 'changedAt']);

/** Each file is a term whose fields count inside it alone: two categories may call different things the same. */
function termsOf(part: Part, category: Category | undefined): object {
	const described = new Map((category?.fields ?? []).map((field): [string, Field] => [field.id, field]));
	const fields = part.fields.map(({ id, type }) => {
		const shared = category && common[id as keyof typeof common];
		if (shared) return [id, dated.has(id) ? typed(shared, 'instant') : { '@id': shared }];
		return [id, termOf(termName(part), described.get(id) ?? { id, type })];
	});
	return {
		'@id': `${own}${termName(part)}`,
		'@context': { '@vocab': `${own}${termName(part)}/`, ...Object.fromEntries(fields) }
	};
}

const purposeNode = (purpose: Purpose) => ({
	'@id': `${own}purpose/${purpose.id}`,
	'@type': 'dpv:Purpose',
	'dct:title': purpose.label,
	'dct:description': purpose.about,
	'dpv:hasLegalBasis': { '@id': bases[purpose.basis] }
});

/** Texts of the description carry their language. */
const told = { '@container': '@language' };

function processing(ctx: Context, category: Category, flows: readonly Flow[]) {
	const { organisation } = ctx;
	const storage = storageOf(organisation, category.storage);
	const partners = new Set(
		flows.filter((flow) => flow.category === category.id).map(({ partner }) => partner)
	);
	return {
		'@id': `${own}${category.id}`,
		'@type': groups[category.group],
		'dct:title': category.label,
		'dct:description': category.about,
		'dpv:hasPurpose': category.purposes
			.map((id) => purposeOf(organisation, id))
			.filter((purpose) => purpose !== undefined)
			.map(purposeNode),
		'dpv:hasRecipient': [...partners].map((id) => ({
			'@type': 'dpv:Recipient',
			'schema:name': partnerOf(organisation, id)?.name ?? id,
			'schema:addressCountry': partnerOf(organisation, id)?.country
		})),
		...(storage && {
			'dpv:hasStorageCondition': {
				'@type': 'dpv:StorageCondition',
				'schema:provider': storage.provider,
				'schema:addressCountry': storage.country
			}
		})
	};
}

/** `context.jsonld`: the terms of every file of the volume, and what is held and why as a graph. */
export function jsonLdOf(ctx: Context, personId: string, parts: readonly Part[], flows: readonly Flow[]) {
	const { organisation } = ctx.organisation;
	const categories = new Map(ctx.organisation.categories.map((category) => [category.id, category]));
	const terms = parts.map((part) => [termName(part), termsOf(part, categories.get(part.category))]);
	const held = [...new Set(parts.map(({ category }) => category))]
		.map((id) => categories.get(id))
		.filter((category) => category !== undefined);
	return {
		'@context': {
			'@version': 1.1,
			...prefixes,
			'dct:title': { '@id': 'dct:title', ...told },
			'dct:description': { '@id': 'dct:description', ...told },
			...Object.fromEntries(terms)
		},
		'@id': `urn:uuid:${personId}`,
		'@type': 'dpv:DataSubject',
		'dpv:hasDataController': {
			'@type': 'dpv:DataController',
			'@id': organisation.website,
			'dct:title': organisation.name
		},
		'dpv:hasPersonalData': held.map((category) => processing(ctx, category, flows))
	};
}
