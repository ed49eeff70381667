// All SQL of disclosures.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { insertMany, type Inserting } from '../platform/database/insert-many.ts';
import { keptQuery } from '../platform/database/kept.ts';
import { listed } from '../platform/database/listed.ts';
import type { DisclosureCountTable, DisclosureFlowTable, DisclosureTable } from '../schema.ts';

const peopleOf = keptQuery((db: Context['db'], ids: string) =>
	db
		.selectFrom('person')
		.select(['personId', 'role', 'state', 'pausedAt'])
		.where('personId', 'in', listed(db, ids))
);

/** What the gate asks of people; `ids` is a JSON list. */
export const selectPeople = (ctx: Context, ids: string) => peopleOf(ctx, ids);

const once: Inserting = {
	table: 'disclosure',
	columns: [
		'person_id',
		'id',
		'partner',
		'purpose',
		'basis',
		'fields',
		'country',
		'consent_version',
		'recorded',
		'at',
		'recorded_at',
		'sealed',
		'dedupe'
	],
	ending: 'on conflict (person_id, dedupe) do nothing returning id'
};

/** Inserts rows unless one of the same dedupe hash is there; answers the ids of those that it inserted. */
export async function insertOnce(ctx: Context, rows: readonly DisclosureTable[]): Promise<Set<string>> {
	const values = rows.map((row) => [
		row.personId,
		row.id,
		row.partner,
		row.purpose,
		row.basis,
		row.fields,
		row.country,
		row.consentVersion,
		row.recorded,
		row.at,
		row.recordedAt,
		row.sealed,
		row.dedupe
	]);
	const inserted = await insertMany<{ id: string }>(ctx, once, values);
	return new Set(inserted.map(({ id }) => id));
}

/** The id of the row that stands under a dedupe hash. */
export async function selectByDedupe(ctx: Context, personId: string, dedupe: Buffer): Promise<string> {
	const { id } = await ctx.db
		.selectFrom('disclosure')
		.select('id')
		.where('personId', '=', personId)
		.where('dedupe', '=', dedupe)
		.executeTakeFirstOrThrow();
	return id;
}

/** Of two instants the later, or the earlier one. */
const later = (table: string) =>
	`last_at = case when ${table}.last_at < excluded.last_at then excluded.last_at else ${table}.last_at end`;
const earlier = (table: string) =>
	`first_at = case when ${table}.first_at > excluded.first_at then excluded.first_at else ${table}.first_at end`;
const added = (table: string) => `disclosures = ${table}.disclosures + excluded.disclosures`;

const counting: Inserting = {
	table: 'disclosure_count',
	columns: ['person_id', 'partner', 'disclosures', 'last_at'],
	ending: `on conflict (person_id, partner) do update set
		${added('disclosure_count')}, ${later('disclosure_count')}`
};
const flowing: Inserting = {
	table: 'disclosure_flow',
	columns: ['person_id', 'partner', 'category', 'field', 'disclosures', 'first_at', 'last_at'],
	ending: `on conflict (person_id, partner, category, field) do update set
		${added('disclosure_flow')}, ${earlier('disclosure_flow')}, ${later('disclosure_flow')}`
};

/** Adds to the counts of partners; `lastAt` never goes back. */
export async function addToCounts(ctx: Context, counts: readonly DisclosureCountTable[]): Promise<void> {
	const values = counts.map(({ personId, partner, disclosures, lastAt }) => [
		personId,
		partner,
		disclosures,
		lastAt
	]);
	await insertMany(ctx, counting, values);
}

/** Adds to what flowed to partners of a category, or of one field; the first and last instants only ever widen. */
export async function addToFlows(ctx: Context, flows: readonly DisclosureFlowTable[]): Promise<void> {
	const values = flows.map(({ personId, partner, category, field, disclosures, firstAt, lastAt }) => [
		personId,
		partner,
		category,
		field,
		disclosures,
		firstAt,
		lastAt
	]);
	await insertMany(ctx, flowing, values);
}

const columns = [
	'id',
	'partner',
	'purpose',
	'basis',
	'fields',
	'country',
	'consentVersion',
	'recorded',
	'at',
	'recordedAt',
	'sealed'
] as const;

export type DisclosureRow = Pick<DisclosureTable, (typeof columns)[number]>;

/** A row's place in the order of the ledger. */
export interface Place {
	at: string;
	id: string;
}

export interface Condition {
	partner?: string | undefined;
	purpose?: string | undefined;
	/** Instants: from this one on, and before that one. */
	from?: string | undefined;
	to?: string | undefined;
}

function selectWhere(ctx: Context, personId: string, { partner, purpose, from, to }: Condition) {
	let query = ctx.db.selectFrom('disclosure').select(columns).where('personId', '=', personId);
	if (partner !== undefined) query = query.where('partner', '=', partner);
	if (purpose !== undefined) query = query.where('purpose', '=', purpose);
	if (from !== undefined) query = query.where('at', '>=', from);
	if (to !== undefined) query = query.where('at', '<', to);
	return query;
}

/** Newest first, from just before a place. */
export function selectOlder(
	ctx: Context,
	personId: string,
	condition: Condition,
	before: Place | undefined,
	limit: number
): Promise<DisclosureRow[]> {
	const query = selectWhere(ctx, personId, condition)
		.orderBy('at', 'desc')
		.orderBy('id', 'desc')
		.limit(limit);
	if (!before) return query.execute();
	return query.where((row) => row(row.refTuple('at', 'id'), '<', row.tuple(before.at, before.id))).execute();
}

/** Oldest first, from just after a place. */
export const selectNewer = (
	ctx: Context,
	personId: string,
	condition: Condition,
	after: Place,
	limit: number
): Promise<DisclosureRow[]> =>
	selectWhere(ctx, personId, condition)
		.where((row) => row(row.refTuple('at', 'id'), '>', row.tuple(after.at, after.id)))
		.orderBy('at')
		.orderBy('id')
		.limit(limit)
		.execute();

export const selectOne = (ctx: Context, personId: string, id: string): Promise<DisclosureRow | undefined> =>
	ctx.db
		.selectFrom('disclosure')
		.select(columns)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.executeTakeFirst();

export const selectCounts = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('disclosureCount')
		.select(['partner', 'disclosures', 'lastAt'])
		.where('personId', '=', personId)
);

const flowColumns = ['partner', 'category', 'field', 'disclosures', 'firstAt', 'lastAt'] as const;

/** By category and partner. */
export const selectFlows = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('disclosureFlow')
		.select(flowColumns)
		.where('personId', '=', personId)
		.where('field', '=', '')
		.execute();

/** Who got that field. */
export const selectRecipients = (ctx: Context, personId: string, category: string, field: string) =>
	ctx.db
		.selectFrom('disclosureFlow')
		.select('partner')
		.where('personId', '=', personId)
		.where('category', '=', category)
		.where('field', '=', field)
		.orderBy('partner')
		.execute();

/** By field, of one partner. */
export const selectReceived = (ctx: Context, personId: string, partner: string) =>
	ctx.db
		.selectFrom('disclosureFlow')
		.select(flowColumns)
		.where('personId', '=', personId)
		.where('partner', '=', partner)
		.where('field', '!=', '')
		.execute();

/** Deletes at most `limit` rows of the ledger; answers how many. */
export const deleteDisclosures = (ctx: Context, personId: string, limit: number): Promise<number> =>
	deleteSome(ctx, { table: 'disclosure' }, personId, limit);

/** Deletes what was counted: some rows a partner. */
export async function deleteCounts(ctx: Context, personId: string): Promise<void> {
	await ctx.db.deleteFrom('disclosureCount').where('personId', '=', personId).execute();
	await ctx.db.deleteFrom('disclosureFlow').where('personId', '=', personId).execute();
}

/** What some partners received between two instants, counted by partner and list of fields. */
export const selectGiven = (
	ctx: Context,
	personId: string,
	partners: readonly string[],
	{ from, until }: { from: string; until: string }
) =>
	ctx.db
		.selectFrom('disclosure')
		.select((row) => [
			'partner',
			'fields',
			row.fn.countAll<number>().as('disclosures'),
			row.fn.max<string>('at').as('lastAt')
		])
		.where('personId', '=', personId)
		.where('partner', 'in', partners)
		.where('at', '>=', from)
		.where('at', '<', until)
		.groupBy(['partner', 'fields'])
		.limit(10_000)
		.execute();
