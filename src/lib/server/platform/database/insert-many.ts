// Promise: many rows go into a table through few statements, which are prepared once and say what became of each row.
import { CompiledQuery, type Kysely } from 'kysely';
import { isPostgres } from './columns.ts';

/** Rows of one statement: some sizes only, so that few texts are prepared. */
const sizes = [64, 16, 4, 1];

/** A table and its columns by their names in the database (snake_case), and what follows upon the values. */
export interface Inserting {
	table: string;
	columns: readonly string[];
	/** `on conflict …`, `returning …`; the code's own text. */
	ending?: string;
}

const texts = new WeakMap<Inserting, Map<string, string>>();

function write({ table, columns, ending = '' }: Inserting, rows: number, postgres: boolean): string {
	let number = 0;
	const row = () => `(${columns.map(() => (postgres ? `$${++number}` : '?')).join(',')})`;
	const values = Array.from({ length: rows }, row).join(',');
	return `insert into ${table} (${columns.join(',')}) values ${values} ${ending}`;
}

function textOf(inserting: Inserting, rows: number, postgres: boolean): string {
	let kept = texts.get(inserting);
	if (!kept) texts.set(inserting, (kept = new Map()));
	const name = `${rows} ${postgres}`;
	let text = kept.get(name);
	if (text === undefined) kept.set(name, (text = write(inserting, rows, postgres)));
	return text;
}

/** Inserts the rows, values in the order of the columns; answers what is returned of them. Give the same `inserting` each time. */
export async function insertMany<Returned>(
	{ db }: { db: unknown },
	inserting: Inserting,
	rows: readonly (readonly unknown[])[]
): Promise<Returned[]> {
	const database = db as Kysely<never>;
	const postgres = isPostgres(database);
	const returned: Returned[] = [];
	for (let start = 0; start < rows.length;) {
		const size = sizes.find((size) => size <= rows.length - start) ?? 1;
		const values = rows.slice(start, start + size).flat();
		const query = CompiledQuery.raw(textOf(inserting, size, postgres), values) as CompiledQuery<Returned>;
		for (const row of (await database.executeQuery(query)).rows) returned.push(row);
		start += size;
	}
	return returned;
}
