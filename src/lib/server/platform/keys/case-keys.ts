// Promise: what is still needed after a person's key is gone lies under a key of its own, which dies with the case.
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import { instant, type Clock } from '../clock.ts';
import { truncateWriteAheadLog } from '../database/open.ts';
import { vacuum } from '../database/vacuum.ts';
import type { Keyring } from './keyring.ts';
import type { KeysSchema } from './tables.ts';

export interface CaseKeys {
	/** Makes the key of a case and commits it; a second call answers the same key. */
	birth(caseId: string): Promise<KeyObject>;
	/** Undefined once it was destroyed. */
	find(caseId: string): Promise<KeyObject | undefined>;
	/** Puts a note beside the key, sealed under it; it goes when the key goes. */
	note(caseId: string, sealed: Buffer): Promise<void>;
	/** Keys that have a note, by id, those after `after`. */
	notes(after: string, limit: number): Promise<{ caseId: string; note: Buffer }[]>;
	/** May run twice. */
	destroy(...caseIds: string[]): Promise<void>;
	/** Cases whose key was made before an instant, by id, those after `after`. */
	list(before: string, after: string, limit: number): Promise<string[]>;
}

const nameOf = (caseId: string) => `case/${caseId}`;

export function openCaseKeys(db: Kysely<KeysSchema>, keyring: Keyring, clock: Clock): CaseKeys {
	async function find(caseId: string): Promise<KeyObject | undefined> {
		const row = await db
			.selectFrom('caseKey')
			.select(['keyVersion', 'wrapped'])
			.where('caseId', '=', caseId)
			.executeTakeFirst();
		return row && createSecretKey(keyring.unwrap(nameOf(caseId), row.keyVersion, row.wrapped));
	}
	return {
		find,
		birth: async (caseId) => {
			const made = keyring.wrap(nameOf(caseId), randomBytes(32));
			await db
				.insertInto('caseKey')
				.values({ caseId, ...made, createdAt: instant(clock.now()), note: null })
				.onConflict((conflict) => conflict.doNothing())
				.execute();
			return (await find(caseId)) as KeyObject;
		},
		note: async (caseId, note) => {
			await db.updateTable('caseKey').set({ note }).where('caseId', '=', caseId).execute();
		},
		notes: async (after, limit) => {
			const rows = await db
				.selectFrom('caseKey')
				.select(['caseId', 'note'])
				.where('caseId', '>', after)
				.where('note', 'is not', null)
				.orderBy('caseId')
				.limit(limit)
				.execute();
			return rows.flatMap(({ caseId, note }) => (note ? [{ caseId, note }] : []));
		},
		destroy: async (...caseIds) => {
			if (caseIds.length === 0) return;
			await db.deleteFrom('caseKey').where('caseId', 'in', caseIds).execute();
			await truncateWriteAheadLog(db as never);
			await vacuum(db as never, 'case_key');
		},
		list: async (before, after, limit) => {
			const rows = await db
				.selectFrom('caseKey')
				.select('caseId')
				.where('createdAt', '<', before)
				.where('caseId', '>', after)
				.orderBy('caseId')
				.limit(limit)
				.execute();
			return rows.map(({ caseId }) => caseId);
		}
	};
}
