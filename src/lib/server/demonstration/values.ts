// Promise: every field of any description gets a value of its type that reads as if somebody had meant it.
import type { Field } from '../organisation/organisation.ts';
import { after, dayOf, instant } from '../platform/clock.ts';
import type { Random } from './random.ts';
import { browsers, devices, systems, vocabularyOf, type Place, type Vocabulary } from './vocabulary.ts';

/** Who a value is invented for. */
export interface Author {
	name: string;
	fullName: string;
	language: string;
	place: Place;
	bornOn: string;
	/** External ids of others. */
	others: readonly string[];
	phone: string;
}

export interface Moment {
	at: Date;
	random: Random;
}

type Invent = (author: Author, moment: Moment, words: Vocabulary) => unknown;

/** Addresses that are set aside for documents (RFC 5737, RFC 3849). */
const addresses = ['192.0.2.', '198.51.100.', '203.0.113.'];

/** Texts by what the field is called, the first that fits. */
const texts: readonly [RegExp, Invent][] = [
	[/ip|address$/i, (_, { random }) => `${random.pick(addresses)}${random.whole(1, 254)}`],
	[/^name$|fullName/i, ({ fullName }) => fullName],
	[/browser/i, (_, { random }) => random.pick(browsers)],
	[/device|model/i, (_, { random }) => random.pick(devices)],
	[/system/i, (_, { random }) => random.pick(systems)],
	[/version/i, (_, { random }) => `${random.whole(4, 6)}.${random.whole(0, 19)}.${random.whole(0, 9)}`],
	[/currency/i, ({ place }) => place.currency],
	[/place|city|town/i, ({ place }) => place.city],
	[/school/i, (_, { random }, { schools }) => random.pick(schools)],
	[/company|employer/i, (_, { random }, { companies }) => random.pick(companies)],
	[
		/friend|child|member|partner/i,
		({ others, name }, { random }) => (others.length ? random.pick(others) : name)
	],
	[/reference|evidence|number/i, (_, { random }) => `R-${random.whole(100_000, 999_999)}`],
	[/period/i, (_, { at }) => dayOf(at).slice(0, 7)],
	[
		/page|file/i,
		(_, { random }) =>
			`/${random.pick(['courses', 'articles', 'profile', 'search'])}/${random.whole(100, 999)}`
	],
	[/reason|response|words|content/i, (_, { random }, { sentences }) => random.pick(sentences)]
];

function text({ id }: Field, author: Author, moment: Moment): unknown {
	const words = vocabularyOf(author.language);
	const [, invent] = texts.find(([pattern]) => pattern.test(id)) ?? [];
	return invent ? invent(author, moment, words) : moment.random.pick(words.titles);
}

function number({ id }: Field, { random }: Moment): number {
	if (/amount|price/i.test(id)) return random.whole(5, 90) - 0.1;
	if (/total|onSite/i.test(id)) return random.whole(300, 20_000);
	return /kilobytes|bytes/i.test(id) ? random.whole(40, 4_800) : random.whole(1, 120);
}

function day({ id }: Field, { bornOn }: Author, { at, random }: Moment): Date {
	if (/birth|born/i.test(id)) return new Date(bornOn);
	return /start|due|until|expire|end/i.test(id) ? after(at, random.whole(1, 21), 'days') : at;
}

const slug = (value: string) => value.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** A value for the field, at the moment; undefined for what nobody invents, such as pictures. */
export function inventValue(field: Field, author: Author, moment: Moment): unknown {
	const { random } = moment;
	const words = vocabularyOf(author.language);
	switch (field.type) {
		case 'text':
			return String(text(field, author, moment)).slice(0, field.maxLength ?? 10_000);
		case 'long-text':
			return random.pick(words.sentences).slice(0, field.maxLength ?? 10_000);
		case 'email':
			return `${author.name}@mail.example.com`;
		case 'phone':
			return author.phone;
		case 'url':
			return `https://www.example.com/${slug(author.name)}/${random.whole(100, 999)}`;
		case 'date':
			return dayOf(day(field, author, moment));
		case 'instant':
			return instant(day(field, author, moment));
		case 'choice':
			return field.choices?.length ? random.pick(field.choices).id : undefined;
		case 'country':
			return author.place.country;
		case 'language':
			return author.language;
		case 'time-zone':
			return author.place.timeZone;
		case 'list':
			return [...new Set([random.pick(words.titles), random.pick(words.titles)])];
		case 'number':
			return number(field, moment);
		case 'image':
			return undefined;
	}
}
