// All SQL of the audit ledger.
import type { Context } from '../context.ts';
import type { AuditEventTable } from '../schema.ts';

export const insertEvent = (ctx: Context, event: AuditEventTable) =>
	ctx.db.insertInto('auditEvent').values(event).execute();

export function selectEvents(ctx: Context, personId: string, before: string | undefined, limit: number) {
	const query = ctx.db
		.selectFrom('auditEvent')
		.select(['id', 'kind', 'actor', 'at', 'sealed'])
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}

export async function countEvents(ctx: Context, personId: string): Promise<number> {
	const { events } = await ctx.db
		.selectFrom('auditEvent')
		.select((count) => count.fn.countAll<number>().as('events'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(events);
}

/** Deletes at most `limit` events; answers how many. */
export async function deleteEvents(ctx: Context, personId: string, limit: number): Promise<number> {
	const some = ctx.db.selectFrom('auditEvent').select('id').where('personId', '=', personId).limit(limit);
	const { numDeletedRows } = await ctx.db
		.deleteFrom('auditEvent')
		.where('personId', '=', personId)
		.where('id', 'in', some)
		.executeTakeFirst();
	return Number(numDeletedRows);
}
