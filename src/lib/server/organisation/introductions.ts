// Promise: whether a version of the policy is significant is computed as well: what it brings anew can't be called small.
import { after, dayOf } from '../platform/clock.ts';
import type { Located } from './document.ts';
import type { Organisation, Policy } from './organisation.ts';
import { quote } from './problem.ts';
import type { Path, Problem, Report } from './problem.ts';
import type { Description, Introduces } from './schema.ts';

/** A version as it was read, with a way to say where something stands in its file. */
export interface ReadPolicy {
	policy: Policy;
	at: Located['at'];
}

/** A purpose, a collected field, or a field that a partner receives. */
export interface Introduced {
	list: keyof Introduces;
	/** The purpose, the category or the partner. */
	id: string;
	/** The field of the category, or `category.field` for a partner; '' for a purpose. */
	part: string;
}

const keyOf = ({ list, id, part }: Introduced): string => `${list} ${id} ${part}`;

/** What a version says that it introduced, each with its place in the file. */
export function introducedBy({ introduces }: Pick<Policy, 'introduces'>): (Introduced & { path: Path })[] {
	const { purposes = [], fields = {}, partners = {} } = introduces ?? {};
	const inLists = (list: 'fields' | 'partners', lists: Record<string, string[]>) =>
		Object.entries(lists).flatMap(([id, parts]) =>
			parts.map((part, index) => ({ list, id, part, path: ['introduces', list, id, index] }))
		);
	const named = purposes.map((id, index) => ({
		list: 'purposes' as const,
		id,
		part: '',
		path: ['introduces', 'purposes', index]
	}));
	return [...named, ...inLists('fields', fields), ...inLists('partners', partners)];
}

type Described = Pick<Description, 'purposes' | 'categories' | 'partners'>;

/** All that a policy has to cover. */
export function toIntroduce({ purposes, categories, partners }: Described): Introduced[] {
	const received = ({ fields }: Description['partners'][number]) =>
		fields.flatMap(({ category, field }) =>
			field
				? [`${category}.${field}`]
				: (categories.find(({ id }) => id === category)?.fields ?? []).map(({ id }) => `${category}.${id}`)
		);
	return [
		...purposes.map(({ id }) => ({ list: 'purposes' as const, id, part: '' })),
		...categories.flatMap(({ id, fields }) =>
			fields.map((field) => ({ list: 'fields' as const, id, part: field.id }))
		),
		...partners.flatMap((partner) =>
			[...new Set(received(partner))].map((part) => ({ list: 'partners' as const, id: partner.id, part }))
		)
	];
}

/** What no version introduces yet, in the form of the file. */
export function missing(described: Described, versions: readonly Pick<Policy, 'introduces'>[]): Introduces {
	const known = new Set(versions.flatMap(introducedBy).map(keyOf));
	const left: Introduces = { purposes: [], fields: {}, partners: {} };
	for (const one of toIntroduce(described)) {
		if (known.has(keyOf(one))) continue;
		if (one.list === 'purposes') left.purposes.push(one.id);
		else (left[one.list][one.id] ??= []).push(one.part);
	}
	return left;
}

/**
 * Every version says what it introduced once there are two, or once one says so. A partner, a field or a purpose that came
 * into the description without a version that announces it is told; so is a version that brings one and calls itself
 * ordinary. `newestFirst` as read; `report` notes a problem of organisation.yaml.
 */
export function checkIntroductions(
	description: Organisation | Description,
	newestFirst: readonly ReadPolicy[],
	{ problems, report }: { problems: Problem[]; report: Report }
): void {
	const oldest = newestFirst.at(-1);
	const isAsked = newestFirst.length > 1 || oldest?.policy.introduces !== undefined;
	if (!oldest || !isAsked) return;
	if (!oldest.policy.introduces) {
		const problem = 'The oldest version does not say what it introduced, so nobody can tell what came later.';
		problems.push(
			oldest.at([], problem, 'Add introduces: "candor check --introduces" prints what to write.')
		);
		return;
	}
	checkTwice(newestFirst.toReversed(), problems);
	for (const version of newestFirst.slice(0, -1)) checkSignificance(version, description, problems);
	const left = missing(
		description,
		newestFirst.map(({ policy }) => policy)
	);
	reportMissing(left, description, report);
}

function checkTwice(oldestFirst: readonly ReadPolicy[], problems: Problem[]) {
	const first = new Map<string, string>();
	for (const { policy, at } of oldestFirst)
		for (const one of introducedBy(policy)) {
			const earlier = first.get(keyOf(one));
			const name = quote(one.part || one.id);
			if (earlier !== undefined)
				problems.push(at(one.path, `${name} is introduced by ${earlier} already.`, 'Remove it here.'));
			else first.set(keyOf(one), policy.version);
		}
}

function checkSignificance({ policy, at }: ReadPolicy, { policies }: Description, problems: Problem[]) {
	const [first] = introducedBy(policy);
	if (policy.significant || !first) return;
	const what = { purposes: 'the purpose', fields: 'fields of', partners: 'what goes to' }[first.list];
	const earliest = dayOf(after(new Date(policy.announced), policies.noticeDays.significant, 'days'));
	const later = policy.effective < earliest ? `, and effective: ${earliest}, or later` : '';
	problems.push(
		at(
			['significant'],
			`This version introduces ${what} ${quote(first.id)}, so it is significant.`,
			`Write significant: true${later}.`
		)
	);
}

function reportMissing(left: Introduces, description: Description, report: Report) {
	const advice = (list: string, entry: string) =>
		`Write "${list}: ${entry}" under introduces of the version that announces it, or add such a version.`;
	const note = (path: Path, what: string, write: string) =>
		report(path, `No version of the policy introduces ${what}.`, write);
	const placeOf = (list: 'purposes' | 'categories' | 'partners', id: string): Path => [
		list,
		description[list].findIndex((entry) => entry.id === id)
	];
	for (const id of left.purposes)
		note(placeOf('purposes', id), `the purpose ${quote(id)}`, advice('purposes', `[${id}]`));
	for (const [id, parts] of Object.entries(left.fields))
		note(
			placeOf('categories', id),
			`${parts.join(', ')} of ${quote(id)}`,
			advice('fields', `{ ${id}: [${parts.join(', ')}] }`)
		);
	for (const [id, parts] of Object.entries(left.partners))
		note(
			placeOf('partners', id),
			`what ${quote(id)} receives: ${parts.join(', ')}`,
			advice('partners', `{ ${id}: [${parts.join(', ')}] }`)
		);
}
