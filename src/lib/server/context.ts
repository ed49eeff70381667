// The Context type and nothing else: the first argument of every verb, importable from everywhere in server.
import type { Kysely } from 'kysely';
import type { ArchiveSchema } from './archive/tables.ts';
import type { Organisation } from './organisation/organisation.ts';
import type { Clock } from './platform/clock.ts';
import type { Ids } from './platform/ids.ts';
import type { CaseKeys } from './platform/keys/case-keys.ts';
import type { Keys } from './platform/keys/keys.ts';
import type { Signer } from './platform/keys/signer.ts';
import type { Log } from './platform/log.ts';
import type { Settings } from './platform/settings.ts';
import type { Source } from './platform/sources/source.ts';
import type { PersonalDataContract } from './personal-data-contract.ts';
import type { WorkKind } from './platform/work/work.ts';
import type { Schema } from './schema.ts';

/** Who acts: codes and ids only. `person:<id>`, `system:<token id>`, `staff:<id>`, `portal`. */
export type Actor = `person:${string}` | `system:${string}` | `staff:${string}` | 'portal';

export interface Context {
	db: Kysely<Schema>;
	/** What the law keeps of people who have left. */
	archive: Kysely<ArchiveSchema>;
	keys: Keys;
	/** Keys of erasures whose person is gone. */
	caseKeys: CaseKeys;
	signer: Signer;
	organisation: Organisation;
	/** Every domain's personal-data contract, in erasure order. */
	contracts: readonly PersonalDataContract[];
	/** Systems of the organisation's own that are described, by id. */
	sources: ReadonlyMap<string, Source>;
	/** With what each signs its calls, where it is called over HTTP; for a thread that has no keys. */
	sourceSecrets: Readonly<Record<string, string>>;
	/** Everything that can fall due. */
	work: readonly WorkKind<Context>[];
	clock: Clock;
	ids: Ids;
	actor: Actor;
	correlationId: string;
	settings: Settings;
	log: Log;
}
