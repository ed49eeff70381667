// Promise: what a page asks of the description is answered from maps made once, and only with what concerns the person's role.
import { dayOf } from '../platform/clock.ts';
import type {
	Category,
	Field,
	IdentifierKind,
	Organisation,
	OutsideSource,
	Partner,
	Policy,
	Purpose,
	Retention,
	Topic
} from './organisation.ts';

type Role = Organisation['roles'][number];
type Origin = Organisation['origins'][number];
type Storage = Organisation['storage'][number];

/** What a role has to do with. */
interface RoleView {
	categories: readonly Category[];
	partners: readonly Partner[];
	topics: readonly Topic[];
}

interface Index {
	roles: ReadonlyMap<string, Role>;
	categories: ReadonlyMap<string, Category>;
	purposes: ReadonlyMap<string, Purpose>;
	partners: ReadonlyMap<string, Partner>;
	topics: ReadonlyMap<string, Topic>;
	origins: ReadonlyMap<string, Origin>;
	storage: ReadonlyMap<string, Storage>;
	retention: ReadonlyMap<string, Retention>;
	/** By category. */
	sources: ReadonlyMap<string, OutsideSource>;
	views: ReadonlyMap<string, RoleView>;
}

const indexes = new WeakMap<Organisation, Index>();
const fieldsByRole = new WeakMap<Category, Map<string, readonly Field[]>>();

export const roleOf = (organisation: Organisation, id: string) => indexOf(organisation).roles.get(id);
export const categoryOf = (organisation: Organisation, id: string) =>
	indexOf(organisation).categories.get(id);
export const purposeOf = (organisation: Organisation, id: string) => indexOf(organisation).purposes.get(id);
export const partnerOf = (organisation: Organisation, id: string) => indexOf(organisation).partners.get(id);
/** Where a partner, or a listener of the organisation's own, is called. */
export const webhookOf = (organisation: Organisation, id: string): string | undefined =>
	partnerOf(organisation, id)?.webhook ?? organisation.listeners.find((one) => one.id === id)?.webhook;

/** What a partner, or a listener of the organisation's own, is called; its id where the description has dropped it. */
export function calledName(organisation: Organisation, id: string): Readonly<Record<string, string>> {
	const partner = partnerOf(organisation, id);
	if (partner) return { en: partner.name };
	return organisation.listeners.find((one) => one.id === id)?.label ?? { en: id };
}

export const topicOf = (organisation: Organisation, id: string) => indexOf(organisation).topics.get(id);
export const originOf = (organisation: Organisation, id: string) => indexOf(organisation).origins.get(id);
export const storageOf = (organisation: Organisation, id: string) => indexOf(organisation).storage.get(id);
export const retentionOf = (organisation: Organisation, id: string) =>
	indexOf(organisation).retention.get(id);

/** The system outside in which a category lies; undefined for one that is held here. */
export const sourceOf = (organisation: Organisation, category: string): OutsideSource | undefined =>
	indexOf(organisation).sources.get(category);

/** The categories that a person of the role can have, in the description's order; none for an unknown role. */
export function categoriesOf(organisation: Organisation, role: string): readonly Category[] {
	return indexOf(organisation).views.get(role)?.categories ?? [];
}

/** The partners that may get something of a person of the role. */
export function partnersOf(organisation: Organisation, role: string): readonly Partner[] {
	return indexOf(organisation).views.get(role)?.partners ?? [];
}

export function topicsOf(organisation: Organisation, role: string): readonly Topic[] {
	return indexOf(organisation).views.get(role)?.topics ?? [];
}

/** The fields of a category that a person of the role has. */
export function fieldsOf(category: Category, role: string): readonly Field[] {
	let byRole = fieldsByRole.get(category);
	if (!byRole) fieldsByRole.set(category, (byRole = new Map()));
	let fields = byRole.get(role);
	if (!fields)
		byRole.set(
			role,
			(fields = isFor(category, role) ? category.fields.filter((field) => isFor(field, role)) : [])
		);
	return fields;
}

/** The fields of a category that a partner may get of a person of the role. */
export function fieldsGiven(partner: Partner, category: Category, role: string): readonly Field[] {
	const given = partner.fields.filter((entry) => entry.category === category.id);
	return fieldsOf(category, role).filter((field) =>
		given.some((entry) => entry.field === undefined || entry.field === field.id)
	);
}

/** Who may get something of a category of a person of the role. */
export function recipientsOf(
	organisation: Organisation,
	category: Category,
	role: string
): readonly Partner[] {
	return partnersOf(organisation, role).filter((partner) => fieldsGiven(partner, category, role).length > 0);
}

/** The profile field that is the identifier of a kind. */
export function identifierField(
	organisation: Organisation,
	kind: IdentifierKind
): { category: Category; field: Field } | undefined {
	for (const category of organisation.categories)
		for (const field of category.fields) if (field.identifier === kind) return { category, field };
	return undefined;
}

export function policyOf(organisation: Organisation, version: string): Policy | undefined {
	return organisation.policies.versions.find((policy) => policy.version === version);
}

/** The version in force at an instant. A loaded description had one on the day it was loaded. */
export function policyInForce(organisation: Organisation, now: Date): Policy | undefined {
	const today = dayOf(now);
	return organisation.policies.versions.find(({ effective }) => effective <= today);
}

/** The version that has been announced and is not in force yet: the next one to take effect. */
export function announcedPolicy(organisation: Organisation, now: Date): Policy | undefined {
	const today = dayOf(now);
	return organisation.policies.versions.findLast(
		({ announced, effective }) => announced <= today && effective > today
	);
}

/** The age from which a person of the country decides alone; 0 where the description has no rule for minors. */
export function ageOfConsent(organisation: Organisation, country: string): number {
	const age = organisation.minors?.age;
	return age?.[country] ?? age?.['*'] ?? 0;
}

/** The age at which the rights of guardians and schools end in the country. */
export function ageOfMajority(organisation: Organisation, country: string): number {
	const majority = organisation.minors?.majority;
	return majority?.[country] ?? majority?.['*'] ?? 18;
}

/** A way in which somebody may agree for a child. */
export const consentWayOf = ({ minors }: Organisation, id: string) =>
	minors?.ways.find((way) => way.id === id);

/** Whether people of the role obtain the parents' consents for children of another one. */
export const isSchool = (organisation: Organisation, role: string, child: string): boolean =>
	roleOf(organisation, role)?.consentsFor?.includes(child) ?? false;

function isFor(described: { roles?: readonly string[] | undefined }, role: string): boolean {
	return described.roles === undefined || described.roles.includes(role);
}

function indexOf(organisation: Organisation): Index {
	let index = indexes.get(organisation);
	if (!index) indexes.set(organisation, (index = buildIndex(organisation)));
	return index;
}

function buildIndex(organisation: Organisation): Index {
	return {
		roles: byId(organisation.roles),
		categories: byId(organisation.categories),
		purposes: byId(organisation.purposes),
		partners: byId(organisation.partners),
		topics: byId(organisation.topics),
		origins: byId(organisation.origins),
		storage: byId(organisation.storage),
		retention: byId(organisation.retention),
		sources: new Map(
			organisation.sources.flatMap((source) => source.categories.map(({ category }) => [category, source]))
		),
		views: new Map(organisation.roles.map(({ id }) => [id, viewOf(organisation, id)]))
	};
}

function viewOf(organisation: Organisation, role: string): RoleView {
	const categories = organisation.categories.filter((category) => fieldsOf(category, role).length > 0);
	const gets = (partner: Partner) =>
		categories.some((category) => fieldsGiven(partner, category, role).length > 0);
	return {
		categories,
		partners: organisation.partners.filter((partner) => isFor(partner, role) && gets(partner)),
		topics: organisation.topics.filter((topic) => isFor(topic, role))
	};
}

function byId<T extends { id: string }>(entries: readonly T[]): ReadonlyMap<string, T> {
	return new Map(entries.map((entry) => [entry.id, entry]));
}
