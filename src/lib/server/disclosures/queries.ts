// All SQL of disclosures.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type { DisclosureCountTable, DisclosureFlowTable, DisclosureTable } from '../schema.ts';

export const selectRole = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('person')
		.select(['role', 'state', 'pausedAt'])
		.where('personId', '=', personId)
		.executeTakeFirst();

/** Inserts a row unless one of the same dedupe hash is there; answers the id of the row that stands. */
export async function insertOnce(
	ctx: Context,
	row: DisclosureTable
): Promise<{ id: string; added: boolean }> {
	const { numInsertedOrUpdatedRows } = await ctx.db
		.insertInto('disclosure')
		.values(row)
		.onConflict((conflict) => conflict.columns(['personId', 'dedupe']).doNothing())
		.executeTakeFirst();
	if (numInsertedOrUpdatedRows) return { id: row.id, added: true };
	const { id } = await ctx.db
		.selectFrom('disclosure')
		.select('id')
		.where('personId', '=', row.personId)
		.where('dedupe', '=', row.dedupe)
		.executeTakeFirstOrThrow();
	return { id, added: false };
}

/** Adds to the count of a partner; `lastAt` never goes back. */
export async function addToCount(ctx: Context, count: DisclosureCountTable): Promise<void> {
	await ctx.db
		.insertInto('disclosureCount')
		.values(count)
		.onConflict((conflict) =>
			conflict.columns(['personId', 'partner']).doUpdateSet((row) => ({
				disclosures: row('disclosureCount.disclosures', '+', count.disclosures),
				lastAt: row
					.case()
					.when(row.ref('disclosureCount.lastAt'), '<', count.lastAt)
					.then(count.lastAt)
					.else(row.ref('disclosureCount.lastAt'))
					.end()
			}))
		)
		.execute();
}

/** Adds to what flowed to a partner of a category, or of one field; the first and last instants only ever widen. */
export async function addToFlow(ctx: Context, flow: DisclosureFlowTable): Promise<void> {
	await ctx.db
		.insertInto('disclosureFlow')
		.values(flow)
		.onConflict((conflict) =>
			conflict.columns(['personId', 'partner', 'category', 'field']).doUpdateSet((row) => ({
				disclosures: row('disclosureFlow.disclosures', '+', flow.disclosures),
				firstAt: row
					.case()
					.when(row.ref('disclosureFlow.firstAt'), '>', flow.firstAt)
					.then(flow.firstAt)
					.else(row.ref('disclosureFlow.firstAt'))
					.end(),
				lastAt: row
					.case()
					.when(row.ref('disclosureFlow.lastAt'), '<', flow.lastAt)
					.then(flow.lastAt)
					.else(row.ref('disclosureFlow.lastAt'))
					.end()
			}))
		)
		.execute();
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
