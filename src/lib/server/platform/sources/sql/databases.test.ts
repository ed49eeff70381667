import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { engine } from '../../../../../../tests/support/databases.ts';
import { emptyPostgres } from '../../../../../../tests/support/empty-databases.ts';
import { hasMariadb, startMariadb } from '../../../../../../tests/support/mariadb.ts';
import { rowCheck } from '../../../sources/rows.ts';
import { openSource, type Driven } from '../open.ts';
import type { Source, SourceRow } from '../source.ts';

interface Given {
	url: string;
	run(statements: readonly string[]): Promise<void>;
	rows(query: string): Promise<Record<string, unknown>[]>;
	remove(): Promise<void>;
}

async function sqlite(): Promise<Given> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-databases-'));
	const file = join(folder, 'shop.db');
	return {
		url: `sqlite:${file}`,
		run: async (statements) => {
			const database = new Database(file);
			for (const statement of statements) database.exec(statement);
			database.close();
		},
		rows: async (query) => {
			const database = new Database(file);
			const rows = database.prepare(query).all() as Record<string, unknown>[];
			database.close();
			return rows;
		},
		remove: async () => rmSync(folder, { recursive: true, force: true })
	};
}

async function postgres(): Promise<Given> {
	const { url, remove } = await emptyPostgres(inject('postgresUrl'), 'shop');
	const run = async (statements: readonly string[]) => {
		const client = new pg.Client({ connectionString: url });
		await client.connect();
		for (const statement of statements) await client.query(statement);
		await client.end();
	};
	const rows = async (query: string) => {
		const client = new pg.Client({ connectionString: url });
		await client.connect();
		const answer = await client.query(query);
		await client.end();
		return answer.rows as Record<string, unknown>[];
	};
	return { url, run, rows, remove };
}

async function mariadb(): Promise<Given> {
	const { url, stop } = await startMariadb();
	const run = async (statements: readonly string[]) => {
		const pool = createPool(url);
		for (const statement of statements) await pool.query(statement);
		await pool.end();
	};
	const rows = async (query: string) => {
		const pool = createPool(url);
		const [answer] = await pool.query(query);
		await pool.end();
		return answer as Record<string, unknown>[];
	};
	return { url, run, rows, remove: stop };
}

/** What each database calls things. */
const dialects = {
	sqlite: {
		open: sqlite,
		instant: 'text',
		flag: 'integer',
		wide: 'integer',
		hang: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where :person <> i',
		series: 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 1200) select i from n',
		// It has none.
		connection: "select 7 where :person <> ''",
		long: (size: number) => `hex(zeroblob(${size / 2}))`
	},
	postgres: {
		open: postgres,
		instant: 'timestamptz',
		flag: 'boolean',
		wide: 'bigint',
		hang: "select count(*) from pg_sleep(60) where :person <> ''",
		series: 'select i from generate_series(1, 1200) as n(i)',
		connection: "select pg_backend_pid() where :person <> ''",
		long: (size: number) => `repeat('x', ${size})`
	},
	mariadb: {
		open: mariadb,
		instant: 'datetime(6)',
		flag: 'boolean',
		wide: 'bigint',
		hang: "select sleep(60) from (select 1 as one) as x where :person <> ''",
		series: 'select seq as i from seq_1_to_1200',
		connection: "select connection_id() from (select 1 as one) as x where :person <> ''",
		long: (size: number) => `repeat('x', ${size})`
	}
};

const drivenBy = ({ hang, long, connection }: (typeof dialects)['sqlite']): Driven => ({
	id: 'shop',
	categories: [
		{
			category: 'orders',
			fields: ['title', 'amount', 'boughtOn', 'big', 'tags', 'seenAt'],
			read: 'select customer as person, id, placed_at as at, title, amount, bought_on, big, tags, seen_at from orders where customer = :person;',
			edit: [
				{
					field: 'title',
					statement: 'update orders set title = :value where customer = :person and id = :record'
				},
				{
					field: 'tags',
					statement: 'update orders set tags = :value where customer = :person and id = :record'
				}
			]
		},
		{ category: 'hanging', fields: [], read: 'select 1', count: hang, edit: [] },
		{ category: 'connection', fields: [], read: 'select 1', count: connection, edit: [] },
		{
			category: 'nothing-said',
			fields: [],
			read: 'select 1',
			count: 'select max(amount) from orders where customer = :person and 1 = 0',
			edit: []
		},
		{
			category: 'huge',
			fields: ['title'],
			read: `select customer as person, id, placed_at as at, ${long(200_000)} as title from orders where customer = :person`,
			edit: []
		},
		{ category: 'wrong', fields: [], read: 'select nothing from nowhere where x = :person', edit: [] },
		{
			category: 'writing',
			fields: [],
			read: 'select 1',
			count: 'delete from orders where customer = :person',
			edit: []
		}
	],
	restrict: ['update orders set restricted = :on where customer = :person'],
	erase: ['delete from orders where customer = :person'],
	plant: [
		"insert into orders (customer, id) values (:person, 'planted')",
		'insert into nowhere values (:person)'
	],
	can: [],
	budget: { seconds: 20, rows: 10_000, megabytes: 10 },
	pool: 2
});

const chosen = engine === 'postgres' ? (['postgres'] as const) : (['sqlite', 'mariadb'] as const);

describe.skipIf(engine === 'postgres')('the process of a SQLite', () => {
	test('keeps a value to itself that is too large, and ends while it is busy when its starter does', async () => {
		const { url, run, remove } = await sqlite();
		await run(['create table t (x)']);
		const script = fileURLToPath(new URL('sqlite-process.ts', import.meta.url));
		const child = fork(script, [url.slice('sqlite:'.length)], {
			...{ serialization: 'advanced', stdio: ['pipe', 'ignore', 'ignore', 'ipc'] }
		});
		const ask = (text: string) => child.send({ read: { text, values: [] }, most: 1_000_000 });
		ask('select zeroblob(2000000) as x');
		expect((await once(child, 'message'))[0]).toEqual({ failed: 'bytes' });
		ask('select 1 as x');
		expect((await once(child, 'message'))[0]).toMatchObject({ rows: [{ x: 1 }], done: true });
		ask(dialects.sqlite.hang.replace(':person', '0'));
		child.stdin?.destroy();
		expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
		await remove();
	});

	test('gives a text that is no UTF-8 as bytes, so that its field is told to be missing', async () => {
		const { url, run, remove } = await sqlite();
		await run([
			'create table orders (customer, id, placed_at, title, amount, bought_on, big, tags, seen_at)',
			"insert into orders (customer, id, placed_at, title, tags) values ('alice', 'a', '2026-03-01', cast(x'43c3a9ff' as text), 'whole')"
		]);
		const watch = { isOff: async () => false, noted: () => undefined };
		const shop = await openSource(drivenBy(dialects.sqlite), url, { watch, sign: () => '' });
		const [row] = (await Array.fromAsync(shop.read('orders', 'alice'))).flat() as [SourceRow];
		const fields = ['title', 'tags'].map((id) => ({ id, type: 'text' }));
		const check = rowCheck({ fields } as never, { externalId: 'alice', country: 'KR' });
		expect(check(row)).toMatchObject({
			left: 'wrong-shape',
			record: { id: 'a', fields: { tags: 'whole' }, unfit: ['title'] }
		});
		await shop.close();
		await remove();
	});

	test('that can not be started holds nobody’s place', async () => {
		const { url, run, remove } = await sqlite();
		await run([
			'create table orders (customer, id, placed_at, title, amount, bought_on, big, tags, seen_at)'
		]);
		const driven = { ...drivenBy(dialects.sqlite), pool: 1 };
		const shop = await openSource(driven, url, {
			...{ watch: { isOff: async () => false, noted: () => undefined }, sign: () => '' }
		});
		const node = process.execPath;
		try {
			process.execPath = '/nowhere/node';
			await expect(shop.count('orders', 'alice')).rejects.toMatchObject({ code: 'unreachable' });
		} finally {
			process.execPath = node;
		}
		expect(await shop.count('orders', 'alice')).toBe(0);
		await shop.close();
		await remove();
	});
});

describe('a PostgreSQL', () => {
	const watch = { isOff: async () => false, noted: () => undefined };
	const sign = () => '';

	test('whose certificate is not there is said to be unreachable, however it is read', async () => {
		const url = 'postgres://candor:x@127.0.0.1:1/shop?sslrootcert=/nowhere/root.pem';
		const shop = await openSource(drivenBy(dialects.postgres), url, { watch, sign });
		const away = { name: 'SourceFailure', code: 'unreachable', because: 'ENOENT' };
		await expect(shop.count('orders', 'alice')).rejects.toMatchObject(away);
		await expect(Array.fromAsync(shop.read('orders', 'alice'))).rejects.toMatchObject(away);
		await shop.close();
	});

	test('that takes the call and says nothing keeps no connection, and nobody from closing', async () => {
		const open = new Set<Socket>();
		const mute = createServer((socket) => {
			open.add(socket);
			socket.on('error', () => undefined).on('close', () => open.delete(socket));
			socket.resume();
		});
		await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
		const url = `postgres://candor:x@127.0.0.1:${(mute.address() as AddressInfo).port}/shop`;
		const shop = await openSource(drivenBy(dialects.postgres), url, { watch, sign });
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		try {
			const ended = expect(shop.count('orders', 'alice', { seconds: 1 })).rejects.toMatchObject({
				code: 'timed-out'
			});
			await once(mute, 'connection');
			await vi.advanceTimersByTimeAsync(20_000);
			await ended;
		} finally {
			vi.useRealTimers();
		}
		await shop.close();
		await vi.waitFor(() => expect(open.size).toBe(0));
		mute.close();
	});
});

describe.each(chosen)('a shop on %s', (name) => {
	const isThere = name !== 'mariadb' || hasMariadb();
	const dialect = dialects[name];
	let given: Given;
	let shop: Source;
	const watch = { isOff: async () => false, noted: () => undefined };
	const sign = () => '';

	beforeAll(async () => {
		if (!isThere) return;
		given = await dialect.open();
		const columns = `customer varchar(64), id varchar(64), placed_at ${dialect.instant}, title text, amount decimal(10,2), bought_on date, big ${dialect.wide}, restricted ${dialect.flag}, tags text, seen_at ${dialect.instant}`;
		await given.run([
			`create table orders (${columns})`,
			`insert into orders (customer, id, placed_at, title) select 'bob', i, '2026-01-01 10:00:00', 'of many' from (${dialect.series}) as n`,
			"insert into orders values ('alice', 'a', '2026-03-01 10:00:00.000001', '한국어 العربية 📚', 12.50, '2026-02-28', 9007199254740993, null, null, '2026-03-01 10:00:00.25')",
			"insert into orders values ('alice', 'b', '2026-03-01 10:00:00.000002', null, null, null, null, null, null, null)",
			"insert into orders values ('alice', 'c', '2026-03-01 10:00:00.000002', 'last', 3, '2026-03-01', 7, null, null, null)"
		]);
		shop = await openSource(drivenBy(dialect as (typeof dialects)['sqlite']), given.url, { watch, sign });
	});
	afterAll(async () => {
		await shop?.close();
		await given?.remove();
	});

	const all = async (category: string, person: string): Promise<SourceRow[]> =>
		(await Array.fromAsync(shop.read(category, person))).flat();

	test.skipIf(!isThere)('gives rows as they are: days, large and broken numbers, every script', async () => {
		expect(await shop.count('orders', 'alice')).toBe(3);
		const rows = await all('orders', 'alice');
		expect(rows.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
		expect(rows[2]).toMatchObject({ person: 'alice', title: '한국어 العربية 📚', boughtOn: '2026-02-28' });
		expect(rows[2]?.at).toMatch(/^2026-03-01 10:00:00\.000001/);
		expect(String(rows[2]?.big)).toBe('9007199254740993');
		expect(Number(rows[2]?.amount)).toBe(12.5);
		expect(rows[1]?.title).toBeNull();
	});

	test.skipIf(!isThere)('gives many a page at a time, and a few from a place on', async () => {
		const pages = await Array.fromAsync(shop.read('orders', 'bob'));
		expect(pages.flat()).toHaveLength(1_200);
		expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(1_000);
		const [first] = await shop.page('orders', 'alice', { limit: 1 });
		const second = await shop.page('orders', 'alice', { before: first as SourceRow, limit: 5 });
		expect(second.map(({ id }) => id)).toEqual(['b', 'a']);
		const back = await shop.page('orders', 'alice', { after: second[1] as SourceRow, limit: 5 });
		expect(back.map(({ id }) => id)).toEqual(['c', 'b']);
		expect(await shop.find('orders', 'alice', 'b')).toMatchObject({ id: 'b' });
		expect(await shop.find('orders', 'bob', 'b')).toBeUndefined();
	});

	test.skipIf(!isThere)('takes values as values, whatever stands in them', async () => {
		const value = `'; drop table orders; -- "x" :person \\`;
		expect(await shop.edit('orders', 'alice', { record: 'a', field: 'title', value })).toBe('done');
		expect(await shop.edit('orders', 'alice', { record: 'a', field: 'title', value })).toBe('done');
		expect(await shop.find('orders', 'alice', 'a')).toMatchObject({ title: value });
		expect(await shop.edit('orders', 'bob', { record: 'a', field: 'title', value })).toBe('not-found');
		await shop.edit('orders', 'alice', { record: 'a', field: 'title', value: null });
		expect((await shop.find('orders', 'alice', 'a'))?.title).toBeNull();
		expect(await shop.count('orders', "x' or '1'='1")).toBe(0);
	});

	test.skipIf(!isThere)('gives back a list as it was written, and an instant as that of UTC', async () => {
		const fields = [
			{ id: 'tags', type: 'list' },
			{ id: 'seenAt', type: 'instant' }
		];
		const value = ['하나, "둘"', '[three'];
		for (let time = 0; time < 2; time += 1) {
			expect(await shop.edit('orders', 'alice', { record: 'a', field: 'tags', value })).toBe('done');
			const row = (await shop.find('orders', 'alice', 'a')) as SourceRow;
			const { record } = rowCheck({ fields } as never, { externalId: 'alice', country: 'KR' })(row);
			expect(record?.fields).toEqual({ tags: value, seenAt: '2026-03-01T10:00:00.250Z' });
		}
	});

	test.skipIf(!isThere)('changes all or nothing, and nothing by reading', async () => {
		await expect(shop.plant('canary')).rejects.toMatchObject({ code: 'refused' });
		expect(await shop.count('orders', 'canary')).toBe(0);
		await expect(shop.count('writing', 'alice')).rejects.toMatchObject({ name: 'SourceFailure' });
		expect(await shop.count('orders', 'alice')).toBe(3);
		const flags = async (on: number) => {
			const all = await given.rows('select customer, restricted from orders');
			return Object.entries(Object.groupBy(all, ({ customer }) => String(customer)))
				.filter(([, rows]) => rows?.every(({ restricted }) => Number(restricted ?? NaN) === on))
				.map(([customer]) => customer);
		};
		for (const on of [true, true, false]) {
			await shop.restrict('alice', on);
			expect(await flags(Number(on))).toEqual(['alice']);
		}
	});

	test.skipIf(!isThere)('is cut when it takes too long, gives too much or will not', async () => {
		await expect(shop.count('hanging', 'alice', { seconds: 0.2 })).rejects.toMatchObject({
			code: 'timed-out'
		});
		expect(await shop.count('orders', 'alice')).toBe(3);
		await expect(all('huge', 'bob')).rejects.toMatchObject({ code: 'over-budget' });
		const described = drivenBy(dialect as (typeof dialects)['sqlite']);
		const tight = { ...described, budget: { ...described.budget, rows: 1_000 } };
		const short = await openSource(tight, given.url, { watch, sign });
		await expect(Array.fromAsync(short.read('orders', 'bob'))).rejects.toMatchObject({ code: 'over-budget' });
		await short.close();
		await expect(all('wrong', 'alice')).rejects.toMatchObject({ code: 'refused' });
		const stopped = AbortSignal.abort(new Error('nobody wants it any more'));
		await expect(shop.count('orders', 'alice', { signal: stopped })).rejects.toThrow('any more');
		for await (const page of shop.read('orders', 'bob')) if (page.length > 0) break;
		expect(await shop.count('orders', 'alice')).toBe(3);
	});

	test.skipIf(!isThere)(
		'counts over one connection, and is not understood where it gives no number',
		async () => {
			const connection = await shop.count('connection', 'alice');
			expect(await shop.count('connection', 'alice')).toBe(connection);
			await expect(shop.count('nothing-said', 'alice')).rejects.toMatchObject({ code: 'not-understood' });
		}
	);

	test.skipIf(!isThere)('erases one person, twice if it must, and nobody else', async () => {
		await shop.erase('alice');
		await shop.erase('alice');
		expect(await shop.count('orders', 'alice')).toBe(0);
		expect(await shop.count('orders', 'bob')).toBe(1_200);
	});

	test.skipIf(!isThere)('that is not there is said to be unreachable', async () => {
		const away = given.url.startsWith('sqlite:')
			? 'sqlite:/nowhere/shop.db'
			: given.url.replace(/:\d+\//, ':1/');
		const source = await openSource(drivenBy(dialects.sqlite), away, { watch, sign });
		await expect(source.count('orders', 'alice')).rejects.toMatchObject({ code: 'unreachable' });
		await source.close();
	});
});
