// An empty database of its own for a test file, on the engine of the vitest project that runs.
import { inject, onTestFinished } from 'vitest';
import { emptyPostgres, emptySqlite, type EmptyDatabase } from './empty-databases.ts';

export type { EmptyDatabase } from './empty-databases.ts';

export const engine = process.env.CANDOR_TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';

export async function emptyDatabase(name = 'portal'): Promise<EmptyDatabase> {
	return engine === 'postgres' ? emptyPostgres(inject('postgresUrl'), name) : emptySqlite(name);
}

/** The same within one test; removed when that test has finished. */
export async function databaseForThisTest(name?: string): Promise<string> {
	const { url, remove } = await emptyDatabase(name);
	onTestFinished(remove);
	return url;
}
