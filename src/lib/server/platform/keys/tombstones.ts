// Promise: nobody's key is destroyed before it stands in the file outside the databases that they were erased; by that file
// an older database that comes back is recognised.
import type { Kysely } from 'kysely';
import type { KeysSchema } from './tables.ts';
import { append, chained, ChainBroken, entriesAfter, start } from './tombstone-file.ts';
import type { Entry, Position } from './tombstone-file.ts';
import { rebuild } from './tombstone-rebuild.ts';
import { bury, headOf, isBuried, listAfter, lock, unchained } from './tombstone-rows.ts';
import type { Head, Tx } from './tombstone-rows.ts';

export type Compared =
	| { agree: true }
	/** The file goes on after the database's last tombstone: an older database is here, or a commit was lost. */
	| { missing: readonly Pick<Entry, 'number' | 'personId'>[] }
	/** The file was lost, is older than the database, was changed at that line, or belongs to other databases. */
	| { differs: 'lost' | 'older' | 'changed' | 'foreign'; line: number };

export interface Tombstones {
	/** File and database side by side. */
	compare(): Promise<Compared>;
	/** Takes over what only the file has, and destroys those people's keys; answers how many. Throws when they differ. */
	adopt(): Promise<number>;
	/** Tombstones, in the file first, and the end of the keys, in one transaction. A second one changes nothing. */
	add(tombstones: readonly Pick<Entry, 'personId' | 'erasedAt' | 'hashes'>[]): Promise<void>;
	/** Those with a number greater than `after`, in order. */
	list(after: number, limit: number): Promise<{ number: number; personId: string }[]>;
	/** The last one. */
	head(): Promise<Head>;
	/**
	 * Writes the file anew from the database; an old one is put aside. Refuses when the chain of the database is broken
	 * itself, and when the file knows of more people than the database.
	 */
	rebuild(putAsideAs: string): Promise<{ written: number } | { refused: 'chain-broken' | 'file-knows-more' }>;
}

/** Side by side, from the first line on. */
async function sideBySide(tx: Tx, file: string): Promise<{ compared: Compared; at: Position }> {
	const head = await headOf(tx);
	const missing: Pick<Entry, 'number' | 'personId'>[] = [];
	let at = start;
	const differ = (differs: 'lost' | 'older' | 'changed' | 'foreign', line: number) => ({
		compared: { differs, line },
		at
	});
	try {
		for await (const { entry, at: here } of entriesAfter(file, start)) {
			if (entry.number === head.number && entry.hash !== head.hash) return differ('foreign', entry.number);
			if (entry.number > head.number) missing.push({ number: entry.number, personId: entry.personId });
			at = here;
		}
	} catch (error) {
		if (error instanceof ChainBroken) return differ('changed', error.line);
		throw error;
	}
	if (at.number < head.number) return differ(at.number === 0 ? 'lost' : 'older', at.number + 1);
	return { compared: missing.length ? { missing } : { agree: true }, at };
}

export function openTombstones(
	db: Kysely<KeysSchema>,
	file: string,
	forget: (personId: string) => void
): Tombstones {
	/** How far the file was read and found to agree with what is committed. */
	let known = start;

	/** Reads on to the end of the file. Throws `ChainBroken` where the two do not fit. */
	async function readOn(tx: Tx): Promise<{ at: Position; missing: Entry[] }> {
		const head = await headOf(tx);
		const missing: Entry[] = [];
		let at = known;
		const check = () => {
			if (at.number === head.number && at.hash !== head.hash) throw new ChainBroken(at.number);
		};
		check();
		for await (const next of entriesAfter(file, known)) {
			({ at } = next);
			check();
			if (at.number > head.number) missing.push(next.entry);
		}
		if (at.number < head.number) throw new ChainBroken(at.number + 1);
		return { at, missing };
	}

	/** Alone, with everything taken over that only the file had; `work` answers where the file ends afterwards. */
	async function alone(work: (tx: Tx, at: Position) => Promise<Position>): Promise<number> {
		const { at, missing } = await db.transaction().execute(async (tx) => {
			await lock(tx);
			const { at, missing } = await readOn(tx);
			for (const entry of missing) await bury(tx, entry);
			return { at: await work(tx, at), missing };
		});
		known = at;
		for (const { personId } of missing) forget(personId);
		return missing.length;
	}

	async function write(tx: Tx, at: Position, entries: readonly Entry[]): Promise<Position> {
		if (entries.length === 0) return at;
		const end = await append(file, at, entries);
		for (const entry of entries) await bury(tx, entry);
		return end;
	}

	return {
		compare: async () => {
			const { compared, at } = await db.transaction().execute(async (tx) => {
				await lock(tx);
				const both = await sideBySide(tx, file);
				if (!('agree' in both.compared)) return both;
				const old = await unchained(tx, both.at);
				return old.length ? { ...both, at: await write(tx, both.at, old) } : both;
			});
			if ('agree' in compared) known = at;
			return compared;
		},
		adopt: () => alone(async (_, at) => at),
		add: async (tombstones) => {
			await alone(async (tx, at) => {
				const entries: Entry[] = [];
				for (const tombstone of tombstones)
					if (await isBuried(tx, tombstone.personId))
						await tx.deleteFrom('dataKey').where('personId', '=', tombstone.personId).execute();
					else entries.push(chained(entries.at(-1) ?? at, tombstone));
				return write(tx, at, entries);
			});
			for (const { personId } of tombstones) forget(personId);
		},
		list: (after, limit) => listAfter(db, after, limit),
		head: () => headOf(db),
		rebuild: (putAsideAs) =>
			db.transaction().execute(async (tx) => {
				await lock(tx);
				const rebuilt = await rebuild(tx, file, putAsideAs);
				if ('at' in rebuilt) known = rebuilt.at;
				return 'at' in rebuilt ? { written: rebuilt.at.number } : rebuilt;
			})
	};
}
