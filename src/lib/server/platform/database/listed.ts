// Promise: a query for many ids is the same statement however many they are, and so is prepared once.
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { isPostgres } from './columns.ts';

/**
 * The texts of a JSON array, to stand behind `in`; give a kept query `JSON.stringify(texts)` for it. Behind the plus sign, which
 * changes nothing, SQLite does not look at the value and plan anew at each run.
 */
export const listed = (db: unknown, json: string): RawBuilder<string> =>
	isPostgres(db as Kysely<never>)
		? sql<string>`(select value from json_array_elements_text(${json}::json))`
		: sql<string>`(select value from json_each(+${json}))`;
