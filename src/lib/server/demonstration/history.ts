// Promise: two years of a person's records, as their role would leave them, none older than the description keeps it.
import { ageOfConsent, categoriesOf, fieldsOf, retentionOf, sourceOf } from '../organisation/lookup.ts';
import type { Category, Organisation } from '../organisation/organisation.ts';
import { after, afterDuration } from '../platform/clock.ts';
import type { Member } from './cast.ts';
import type { Random } from './random.ts';
import type { CategoryScript, Script } from './script.ts';
import { inventValue, type Author, type Moment } from './values.ts';

export interface InventedRecord {
	id: string;
	at: Date;
	values: Record<string, unknown>;
}

const defaultScript: CategoryScript = { perYear: 12, chance: 1, rows: [] };

/** What a row of the script says of a field: a text by language, one of a list (a list in a list is a value), a value with `{…}` filled in. */
function scripted(said: unknown, author: Author, { random }: Moment): unknown {
	const chosen = Array.isArray(said) ? (random.pick(said) as unknown) : said;
	if (Array.isArray(chosen)) return chosen;
	if (typeof chosen === 'object' && chosen !== null) {
		const byLanguage = chosen as Record<string, unknown>;
		return scripted(byLanguage[author.language] ?? byLanguage.en ?? Object.values(byLanguage)[0], author, {
			at: new Date(0),
			random
		});
	}
	if (typeof chosen !== 'string') return chosen;
	return chosen
		.replace(/\{other\}/g, () => (author.others.length ? random.pick(author.others) : author.name))
		.replace(/\{number\}/g, () => String(random.whole(1_000, 9_999)));
}

function values(
	category: Category,
	role: string,
	row: Record<string, unknown>,
	author: Author,
	moment: Moment
): Record<string, unknown> {
	const invented: Record<string, unknown> = {};
	for (const field of fieldsOf(category, role)) {
		const value =
			field.id in row ? scripted(row[field.id], author, moment) : inventValue(field, author, moment);
		if (value !== undefined && value !== null) invented[field.id] = value;
	}
	return invented;
}

/** Waking hours, and more of late than long ago. */
function moments(random: Random, since: Date, now: Date, count: number): Date[] {
	const span = now.getTime() - since.getTime();
	const drawn = Array.from({ length: count }, () => {
		const at = new Date(now.getTime() - span * random.fraction() ** 1.3);
		at.setUTCHours(random.whole(7, 21), random.whole(0, 59), random.whole(0, 59), random.whole(0, 999));
		return at;
	});
	return drawn.filter((at) => at > since && at < now).sort((a, b) => a.getTime() - b.getTime());
}

/** The instant since which records of the category may exist. */
function since(organisation: Organisation, category: Category, joinedAt: Date, now: Date): Date {
	const retention = retentionOf(organisation, category.retention);
	if (!retention?.for || retention.from !== 'record') return joinedAt;
	// Retention runs forward; going back the same number of days is near enough for invention.
	const length = afterDuration(now, retention.for).getTime() - now.getTime();
	return new Date(Math.max(joinedAt.getTime(), now.getTime() - length + 86_400_000));
}

function isLeftOut(organisation: Organisation, { only, chance }: CategoryScript, member: Member): boolean {
	const isMinor = member.age < ageOfConsent(organisation, member.country);
	return (only === 'minors' && !isMinor) || !member.random.chance(chance);
}

export interface Setting {
	organisation: Organisation;
	script: Script;
	others: readonly string[];
	now: Date;
	joinedAt: Date;
}

export function authorOf(member: Member, others: readonly string[]): Author {
	const { name, fullName, language, place, bornOn, phone } = member;
	return { name, fullName, language, place, bornOn, others, phone };
}

/** The records of one category, oldest first. */
export function recordsIn(
	category: Category,
	member: Member,
	{ organisation, script, others, now, joinedAt }: Setting
): InventedRecord[] {
	const plan = script.records[category.id] ?? defaultScript;
	if (isLeftOut(organisation, plan, member)) return [];
	const { random } = member;
	const begin = since(organisation, category, joinedAt, now);
	const years = (now.getTime() - begin.getTime()) / (365 * 86_400_000);
	// Those who sign in have much to see; the others are there so that the portal is not empty.
	const share = member.signIn ? 1 : 0.2;
	const count = Math.max(1, Math.round(plan.perYear * years * share * (0.8 + random.fraction() * 0.4)));
	const author = authorOf(member, others);
	return moments(random, begin, now, count).map((at, index) => {
		const row = plan.rows.length ? random.pick(plan.rows) : {};
		return {
			id: `${category.id}-${index + 1}`,
			at,
			values: values(category, member.role, row, author, { at, random })
		};
	});
}

/** The profile: required fields always, optional ones mostly, identifiers left to registration. */
export function profileOf(
	member: Member,
	{ organisation, others, joinedAt, now }: Setting
): Record<string, unknown> {
	const author = authorOf(member, others);
	const profile: Record<string, unknown> = {};
	const here = categoriesOf(organisation, member.role).filter(({ id }) => !sourceOf(organisation, id));
	for (const category of here.filter(({ kind }) => kind === 'profile'))
		for (const field of fieldsOf(category, member.role)) {
			if (field.identifier) continue;
			const at = /last/i.test(field.id) ? after(now, -member.random.whole(2, 60), 'hours') : joinedAt;
			const given = member.profile[field.id];
			const wanted = field.required || member.signIn !== undefined || member.random.chance(0.6);
			const value = given ?? (wanted ? inventValue(field, author, { at, random: member.random }) : undefined);
			const isRole = field.type === 'choice' && field.choices?.some(({ id }) => id === member.role);
			if (value !== undefined) profile[field.id] = isRole ? member.role : value;
		}
	return profile;
}
