// Composition of a thread that reads one person for their export: it gets that person's key and no other.
import type { KeyObject } from 'node:crypto';
import type { Context } from './context.ts';
import type { Equipment } from './exports/exports.ts';
import { contractsOf } from './personal-data.ts';
import { keepLittleInMemory, openDatabase } from './platform/database/open.ts';
import { openLog } from './platform/log.ts';
import { systemClock } from './platform/clock.ts';
import { openSources } from './sources/opening.ts';
import type { Schema } from './schema.ts';

/** Opens what contracts need to count and collect; nothing else of the portal is loaded. */
export async function openForReading({ settings, organisation, sourceSecrets }: Equipment) {
	const db = openDatabase<Schema>(settings.databaseUrl);
	await keepLittleInMemory(db as never);
	const contracts = contractsOf(organisation);
	const log = openLog(settings.logLevel);
	const sources = await openSources({ db, organisation, settings, clock: systemClock, log }, sourceSecrets);

	/** A context in which only this person's values can be read; what is to be signed is shown to `signer`. */
	return (
		{ personId, key, now }: { personId: string; key: KeyObject; now: Date },
		signer: Pick<Context['signer'], 'signDetached'>
	): Context => {
		const find = async (id: string) => (id === personId ? key : undefined);
		const of = async (id: string) => {
			const found = await find(id);
			if (!found) throw new Error('this thread has the key of one person only');
			return found;
		};
		const reading = {
			db,
			organisation,
			contracts,
			sources,
			settings,
			signer,
			log,
			clock: { now: () => now }
		};
		// Contracts are written for a whole context; the rest of it is for those who change something.
		return { ...reading, keys: { find, of }, actor: 'portal', correlationId: '' } as unknown as Context;
	};
}
