// Promise: beside the people of the script there are enough others that every role, language and age occurs.
import type { Organisation } from '../organisation/organisation.ts';
import { randomFrom, type Random } from './random.ts';
import type { Part, Script } from './script.ts';
import { placeIn, vocabularyOf, type Place } from './vocabulary.ts';

/** Somebody invented: a part with a name, a place and a birthday. */
export interface Member extends Part {
	externalId: string;
	fullName: string;
	place: Place;
	bornOn: string;
	phone: string;
	random: Random;
}

const digits = (pattern: string, random: Random) => pattern.replace(/#/g, () => String(random.whole(0, 9)));

/** Ages by turns: children and the old are not forgotten. */
const ages = [34, 12, 27, 16, 45, 71, 19, 9, 52, 38];

function extra(
	organisation: Organisation,
	seed: string,
	index: number
): Part & { fullName: string; place: Place } {
	const random = randomFrom(`${seed}/${index}`);
	const language = organisation.languages[index % organisation.languages.length] as string;
	const role = organisation.roles[
		Math.floor(index / organisation.languages.length) % organisation.roles.length
	] as { id: string };
	const words = vocabularyOf(language);
	const place = words.places[index % words.places.length] as Place;
	const [given, slug] = words.given[index % words.given.length] as readonly [string, string];
	const [family, familySlug] = random.pick(words.family);
	const fullName = words.familyFirst ? `${family}${given}` : `${given} ${family}`;
	// Children learn; whoever teaches or looks after a child is grown up.
	const isFirstRole = role.id === organisation.roles[0]?.id;
	const age =
		isFirstRole && organisation.minors ? (ages[index % ages.length] as number) : random.whole(26, 68);
	const region = place.region ?? undefined;
	return {
		name: `${slug}-${familySlug}-${index}`,
		role: role.id,
		language,
		country: place.country,
		...(region && { region }),
		age,
		waits: false,
		guardians: [],
		profile: {},
		fullName,
		place
	};
}

function born(age: number, random: Random, now: Date): string {
	const month = String(random.whole(1, 12)).padStart(2, '0');
	const today = now.toISOString().slice(5, 10);
	const day = `${month}-${String(random.whole(1, 28)).padStart(2, '0')}`;
	return `${now.getUTCFullYear() - age - (day > today ? 1 : 0)}-${day}`;
}

/** `count` people: those of the script first. */
export function castOf(
	organisation: Organisation,
	script: Script,
	{ seed, count, now }: { seed: string; count: number; now: Date }
): Member[] {
	const parts: (Part & { fullName?: string; place?: Place })[] = [...script.people];
	for (let index = 0; parts.length < count; index++) parts.push(extra(organisation, seed, index));
	return parts.map((part) => memberOf(part, seed, now));
}

function memberOf(part: Part & { fullName?: string; place?: Place }, seed: string, now: Date): Member {
	const random = randomFrom(`${seed}/${part.name}`);
	const place = part.place ?? placeOf(part);
	const fullName = typeof part.profile.name === 'string' ? part.profile.name : (part.fullName ?? part.name);
	const externalId = `${part.role[0] as string}-${random.whole(10_000, 99_999)}-${part.name.slice(0, 2)}`;
	return {
		...part,
		externalId,
		fullName,
		place,
		bornOn: born(part.age, random, now),
		phone: digits(place.phone, random),
		random
	};
}

/** The `index`-th of as many others as one likes. */
export function extraMember(organisation: Organisation, seed: string, index: number, now: Date): Member {
	const member = memberOf(extra(organisation, seed, index), seed, now);
	return { ...member, externalId: `p-${String(index).padStart(8, '0')}` };
}

function placeOf({ language, country, region }: Part): Place {
	const known = vocabularyOf(language).places.find(
		(place) => place.country === country && (!region || place.region === region)
	);
	return known ?? placeIn(country) ?? (vocabularyOf(language).places[0] as Place);
}
