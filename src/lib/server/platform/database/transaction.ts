// Promise: inside a transaction there is one handle, and it is the transaction.
import type { Kysely } from 'kysely';

/**
 * Runs `work` in a transaction of `ctx.db`, or joins the one that runs. The inner context shadows the outer on purpose:
 * on SQLite a query on the outer handle would wait for ever.
 */
export async function transaction<Context extends { db: { readonly isTransaction: boolean } }, Result>(
	ctx: Context,
	work: (ctx: Context) => Promise<Result>
): Promise<Result> {
	if (ctx.db.isTransaction) return work(ctx);
	// A Kysely of whatever schema: naming the schema here would keep the type of the context from coming through.
	const db = ctx.db as unknown as Kysely<never>;
	return db.transaction().execute((db) => work({ ...ctx, db }));
}
