// Promise: several processes may start at once; the timeline is walked once, each step whole or not at all.
import type { Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';

/** Brings a database up to date; answers the names of the steps taken. Throws the cause of a failed step. */
export async function migrate(db: Kysely<never>, migrations: Record<string, Migration>): Promise<string[]> {
	const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
	const { error, results } = await migrator.migrateToLatest();
	if (error) throw error;
	return (results ?? [])
		.filter(({ status }) => status === 'Success')
		.map(({ migrationName }) => migrationName);
}
