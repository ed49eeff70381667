// Promise: a query that pages ask all the time is built and compiled once; only its values change.
import type { CompiledQuery, Kysely } from 'kysely';
import { isPostgres } from './columns.ts';
import { committedOf } from './sqlite.ts';

interface Kept<Row> {
	query: CompiledQuery<Row>;
	/** For each parameter which of the values stands there; -1 for one that is part of the query. */
	places: readonly number[];
}

/** Stands for a value until the query is run. */
const placeOf = (index: number): string => `kept value ${index}`;

function compile<Row>(query: CompiledQuery<Row>, names: readonly string[]): Kept<Row> {
	return { query, places: query.parameters.map((parameter) => names.indexOf(parameter as string)) };
}

/**
 * Building and compiling costs Kysely several times what running costs the database. `build` is called once an engine,
 * with texts that stand for the values: it may only bind them, never look at them. It has to be a `select`, which SQLite
 * answers past Kysely, from what is committed; within a transaction it may be any statement.
 */
export function keptQuery<Schema, Values extends (string | number | Buffer)[], Row>(
	build: (db: Kysely<Schema>, ...values: Values) => { compile(): CompiledQuery<Row> }
): (on: { db: Kysely<Schema> }, ...values: Values) => Promise<Row[]> {
	const kept = new Map<boolean, Kept<Row>>();
	const compiled = (db: Kysely<Schema>, count: number): Kept<Row> => {
		const postgres = isPostgres(db as never);
		let known = kept.get(postgres);
		if (!known) {
			const names = Array.from({ length: count }, (_, index) => placeOf(index));
			kept.set(postgres, (known = compile(build(db, ...(names as Values)).compile(), names)));
		}
		return known;
	};
	return async ({ db }, ...values) => {
		const { query, places } = compiled(db, values.length);
		const parameters = places.map((place, index) => (place < 0 ? query.parameters[index] : values[place]));
		const committed = db.isTransaction ? undefined : committedOf(db as never);
		if (committed) return committed.select(query.sql, parameters) as Row[];
		return (await db.executeQuery<Row>({ ...query, parameters })).rows;
	};
}
