// All SQL of disclosures.
import type { Context } from '../context.ts';
import type { DisclosureTable } from '../schema.ts';

export const selectRole = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('person').select('role').where('personId', '=', personId).executeTakeFirst();

/** Inserts a row unless one of the same dedupe hash is there; answers the id of the row that stands. */
export async function insertOnce(ctx: Context, row: DisclosureTable): Promise<{ id: string; added: boolean }> {
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
export async function addToCount(ctx: Context, personId: string, partner: string, added: number, lastAt: string): Promise<void> {
	await ctx.db
		.insertInto('disclosureCount')
		.values({ personId, partner, disclosures: added, lastAt })
		.onConflict((conflict) =>
			conflict.columns(['personId', 'partner']).doUpdateSet((row) => ({
				disclosures: row('disclosureCount.disclosures', '+', added),
				lastAt: row
					.case()
					.when(row.ref('disclosureCount.lastAt'), '<', lastAt)
					.then(lastAt)
					.else(row.ref('disclosureCount.lastAt'))
					.end()
			}))
		)
		.execute();
}

/** How often and when last something went to each partner; the newest first. */
export const selectCounts = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('disclosureCount')
		.select(['partner', 'disclosures', 'lastAt'])
		.where('personId', '=', personId)
		.orderBy('lastAt', 'desc')
		.execute();
