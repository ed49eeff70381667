// Composition: the only place where everything is opened and wired.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { archiveProblem, whereIdentityLies } from './archive/recipients.ts';
import { archiveMigrations, type ArchiveSchema } from './archive/tables.ts';
import type { Actor, Context } from './context.ts';
import { populate, welcome } from './demonstration/demonstration.ts';
import { emptyKeys, missingKeys, otherKeys } from './keys-belong.ts';
import { webhookSecret } from './delivery/delivery.ts';
import { closeTransports } from './delivery/transports/transports.ts';
import { migrations } from './migrations.ts';
import { threadOf } from './exports/exports.ts';
import { loadOrganisation } from './organisation/load.ts';
import { contractsOf } from './personal-data.ts';
import { dayOf, fileClock, systemClock, type Clock } from './platform/clock.ts';
import { removeLeftCopies } from './platform/backup/copy.ts';
import { markOnce } from './platform/database/mark.ts';
import { migrate } from './platform/database/migrate.ts';
import { openDatabase, ping } from './platform/database/open.ts';
import { idsOn } from './platform/ids.ts';
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
import { openLog } from './platform/log.ts';
import { notReplayed } from './replay.ts';
import { startWorker } from './platform/work/work.ts';
import { closeSources, openSources, sourceProblems } from './sources/opening.ts';
import type { Settings } from './platform/settings.ts';
import type { Schema } from './schema.ts';
import { work } from './work.ts';

/** Why the portal did not open, in lines for the operator. */
export class CannotOpen extends Error {
	readonly lines: readonly string[];
	constructor(lines: readonly string[]) {
		super(lines.join('\n'));
		this.name = 'CannotOpen';
		this.lines = lines;
	}
}

export interface Portal {
	/** A context for one request or one piece of work. */
	contextFor(actor: Actor, correlationId?: string): Context;
	/** Invents the demonstration's people where nobody is yet, and answers what its visitor should know; nothing at all outside it. */
	populate(): Promise<string[]>;
	/** Begins to work off what is due, unless this process only serves pages. */
	startWorking(): void;
	close(): Promise<void>;
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

function describe(settings: Settings, clock: Clock) {
	const loaded = loadOrganisation(settings.descriptionFolder, { today: dayOf(clock.now()) });
	if (!('problems' in loaded)) return loaded;
	throw new CannotOpen(
		loaded.problems.map(({ file, line, problem, write }) => `${file}:${line} ${problem} ${write}`)
	);
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

const refuseFor = (lines: readonly string[] | undefined): void => {
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

async function openDatabases(settings: Settings, clock: Clock) {
	const db = await openAnswering<Schema>('CANDOR_DATABASE_URL', settings.databaseUrl);
	await migrate(db as never, migrations);
	await checkMark(db, settings);
	const own = await openOwnKeys(settings, db, clock);
	const archive = await openAnswering<ArchiveSchema>('CANDOR_ARCHIVE_URL', settings.archiveUrl);
	await migrate(archive as never, archiveMigrations);
	return { db, archive, ...own };
}

/** Systems outside are not called for it: one that is away does not keep the portal from opening. */
async function openOutside(
	ctx: Pick<Context, 'db' | 'keys' | 'organisation' | 'settings' | 'clock' | 'log'>
) {
	const ids = ctx.organisation.sources.map(({ id }) => id);
	const sourceSecrets = Object.fromEntries(ids.map((id) => [id, webhookSecret(ctx, id)]));
	return { sourceSecrets, sources: await openSources(ctx, sourceSecrets) };
}

async function closeDatabases({
	db,
	archive,
	keys
}: Pick<Context, 'db' | 'archive' | 'keys'>): Promise<void> {
	await db.destroy();
	await archive.destroy();
	await keys.close();
}

async function refuseUnreplayed(ctx: Context): Promise<void> {
	const lines = await notReplayed(ctx);
	if (lines) await closeDatabases(ctx);
	refuseFor(lines);
}

/**
 * Opens everything. Throws `CannotOpen` with every line that the operator needs. `toReplay`: to erase again whoever had left,
 * before which it opens for nothing else.
 */
export async function openPortal(
	settings: Settings,
	given: { clock?: Clock; toReplay?: boolean } = {}
): Promise<Portal> {
	const clock = given.clock ?? (settings.clockFile ? fileClock(settings.clockFile) : systemClock);
	const log = openLog(settings.logLevel);
	const organisation = describe(settings, clock);
	refuseFor(await archiveProblem(settings, organisation));
	refuseFor(sourceProblems({ organisation, settings }));
	await removeLeftCopies(settings.dataFolder);
	const opened = await openDatabases(settings, clock);
	const contracts = contractsOf(organisation);
	const outside = await openOutside({ ...opened, organisation, settings, clock, log });
	const own = { organisation, contracts, work, clock, ids: idsOn(clock), settings, log };
	const common = { ...opened, ...outside, ...own };
	const contextFor: Portal['contextFor'] = (actor, correlationId = randomUUID()) => ({
		...common,
		actor,
		correlationId
	});
	if (!given.toReplay) await refuseUnreplayed(contextFor('portal'));
	let worker: { stop(): Promise<void> } | undefined;
	return {
		contextFor,
		populate: async () => {
			if (!settings.demonstration) return [];
			await populate(contextFor('portal'));
			return [...(await welcome(contextFor('portal'))), ...whereIdentityLies(settings)];
		},
		startWorking: () => {
			if (settings.role !== 'web') worker ??= startWorker(contextFor('portal'));
		},
		close: async () => {
			await worker?.stop();
			closeTransports(settings);
			await threadOf(settings).stop();
			await closeSources(outside.sources);
			await closeDatabases(opened);
		}
	};
}
