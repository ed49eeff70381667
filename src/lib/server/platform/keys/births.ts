// Promise: a key whose person never came to be does not stay, and whose key is missing can be told.
import type { Kysely } from 'kysely';
import { keptQuery } from '../database/kept.ts';
import type { KeysSchema } from './tables.ts';
import { lock } from './tombstone-rows.ts';

/** A key's place in the order in which keys were made. */
export interface Birth {
	createdAt: string;
	personId: string;
}

export interface Births {
	/** Of these people those who have neither a key nor a tombstone. At most some hundreds a call. */
	without(personIds: readonly string[]): Promise<string[]>;
	/** Keys made after `after` and before `before`, in the order of their making; those with a tombstone are left out. */
	between(after: Birth, before: string, limit: number): Promise<Birth[]>;
	/** How many people have a key of their own, counted up to `most`. */
	count(most: number): Promise<number>;
	/** Whether any key of a person is there. */
	any(): Promise<boolean>;
	/** Removes keys that never had a person; leaves no tombstone, for nobody was there. */
	undo(personIds: readonly string[]): Promise<void>;
}

/** Asked at every look of a load balancer. */
const anyKey = keptQuery((db: Kysely<KeysSchema>) => db.selectFrom('dataKey').select('personId').limit(1));

export function birthsIn(db: Kysely<KeysSchema>, forget: (personId: string) => void): Births {
	const holders = async (table: 'dataKey' | 'tombstone', personIds: readonly string[]) => {
		const rows = await db.selectFrom(table).select('personId').where('personId', 'in', personIds).execute();
		return rows.map(({ personId }) => personId);
	};
	return {
		without: async (personIds) => {
			if (personIds.length === 0) return [];
			const known = new Set([
				...(await holders('dataKey', personIds)),
				...(await holders('tombstone', personIds))
			]);
			return personIds.filter((personId) => !known.has(personId));
		},
		between: async ({ createdAt, personId }, before, limit) => {
			const rows = await db
				.selectFrom('dataKey')
				.select(['createdAt', 'personId'])
				.where('createdAt', '<', before)
				.where((where) =>
					where.or([
						where('createdAt', '>', createdAt),
						where.and([where('createdAt', '=', createdAt), where('personId', '>', personId)])
					])
				)
				.where('personId', 'not in', db.selectFrom('tombstone').select('personId'))
				.orderBy('createdAt')
				.orderBy('personId')
				.limit(limit)
				.execute();
			return rows;
		},
		count: async (most) => {
			const some = db.selectFrom('dataKey').select('personId').limit(most).as('some');
			const row = await db
				.selectFrom(some)
				.select((of) => of.fn.countAll<number>().as('keys'))
				.executeTakeFirstOrThrow();
			return Number(row.keys);
		},
		any: async () => (await anyKey({ db })).length > 0,
		undo: async (personIds) => {
			if (personIds.length === 0) return;
			await db.transaction().execute(async (tx) => {
				await lock(tx);
				await tx.deleteFrom('dataKey').where('personId', 'in', personIds).execute();
			});
			for (const personId of personIds) forget(personId);
		}
	};
}

/** Whether this database was ever used as a keys database; before it is brought up to date. */
export const wasUsed = (db: Kysely<KeysSchema>): Promise<boolean> =>
	db
		.selectFrom('secret')
		.select('name')
		.limit(1)
		.executeTakeFirst()
		.then(
			(secret) => secret !== undefined,
			() => false
		);
