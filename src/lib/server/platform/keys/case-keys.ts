// Promise: what is still needed after a person's key is gone lies under a key of its own, which dies with the case.
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import { instant, type Clock } from '../clock.ts';
import { truncateWriteAheadLog } from '../database/open.ts';
import type { Keyring } from './keyring.ts';
import type { KeysSchema } from './tables.ts';

export interface CaseKeys {
	/** Makes the key of a case and commits it; a second call answers the same key. */
	birth(caseId: string): Promise<KeyObject>;
	/** Undefined once it was destroyed. */
	find(caseId: string): Promise<KeyObject | undefined>;
	/** May run twice. */
	destroy(caseId: string): Promise<void>;
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
				.values({ caseId, ...made, createdAt: instant(clock.now()) })
				.onConflict((conflict) => conflict.doNothing())
				.execute();
			return (await find(caseId)) as KeyObject;
		},
		destroy: async (caseId) => {
			await db.deleteFrom('caseKey').where('caseId', '=', caseId).execute();
			await truncateWriteAheadLog(db as never);
		}
	};
}
