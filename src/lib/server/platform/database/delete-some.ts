// Promise: some rows of one owner go at a time, through a statement that is compiled once a table.
import { CompiledQuery, type Kysely } from 'kysely';
import { isPostgres } from './columns.ts';

const kept = new Map<string, string>();

function statement(table: string, key: string, postgres: boolean): string {
	const name = `${table}.${key} ${postgres}`;
	const [first, second, third] = postgres ? ['$1', '$2', '$3'] : ['?', '?', '?'];
	const some = `select ${key} from ${table} where person_id = ${second} limit ${third}`;
	const text = kept.get(name) ?? `delete from ${table} where person_id = ${first} and ${key} in (${some})`;
	kept.set(name, text);
	return text;
}

/**
 * Deletes rows of a table that leads with `person_id`, about `limit` of them; answers how many. `key` is what tells a
 * person's rows apart, by its name in the database (snake_case); both names are the code's own.
 */
export async function deleteSome(
	{ db }: { db: unknown },
	{ table, key = 'id' }: { table: string; key?: string },
	personId: string,
	limit: number
): Promise<number> {
	const database = db as Kysely<never>;
	const text = statement(table, key, isPostgres(database));
	const { numAffectedRows } = await database.executeQuery(
		CompiledQuery.raw(text, [personId, personId, limit])
	);
	return Number(numAffectedRows ?? 0);
}
