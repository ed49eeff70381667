import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase, engineOf } from '../../src/lib/server/platform/database/open.ts';
import { databaseForThisTest, engine } from '../support/databases.ts';

test('every test file has an empty database of the engine it asked for', async () => {
	const url = await databaseForThisTest();
	const db = openDatabase<Record<string, never>>(url);
	const { rows } = await sql<{ answer: number }>`select 1 as answer`.execute(db);
	await db.destroy();

	expect(rows).toEqual([{ answer: 1 }]);
	expect(engineOf(url)).toBe(engine);
});
