// Promise: what a database was opened for first, it stays.
import type { Kysely } from 'kysely';

interface Marked {
	mark: { name: string; value: string };
}

/** Marks the database the first time; answers what it was marked as then. */
export async function markOnce(db: Kysely<Marked>, name: string, value: string): Promise<string> {
	await db
		.insertInto('mark')
		.values({ name, value })
		.onConflict((conflict) => conflict.doNothing())
		.execute();
	return (await markOf(db, name)) as string;
}

/** What the database is marked as; undefined where it is not. */
export async function markOf(db: Kysely<Marked>, name: string): Promise<string | undefined> {
	const marked = await db.selectFrom('mark').select('value').where('name', '=', name).executeTakeFirst();
	return marked?.value;
}

/** Marks the database anew. */
export async function markAs(db: Kysely<Marked>, name: string, value: string): Promise<void> {
	await db
		.insertInto('mark')
		.values({ name, value })
		.onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
		.execute();
}
