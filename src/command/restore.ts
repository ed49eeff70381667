// `candor restore`: brings back what was backed up, and erases again whoever has left since, before the portal opens.
import type { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { identitiesIn } from '../lib/server/platform/backup/age-file.ts';
import {
	bringBack,
	findBackup,
	onlyInDatabase,
	standing,
	type Found,
	type Problem,
	type ToRestore
} from '../lib/server/platform/backup/restore.ts';
import { engineOf, sqliteFileOf } from '../lib/server/platform/database/open.ts';
import type { Settings } from '../lib/server/platform/settings.ts';
import { answer } from './answer.ts';
import { progressOf } from './progress.ts';
import { Refused } from './refused.ts';
import { rebuildTombstones, replayTombstones } from './replay.ts';
import { settingsOrEnd } from './with-portal.ts';

interface Options {
	identity?: string;
	keys?: string;
	replace?: true;
	rebuildTombstones?: true;
	yes?: true;
}

export function addRestore(program: Command): void {
	program
		.command('restore')
		.description(
			'Bring back a backup, then erase again everybody of whom a tombstone tells: the portal opens only then. ' +
				'Without a folder nothing is brought back, and only that is done. End the portal before.'
		)
		.argument('[folder]', 'as `candor backup` was given it: the newest backup in it; or one manifest')
		.option('--identity <file>', 'age identity, as age-keygen writes it')
		.option('--keys <folder>', 'bring the keys back too, from `candor backup keys`')
		.option('--replace', 'in place of databases that are there; an archive that is whole stays')
		.option('--rebuild-tombstones', 'write the file of tombstones anew from the keys database; needs --yes')
		.option('--yes', 'yes, the file of tombstones was lost or spoilt')
		.action(async (folder: string | undefined, options: Options, command: Command) => {
			const restored = await bring(settingsOrEnd(), folder, options);
			const written = options.rebuildTombstones ? await rebuildTombstones(options.yes === true) : undefined;
			const { tombstones, people } = await replayTombstones();
			answer(command, { restored, ...(written !== undefined && { written }), tombstones, people }, [
				...restored.map((database) => `The ${database} database is back.`),
				...(written === undefined ? [] : [`The file of tombstones was written anew: ${written} lines.`]),
				`${tombstones} tombstones were taken over, ${people} people erased again. The portal may open.`
			]);
		});
}

async function foundOrEnd(path: string, kind: 'portal' | 'keys'): Promise<Found> {
	const found = await findBackup(path, kind);
	if (found) return found;
	throw new Refused([`${path} holds no backup of the ${kind} whose manifest can be read.`]);
}

function identitiesOrEnd(file: string | undefined): string[] {
	if (file === undefined) throw new Refused(['--identity <file> is needed: who can open the backup.'], 2);
	const identities = existsSync(file) ? identitiesIn(readFileSync(file, 'utf8')) : [];
	if (identities.length) return identities;
	throw new Refused([`${file} holds no age identity (AGE-SECRET-KEY-…), as age-keygen writes it.`], 2);
}

/** Whether the database is to be brought back; ends the command where it must not be touched. */
function isWanted(database: string, url: string, replace: boolean): boolean {
	if (engineOf(url) !== 'sqlite')
		throw new Refused([
			`The ${database} database is PostgreSQL: pg_restore brings it back; then \`candor restore\`.`
		]);
	const stands = standing(url);
	if (stands === 'in-use')
		throw new Refused([`${sqliteFileOf(url)} is in use: end the portal and every command first.`]);
	if (stands === 'absent') return true;
	// It is newer than any backup of it, and what the law keeps of somebody who has left cannot be made again.
	if (database === 'archive' && stands === 'free') return false;
	if (replace) return true;
	throw new Refused([`${sqliteFileOf(url)} is there. --replace puts the backup in its place.`]);
}

function wantedOf(found: Found, urls: Record<string, string>, replace: boolean): ToRestore {
	const wanted = Object.entries(urls).filter(([database, url]) => isWanted(database, url, replace));
	return { from: found, urls: Object.fromEntries(wanted) };
}

/** Tombstones that stand in the old keys database only would be lost with it, and with them who must not come back. */
async function keepTombstones({ keysUrl, tombstonesFile }: Settings): Promise<void> {
	if (standing(keysUrl) !== 'free' || (await onlyInDatabase(keysUrl, tombstonesFile)) === 0) return;
	throw new Refused([
		`The keys database that is there knows of people who were erased, and ${tombstonesFile} does not.`,
		'Write the file anew first: `candor restore --rebuild-tombstones --yes`. Nothing was replaced.'
	]);
}

async function bring(settings: Settings, folder: string | undefined, options: Options): Promise<string[]> {
	if (folder === undefined && options.keys === undefined) return [];
	const identities = identitiesOrEnd(options.identity);
	const replace = options.replace === true;
	const { databaseUrl, archiveUrl, keysUrl } = settings;
	const wanted: ToRestore[] = [];
	if (folder !== undefined) {
		const urls = { portal: databaseUrl, archive: archiveUrl };
		wanted.push(wantedOf(await foundOrEnd(folder, 'portal'), urls, replace));
		if (!options.keys && engineOf(keysUrl) === 'sqlite' && standing(keysUrl) === 'absent')
			throw new Refused([
				'There is no keys database, without which nobody’s data can be read: add --keys <folder> with a backup of it.'
			]);
	}
	if (options.keys !== undefined) {
		wanted.push(wantedOf(await foundOrEnd(options.keys, 'keys'), { keys: keysUrl }, replace));
		await keepTombstones(settings);
	}
	const progress = progressOf(100);
	const show = (done: number, of: number) => progress.show((100 * done) / Math.max(1, of), 'opened');
	const outcome = await bringBack(wanted, identities, show);
	progress.end();
	if ('refused' in outcome) throw new Refused(linesFor(outcome));
	return outcome.restored;
}

const why: Record<Problem['refused'], string> = {
	'identity-does-not-fit': 'the identity is none of those it was sealed to.',
	changed: 'it is not the file that was sealed: changed, cut, or from another backup.',
	missing: 'the manifest names it, and it is not there.',
	'not-a-database': 'what was in it is no whole database.'
};

const linesFor = ({ refused, file }: Problem): string[] => [`${file}: ${why[refused]} Nothing was replaced.`];
