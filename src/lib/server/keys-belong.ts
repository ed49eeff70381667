// Promise: a portal opens only with the keys database that its people were sealed with, and tells the operator otherwise.
import type { Kysely } from 'kysely';
import { existsSync } from 'node:fs';
import { markOf, markOnce } from './platform/database/mark.ts';
import { engineOf, ping, sqliteFileOf } from './platform/database/open.ts';
import { selectNewest } from './accounts/queries.ts';
import { wasUsed } from './platform/keys/births.ts';
import type { Keys } from './platform/keys/keys.ts';
import type { KeysSchema } from './platform/keys/tables.ts';
import type { Schema } from './schema.ts';

const markName = 'keys-database';
/** People whose keys are looked for at each start: the newest, which an older copy of the keys would lack. */
const lookedAt = 200;

const advice =
	'Nothing was changed. Restore the keys database that belongs to this portal, or give its address; without it nobody’s data can be read.';
const missing = [`CANDOR_KEYS_URL: the keys database is missing or empty. ${advice}`];
const foreign = [`CANDOR_KEYS_URL: this keys database belongs to another portal. ${advice}`];
const older = [
	`CANDOR_KEYS_URL: this keys database is older than the portal database: it has no keys of the newest people. ${advice}`
];

const isMarked = async (db: Kysely<Schema>): Promise<boolean> =>
	(await markOf(db as never, markName)) !== undefined;

/**
 * To be asked before the keys database is opened, which would make a missing one anew: the lines for the operator when
 * this portal had keys before, and there are none at the address.
 */
export async function missingKeys(db: Kysely<Schema>, keysUrl: string): Promise<string[] | undefined> {
	if (!(await isMarked(db))) return undefined;
	return engineOf(keysUrl) === 'sqlite' && !existsSync(sqliteFileOf(keysUrl)) ? missing : undefined;
}

/** The same for a database that is there and was never used; before it is brought up to date. */
export async function emptyKeys(
	db: Kysely<Schema>,
	keysDb: Kysely<KeysSchema>
): Promise<string[] | undefined> {
	if (!(await isMarked(db))) return undefined;
	await ping(keysDb as never);
	return (await wasUsed(keysDb)) ? undefined : missing;
}

/**
 * The lines for the operator when these keys are not those that the portal was opened with first, or lack somebody of the
 * newest who is neither erased nor being erased. What is compared is a keyed hash: it says nothing of the keys, and stays
 * the same when master keys are rotated.
 */
export async function otherKeys(db: Kysely<Schema>, keys: Keys): Promise<string[] | undefined> {
	const own = keys.blindIndex(markName, '').toString('hex');
	const newest = await selectNewest({ db }, lookedAt);
	// A portal without anybody whose keys know somebody: an address is wrong, and the sweep would take those keys. The mark
	// is looked for last: of two processes at their first start the other one may have set it before it invented people.
	if (newest.length === 0 && (await keys.births.any()) && !(await isMarked(db))) return foreign;
	if ((await markOnce(db as never, markName, own)) !== own) return foreign;
	const ids = newest.filter(({ state }) => state !== 'erasing').map(({ personId }) => personId);
	return (await keys.births.without(ids)).length > 0 ? older : undefined;
}
