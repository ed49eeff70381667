// Promise: the databases open together, each with the keys that belong to it, or the operator reads why they do not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { archiveMigrations, type ArchiveSchema } from './archive/tables.ts';
import type { Context } from './context.ts';
import { emptyKeys, missingKeys, otherKeys } from './keys-belong.ts';
import { migrations } from './migrations.ts';
import type { Clock } from './platform/clock.ts';
import { markOnce } from './platform/database/mark.ts';
import { migrate } from './platform/database/migrate.ts';
import { openDatabase, ping } from './platform/database/open.ts';
import {
	demonstrationMasterKeys,
	keyringOf,
	parseMasterKeys,
	type Keyring
} from './platform/keys/keyring.ts';
import { openCaseKeys } from './platform/keys/case-keys.ts';
import { openKeys } from './platform/keys/keys.ts';
import { MasterKeysMissing } from './platform/keys/rotation.ts';
import { openSigner } from './platform/keys/signer.ts';
import { keysMigrations, type KeysSchema } from './platform/keys/tables.ts';
import type { Settings } from './platform/settings.ts';
import type { Schema } from './schema.ts';

/** Why the portal did not open, in lines for the operator. */
export class CannotOpen extends Error {
	readonly lines: readonly string[];
	constructor(lines: readonly string[]) {
		super(lines.join('\n'));
		this.name = 'CannotOpen';
		this.lines = lines;
	}
}

function keyringFrom({ masterKeys, dataFolder }: Settings): Keyring {
	const text = !masterKeys
		? demonstrationMasterKeys(join(dataFolder, 'demonstration.key'))
		: 'file' in masterKeys
			? readFileSync(masterKeys.file, 'utf8')
			: masterKeys.text;
	const parsed = parseMasterKeys(text);
	if ('problem' in parsed) throw new CannotOpen([`CANDOR_MASTER_KEYS: ${parsed.problem}`]);
	return keyringOf(parsed);
}

/** A database of the demonstration never serves real people, and the reverse. */
async function checkMark(db: Kysely<Schema>, settings: Settings): Promise<void> {
	const kind = settings.demonstration ? 'demonstration' : 'real';
	if ((await markOnce(db as never, 'kind', kind)) === kind) return;
	throw new CannotOpen([
		settings.demonstration
			? 'CANDOR_DATA: these databases hold real people; the demonstration does not open them.'
			: 'CANDOR_DATA: these databases belong to the demonstration; give an empty folder.'
	]);
}

/** An address whose database does not answer is the operator's to mend, and is told by the name of its setting. */
async function openAnswering<Tables>(name: string, url: string): Promise<Kysely<Tables>> {
	try {
		const db = openDatabase<Tables>(url);
		await ping(db as never);
		return db;
	} catch (error) {
		const { code } = error as { code?: unknown };
		throw new CannotOpen([`${name}: the database does not open${code ? ` (${String(code)})` : ''}.`]);
	}
}

export const refuseFor = (lines: readonly string[] | undefined): void => {
	if (lines) throw new CannotOpen(lines);
};

/** A wrong master key is recognised here: nothing that it wrapped opens. */
async function openWithMasterKeys(settings: Settings, keysDb: Kysely<KeysSchema>, clock: Clock) {
	try {
		const keyring = keyringFrom(settings);
		const keys = await openKeys(keysDb, keyring, clock, settings);
		const caseKeys = openCaseKeys(keysDb, keyring, clock);
		return { keys, caseKeys, signer: await openSigner(keysDb, keyring, clock) };
	} catch (error) {
		if (error instanceof CannotOpen) throw error;
		if (error instanceof MasterKeysMissing)
			throw new CannotOpen([
				`CANDOR_MASTER_KEYS: version ${error.versions.join(', ')} still wraps keys and is not among them. Put it back; \`candor keys rotate\` makes it dispensable.`
			]);
		throw new CannotOpen(['CANDOR_MASTER_KEYS: these master keys do not open this keys database.']);
	}
}

/** The keys that this portal was opened with before; never new ones in the place of those that got lost. */
async function openOwnKeys(settings: Settings, db: Kysely<Schema>, clock: Clock) {
	refuseFor(await missingKeys(db, settings.keysUrl));
	const keysDb = await openAnswering<KeysSchema>('CANDOR_KEYS_URL', settings.keysUrl);
	refuseFor(await emptyKeys(db, keysDb));
	await migrate(keysDb as never, keysMigrations);
	const opened = await openWithMasterKeys(settings, keysDb, clock);
	refuseFor(await otherKeys(db, opened.keys));
	return opened;
}

/** The three databases, migrated, with what opens the keys. Throws `CannotOpen`. */
export async function openDatabases(settings: Settings, clock: Clock) {
	const db = await openAnswering<Schema>('CANDOR_DATABASE_URL', settings.databaseUrl);
	await migrate(db as never, migrations);
	await checkMark(db, settings);
	const own = await openOwnKeys(settings, db, clock);
	const archive = await openAnswering<ArchiveSchema>('CANDOR_ARCHIVE_URL', settings.archiveUrl);
	await migrate(archive as never, archiveMigrations);
	return { db, archive, ...own };
}

export async function closeDatabases({
	db,
	archive,
	keys
}: Pick<Context, 'db' | 'archive' | 'keys'>): Promise<void> {
	await db.destroy();
	await archive.destroy();
	await keys.close();
}
