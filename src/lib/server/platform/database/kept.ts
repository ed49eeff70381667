// Promise: a query that pages ask all the time is built and compiled once; only its values change.
import type { CompiledQuery, Kysely } from 'kysely';
import { isPostgres } from './columns.ts';

/** Stands for a value until the query is run. */
const placeOf = (index: number): string => `kept value ${index}`;

/**
 * Building and compiling costs Kysely several times what running costs the database. `build` is called once an engine,
 * with texts that stand for the values: it may only bind them, never look at them.
 */
export function keptQuery<Schema, Values extends string[], Row>(
	build: (db: Kysely<Schema>, ...values: Values) => { compile(): CompiledQuery<Row> }
): (on: { db: Kysely<Schema> }, ...values: Values) => Promise<Row[]> {
	const kept = new Map<boolean, CompiledQuery<Row>>();
	const compiled = (db: Kysely<Schema>, count: number): CompiledQuery<Row> => {
		const postgres = isPostgres(db as never);
		const known = kept.get(postgres);
		if (known) return known;
		const places = Array.from({ length: count }, (_, index) => placeOf(index)) as Values;
		const query = build(db, ...places).compile();
		kept.set(postgres, query);
		return query;
	};
	return async ({ db }, ...values) => {
		const query = compiled(db, values.length);
		const byPlace = new Map<unknown, string>(values.map((value, index) => [placeOf(index), value]));
		const parameters = query.parameters.map((parameter) => byPlace.get(parameter) ?? parameter);
		return (await db.executeQuery<Row>({ ...query, parameters })).rows;
	};
}
