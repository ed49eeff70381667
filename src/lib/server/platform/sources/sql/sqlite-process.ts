// Process: a SQLite file of a source. Nobody can interrupt a statement of SQLite, but a process can be ended.
import Database from 'better-sqlite3';
import { Worker } from 'node:worker_threads';

/** What the process is asked: the next rows of a statement, of `most` bytes a page, or to run several in one transaction. */
export type Ask =
	| { read: { text: string; values: readonly unknown[] }; most: number }
	| { more: true }
	| { change: readonly { text: string; values: readonly unknown[] }[] };

export type Said =
	{ rows: Record<string, unknown>[]; bytes: number; done: boolean } | { met: number[] } | { failed: string };

const rowsAtOnce = 500;
const bytesAtOnce = 1_000_000;
const file = process.argv[2] as string;

let rows: Iterator<Record<string, unknown>> | undefined;
let reading: Database.Database | undefined;
let most = 0;

const sizeOf = (value: unknown): number =>
	typeof value === 'string' ? value.length : Buffer.isBuffer(value) ? value.length : 8;

/** What SQLite's reader puts in the place of bytes that are no UTF-8: the database itself takes any. */
const replaced = '\ufffd';

/** Numbers that JavaScript cannot hold stay exact, as text; a text that is none is bytes, which fit no field. */
function exact(value: unknown): unknown {
	if (typeof value === 'string') return value.includes(replaced) ? Buffer.from(value) : value;
	if (typeof value !== 'bigint') return value;
	return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

function stop(): void {
	rows?.return?.();
	rows = undefined;
	reading?.close();
	reading = undefined;
}

function next(): Said {
	const page: Record<string, unknown>[] = [];
	let bytes = 0;
	while (page.length < rowsAtOnce && bytes < bytesAtOnce) {
		const row = rows?.next();
		if (!row || row.done) {
			stop();
			return { rows: page, bytes, done: true };
		}
		for (const [name, value] of Object.entries(row.value)) {
			bytes += sizeOf(value);
			row.value[name] = exact(value);
		}
		// One value alone may be huge: it stays here.
		if (bytes > most) throw Object.assign(new Error('more than may be'), { code: 'bytes' });
		page.push(row.value);
	}
	return { rows: page, bytes, done: false };
}

function openFile(options: Database.Options): Database.Database {
	try {
		return new Database(file, { ...options, fileMustExist: true });
	} catch {
		throw Object.assign(new Error('there is no such file'), { code: 'SQLITE_CANTOPEN' });
	}
}

function read(text: string, values: readonly unknown[]): Said {
	reading = openFile({ readonly: true });
	rows = reading
		.prepare(text)
		.safeIntegers()
		.iterate(...values) as Iterator<Record<string, unknown>>;
	return next();
}

/** What is destroyed is written over too. */
function change(statements: readonly { text: string; values: readonly unknown[] }[]): Said {
	const database = openFile({});
	try {
		database.pragma('busy_timeout = 5000');
		database.pragma('foreign_keys = ON');
		database.pragma('secure_delete = ON');
		const run = database.transaction(() =>
			statements.map(({ text, values }) => {
				const statement = database.prepare(text);
				return statement.reader ? statement.all(...values).length : statement.run(...values).changes;
			})
		);
		return { met: run.immediate() };
	} finally {
		database.close();
	}
}

function answer(ask: Ask): Said {
	if ('more' in ask) return next();
	// Of a reading that nobody wanted to the end.
	stop();
	if ('change' in ask) return change(ask.change);
	most = ask.most;
	return read(ask.read.text, ask.read.values);
}

/** Busy in SQL the process hears nothing; a thread of its own sees that whoever started it is gone, and ends both. */
const ending = `const { Socket } = require('node:net');
	new Socket({ fd: 0 }).on('error', () => undefined).on('close', () => process.kill(process.pid, 'SIGKILL')).resume();`;
new Worker(ending, { eval: true }).unref();

process.on('message', (ask: Ask) => {
	try {
		process.send?.(answer(ask));
	} catch (error) {
		stop();
		const { code, name } = error as { code?: string; name: string };
		process.send?.({ failed: code ?? name } satisfies Said);
	}
});
process.on('disconnect', () => process.exit());
