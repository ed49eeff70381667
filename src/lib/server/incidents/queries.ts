// All SQL of incidents. Whom they concern is found in the tables of others: the only look at those from here.
import type { ExpressionBuilder } from 'kysely';
import type { Context } from '../context.ts';
import type { Category } from '../organisation/organisation.ts';
import type { IncidentTable, Schema } from '../schema.ts';
import type { Query } from './audience.ts';

const columns = [
	'id',
	'drill',
	'knownAt',
	'happenedFrom',
	'happenedTo',
	'fields',
	'audience',
	'recordedAt',
	'recordedBy',
	'authorityDueAt',
	'authorityToldAt',
	'alarm',
	'announcedAt',
	'sealed',
	'phase',
	'found'
] as const;

export const insertIncident = (ctx: Context, row: IncidentTable) =>
	ctx.db.insertInto('incident').values(row).execute();

export const selectIncident = (ctx: Context, id: string) =>
	ctx.db.selectFrom('incident').select(columns).where('id', '=', id).executeTakeFirst();

/** Newest first, at most a thousand: an organisation with more has other worries. */
export const selectIncidents = (ctx: Context) =>
	ctx.db.selectFrom('incident').select(columns).orderBy('id', 'desc').limit(1_000).execute();

export const updateIncident = (ctx: Context, id: string, changes: Partial<IncidentTable>) =>
	ctx.db.updateTable('incident').set(changes).where('id', '=', id).execute();

/** Changes an incident that is not announced yet; answers whether it was so. */
export async function updateUnannounced(
	ctx: Context,
	id: string,
	changes: Partial<IncidentTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('incident')
		.set(changes)
		.where('id', '=', id)
		.where('announcedAt', 'is', null)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export const selectUntold = (ctx: Context) =>
	ctx.db
		.selectFrom('incident')
		.select(['id', 'drill', 'alarm', 'authorityDueAt'])
		.where('authorityToldAt', 'is', null)
		.where('alarm', '<', 2)
		.limit(1_000)
		.execute();

export const updateAlarm = (ctx: Context, id: string, alarm: number) =>
	ctx.db.updateTable('incident').set({ alarm }).where('id', '=', id).execute();

type Affected = Query & { category: Category | undefined };

export async function selectAffected(
	ctx: Context,
	{ roles, countries, receivedBy, category }: Affected,
	{ after, limit }: { after: string | null; limit: number }
): Promise<string[]> {
	let query = ctx.db
		.selectFrom('person')
		.select('person.personId')
		.where('state', '!=', 'erasing')
		.orderBy('person.personId')
		.limit(limit);
	if (after) query = query.where('person.personId', '>', after);
	if (roles?.length) query = query.where('role', 'in', roles);
	if (countries?.length) query = query.where('country', 'in', countries);
	if (receivedBy)
		query = query.where(({ exists, selectFrom }) =>
			exists(
				selectFrom('disclosureCount')
					.select('disclosureCount.personId')
					.whereRef('disclosureCount.personId', '=', 'person.personId')
					.where('partner', '=', receivedBy)
			)
		);
	if (category) query = query.where((builder) => holds(builder, category));
	return (await query.execute()).map(({ personId }) => personId);
}

function holds(
	{ exists, selectFrom, or }: ExpressionBuilder<Schema, 'person'>,
	{ id, kind, fields }: Category
) {
	if (kind === 'records')
		return exists(
			selectFrom('recordCount')
				.select('recordCount.personId')
				.whereRef('recordCount.personId', '=', 'person.personId')
				.where('category', '=', id)
				.where('records', '>', 0)
		);
	const kinds = fields.flatMap(({ identifier }) => identifier ?? []);
	const values = exists(
		selectFrom('profileValue')
			.select('profileValue.personId')
			.whereRef('profileValue.personId', '=', 'person.personId')
			.where(
				'field',
				'in',
				fields.map((field) => field.id)
			)
	);
	if (!kinds.length) return values;
	const names = exists(
		selectFrom('identifier')
			.select('identifier.personId')
			.whereRef('identifier.personId', '=', 'person.personId')
			.where('kind', 'in', kinds)
	);
	return or([values, names]);
}
