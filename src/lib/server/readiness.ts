// Promise: "ready" means that the databases answer now, and that their files are still where they were opened.
import { existsSync } from 'node:fs';
import type { Context } from './context.ts';
import { engineOf, ping, sqliteFileOf } from './platform/database/open.ts';

type Asked = Pick<Context, 'db' | 'keys' | 'settings'>;

/** A file that was removed goes on to answer whoever has it open, and what is written to it is lost with the process. */
const stands = (url: string): boolean => engineOf(url) !== 'sqlite' || existsSync(sqliteFileOf(url));

export async function isReady({ db, keys, settings }: Asked): Promise<boolean> {
	if (![settings.databaseUrl, settings.keysUrl].every(stands)) return false;
	return Promise.all([ping(db as never), keys.births.any()]).then(
		() => true,
		() => false
	);
}
