// `candor backup`: sealed copies of the databases, while the portal serves; the keys apart from what they seal.
import type { Command } from 'commander';
import { basename } from 'node:path';
import type { Context } from '../lib/server/context.ts';
import * as controls from '../lib/server/controls/controls.ts';
import { backUp, removeOld, type Kind, type Refusal } from '../lib/server/platform/backup/backup.ts';
import { answer } from './answer.ts';
import { progressOf } from './progress.ts';
import { Refused } from './refused.ts';
import { withPortal } from './with-portal.ts';

export function addBackup(program: Command): void {
	const group = program
		.command('backup')
		.description('Copy the portal and archive databases into a folder, sealed to CANDOR_BACKUP_RECIPIENTS.')
		.argument('<folder>', 'made where there is none; each backup gets names of its own')
		.action((folder: string, _, command: Command) => run('portal', folder, command));
	group
		.command('keys')
		.description(
			'Copy the keys database into another folder. Backups that get older than CANDOR_KEYS_BACKUP_DAYS are removed: ' +
				'run it every day, because a destroyed key lives on in them for so long.'
		)
		.argument('<folder>', 'elsewhere: never where a backup of the portal lies')
		.action((folder: string, _, command: Command) => run('keys', folder, command));
}

function databasesOf(kind: Kind, { settings: { databaseUrl, archiveUrl, keysUrl } }: Context) {
	if (kind === 'keys') return [{ name: 'keys', url: keysUrl }];
	return [
		{ name: 'portal', url: databaseUrl },
		{ name: 'archive', url: archiveUrl }
	];
}

const variables: Record<string, string> = {
	portal: 'CANDOR_DATABASE_URL',
	archive: 'CANDOR_ARCHIVE_URL',
	keys: 'CANDOR_KEYS_URL'
};

function linesFor(refusal: Refusal, kind: Kind, recipients: readonly string[]): string[] {
	switch (refusal.refused) {
		case 'no-recipients':
			return [
				'CANDOR_BACKUP_RECIPIENTS is missing: a backup is sealed to age public keys whose private keys lie elsewhere.',
				'`age-keygen -o backup-identity.txt` makes a pair and prints the public key, for example',
				'  CANDOR_BACKUP_RECIPIENTS=age1q…'
			];
		case 'not-sqlite': {
			const variable = variables[refusal.database] as string;
			const recipient = recipients.map((one) => `-r ${one}`).join(' ');
			return [
				`${variable} is a PostgreSQL database, whose own tool copies it:`,
				`  pg_dump --format=custom "$${variable}" | age ${recipient} > ${refusal.database}.dump.age`,
				'docs/operating.md says what belongs where, and for how long.'
			];
		}
		case 'inside-the-data':
			return ['The folder lies in CANDOR_DATA: give one that is lost at another time than the databases.'];
		case 'other-kind-beside':
			return [
				`${refusal.beside} holds a backup of the ${kind === 'keys' ? 'portal' : 'keys'}: one place with both would make everybody readable who was erased.`,
				'Give a folder elsewhere, best on another machine.'
			];
	}
}

async function run(kind: Kind, folder: string, command: Command): Promise<void> {
	const { made, removed } = await withPortal((ctx) => make(ctx, kind, folder));
	const { manifest, path } = made;
	answer(command, { manifest: path, ...manifest, removed }, [
		...manifest.files.map(({ name, bytes }) => `${name}: ${bytes} bytes`),
		`${basename(path)} says what belongs together. ${manifest.tombstones.number} tombstones so far.`,
		...removed.map((name) => `${name} was older than CANDOR_KEYS_BACKUP_DAYS allows, and is gone.`)
	]);
}

async function make(ctx: Context, kind: Kind, folder: string) {
	const { settings, organisation, keys, clock } = ctx;
	const size = progressOf(100);
	const made = await backUp({
		kind,
		databases: databasesOf(kind, ctx),
		folder,
		dataFolder: settings.dataFolder,
		recipients: settings.backupRecipients,
		now: clock.now(),
		description: organisation.organisation.id,
		tombstones: await keys.tombstones.head(),
		show: (done, of) => size.show((100 * done) / Math.max(1, of), 'copied and sealed')
	});
	size.end();
	if ('refused' in made) throw new Refused(linesFor(made, kind, settings.backupRecipients));
	await controls.done(ctx, kind === 'keys' ? 'keys-backup' : 'backup');
	const { keysBackupDays } = settings;
	return { made, removed: kind === 'keys' ? await removeOld(folder, keysBackupDays, clock.now()) : [] };
}
