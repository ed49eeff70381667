// The tombstones of the keys database: one row a person, chained by number and hash as the lines of the file are.
import { sql, type Kysely, type Transaction } from 'kysely';
import { isPostgres } from '../database/columns.ts';
import type { KeysSchema } from './tables.ts';
import { chained, ChainBroken, start, type Entry } from './tombstone-file.ts';

export type Tx = Transaction<KeysSchema>;
export type Head = Pick<Entry, 'number' | 'hash'>;

const page = 1_000;

/** Of several processes one writes tombstones at a time; on SQLite the transaction itself sees to that. */
export async function lock(tx: Tx): Promise<void> {
	if (isPostgres(tx as never)) await sql`lock table tombstone in share row exclusive mode`.execute(tx);
}

export async function headOf(db: Kysely<KeysSchema>): Promise<Head> {
	const last = await db
		.selectFrom('tombstone')
		.select(['number', 'hash'])
		.where('number', 'is not', null)
		.orderBy('number', 'desc')
		.limit(1)
		.executeTakeFirst();
	return last
		? { number: Number(last.number), hash: String(last.hash) }
		: { number: start.number, hash: start.hash };
}

/** The row, its hashes, and the end of the key. */
export async function bury(tx: Tx, { number, personId, erasedAt, hashes, hash }: Entry): Promise<void> {
	await tx
		.insertInto('tombstone')
		.values({ personId, erasedAt, number, hash })
		.onConflict((conflict) => conflict.column('personId').doUpdateSet({ number, hash }))
		.execute();
	for (const { kind, hash } of hashes)
		await tx
			.insertInto('tombstoneHash')
			.values({ kind, hash: Buffer.from(hash, 'hex'), personId })
			.onConflict((conflict) => conflict.doNothing())
			.execute();
	await tx.deleteFrom('dataKey').where('personId', '=', personId).execute();
}

async function hashesOf(db: Kysely<KeysSchema>, personId: string): Promise<Entry['hashes']> {
	const rows = await db
		.selectFrom('tombstoneHash')
		.select(['kind', 'hash'])
		.where('personId', '=', personId)
		.execute();
	return rows.map(({ kind, hash }) => ({ kind, hash: Buffer.from(hash).toString('hex') }));
}

export const isBuried = async (db: Kysely<KeysSchema>, personId: string): Promise<boolean> =>
	(await db
		.selectFrom('tombstone')
		.select('personId')
		.where('personId', '=', personId)
		.executeTakeFirst()) !== undefined;

export const buriedAt = async (db: Kysely<KeysSchema>, personId: string): Promise<string | undefined> =>
	(await db.selectFrom('tombstone').select('erasedAt').where('personId', '=', personId).executeTakeFirst())
		?.erasedAt;

export async function listAfter(
	db: Kysely<KeysSchema>,
	after: number,
	limit: number
): Promise<{ number: number; personId: string; erasedAt: string; hash: string }[]> {
	const rows = await db
		.selectFrom('tombstone')
		.select(['number', 'personId', 'erasedAt', 'hash'])
		.where('number', '>', after)
		.orderBy('number')
		.limit(limit)
		.execute();
	return rows.map((row) => ({ ...row, number: Number(row.number), hash: String(row.hash) }));
}

/** Every entry as the file should have it. Throws `ChainBroken` where the database itself was changed. */
export async function* entriesOf(db: Kysely<KeysSchema>): AsyncGenerator<Entry> {
	let before: Head = start;
	for (;;) {
		const rows = await listAfter(db, before.number, page);
		for (const { personId, erasedAt, number, hash } of rows) {
			const entry = chained(before, { personId, erasedAt, hashes: await hashesOf(db, personId) });
			if (entry.number !== number || entry.hash !== hash) throw new ChainBroken(entry.number);
			yield entry;
			before = entry;
		}
		if (rows.length < page) return;
	}
}

/** Tombstones from before they were chained, as entries that follow `after`. */
export async function unchained(db: Kysely<KeysSchema>, after: Head): Promise<Entry[]> {
	const rows = await db
		.selectFrom('tombstone')
		.select(['personId', 'erasedAt'])
		.where('number', 'is', null)
		.orderBy('erasedAt')
		.orderBy('personId')
		.execute();
	const entries: Entry[] = [];
	for (const { personId, erasedAt } of rows)
		entries.push(
			chained(entries.at(-1) ?? after, { personId, erasedAt, hashes: await hashesOf(db, personId) })
		);
	return entries;
}
