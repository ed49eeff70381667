// Promise: many rows go into a table through one statement that is compiled once; for first loads, inside a transaction.
import { CompiledQuery, type Kysely } from 'kysely';
import { isPostgres } from './columns.ts';

const rowsAtOnce = 50;

export interface Bulk {
	/** Values in the order of the columns. */
	add(...values: readonly unknown[]): Promise<void> | undefined;
	/** Writes what is waiting; call it before the transaction ends. */
	flush(): Promise<void>;
}

function statement(postgres: boolean, table: string, columns: readonly string[], rows: number): string {
	let number = 0;
	const row = () => `(${columns.map(() => (postgres ? `$${++number}` : '?')).join(',')})`;
	return `insert into ${table} (${columns.join(',')}) values ${Array.from({ length: rows }, row).join(',')}`;
}

/** Names as in the database (snake_case). */
export function bulkInto(db: Kysely<never>, table: string, columns: readonly string[]): Bulk {
	const postgres = isPostgres(db);
	const whole = statement(postgres, table, columns, rowsAtOnce);
	let waiting: unknown[] = [];
	const write = async (text: string) => {
		const values = waiting;
		waiting = [];
		await db.executeQuery(CompiledQuery.raw(text, values));
	};
	return {
		add: (...values) => {
			waiting.push(...values);
			return waiting.length === rowsAtOnce * columns.length ? write(whole) : undefined;
		},
		flush: async () => {
			if (waiting.length) await write(statement(postgres, table, columns, waiting.length / columns.length));
		}
	};
}
