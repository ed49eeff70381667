// Promise: a backup is whole, sealed, and told by a manifest that is written last; the keys never lie beside what they seal.
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { after } from '../clock.ts';
import { engineOf, sqliteFileOf } from '../database/open.ts';
import { syncFolder } from '../keys/tombstone-file.ts';
import type { Measured } from '../measuring.ts';
import { sealFile } from './age-file.ts';
import { withCopy } from './copy.ts';

export type Kind = 'portal' | 'keys';

/** What a backup says of itself, in the clear: nothing in it names a person. */
export interface Manifest {
	format: 1;
	kind: Kind;
	madeAt: string;
	/** The description's organisation. */
	description: string;
	/** The last tombstone when it was made. */
	tombstones: { number: number; hash: string };
	files: ({ database: string; name: string } & Measured)[];
}

export interface ToBackUp extends Pick<Manifest, 'description' | 'tombstones'> {
	kind: Kind;
	databases: readonly { name: string; url: string }[];
	/** Where it goes. */
	folder: string;
	dataFolder: string;
	recipients: readonly string[];
	now: Date;
	show?: (done: number, of: number) => void;
}

export type Refusal =
	| { refused: 'no-recipients' | 'inside-the-data' }
	| { refused: 'not-sqlite'; database: string }
	/** `beside`: the folder in which a backup of the other kind lies. */
	| { refused: 'other-kind-beside'; beside: string };

const kindOf = (name: string): Kind | undefined =>
	/^(portal|archive|keys)-[\dTZ.-]+\.(db\.age|json)$/.exec(name)?.[1]?.replace('archive', 'portal') as Kind;
const stampOf = (madeAt: string) => madeAt.replaceAll(':', '-');
const listed = (folder: string) => readdir(folder, { withFileTypes: true }).catch(() => []);

/** Every backup in a folder, newest first; one whose manifest is missing or wrong is none. */
export async function backupsIn(folder: string, kind: Kind): Promise<{ manifest: Manifest; path: string }[]> {
	const found: { manifest: Manifest; path: string }[] = [];
	for (const { name } of await listed(folder))
		if (kindOf(name) === kind && name.endsWith('.json')) {
			const manifest = await readManifest(join(folder, name));
			if (manifest?.kind === kind) found.push({ manifest, path: join(folder, name) });
		}
	return found.sort((a, b) => (a.manifest.madeAt < b.manifest.madeAt ? 1 : -1));
}

export async function readManifest(path: string): Promise<Manifest | undefined> {
	try {
		const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
		const named = manifest.files.every(({ name }) => name === basename(name));
		return manifest.format === 1 && named ? manifest : undefined;
	} catch {
		return undefined;
	}
}

/** The folder, among this one, the one around it and those in it, in which a backup of another kind lies. */
async function otherKindNear(folder: string, kind: Kind): Promise<string | undefined> {
	const within = (await listed(folder))
		.filter((one) => one.isDirectory())
		.map(({ name }) => join(folder, name));
	for (const near of [folder, dirname(folder), ...within])
		if ((await listed(near)).some(({ name }) => (kindOf(name) ?? kind) !== kind)) return near;
	return undefined;
}

/** Where a path really lies, also while it does not exist yet. */
async function realFolder(path: string): Promise<string> {
	const folder = resolve(path);
	const real = await realpath(folder).catch(() => undefined);
	return real ?? join(await realFolder(dirname(folder)), basename(folder));
}

async function refusalOf({ kind, databases, folder, dataFolder, recipients }: ToBackUp) {
	if (recipients.length === 0) return { refused: 'no-recipients' as const };
	for (const { name, url } of databases)
		if (engineOf(url) !== 'sqlite') return { refused: 'not-sqlite' as const, database: name };
	if (!relative(await realFolder(dataFolder), folder).startsWith('..'))
		return { refused: 'inside-the-data' as const };
	const beside = await otherKindNear(folder, kind);
	return beside === undefined ? undefined : { refused: 'other-kind-beside' as const, beside };
}

/** Copies and seals each database, then writes the manifest. */
export async function backUp(given: ToBackUp): Promise<{ path: string; manifest: Manifest } | Refusal> {
	const asked = { ...given, folder: await realFolder(given.folder) };
	const refusal = await refusalOf(asked);
	if (refusal) return refusal;
	const { kind, databases, folder, dataFolder, recipients, now, description, tombstones, show } = asked;
	await mkdir(folder, { recursive: true, mode: 0o700 });
	for (const { name } of await listed(folder))
		if (kindOf(name.replace(/\.partial$/, '')) && name.endsWith('.partial')) await rm(join(folder, name));
	const madeAt = now.toISOString();
	const sizes = await Promise.all(databases.map(async ({ url }) => (await stat(sqliteFileOf(url))).size));
	const whole = 2 * sizes.reduce((sum, size) => sum + size, 0);
	let done = 0;
	const files: Manifest['files'] = [];
	for (const [index, { name: database, url }] of databases.entries()) {
		const size = sizes[index] as number;
		const name = `${database}-${stampOf(madeAt)}.db.age`;
		const copied = (pages: number, of: number) => show?.(done + (size * pages) / Math.max(1, of), whole);
		const options = { folder: dataFolder, name: database, show: copied };
		const sealed = await withCopy(sqliteFileOf(url), options, (copy) => {
			done += size;
			return sealFile(copy, join(folder, name), recipients, (bytes) => show?.((done += bytes), whole));
		});
		files.push({ database, name, ...sealed });
	}
	const manifest: Manifest = { format: 1, kind, madeAt, description, tombstones, files };
	return { path: await writeManifest(folder, manifest), manifest };
}

async function writeManifest(folder: string, manifest: Manifest): Promise<string> {
	const path = join(folder, `${manifest.kind}-${stampOf(manifest.madeAt)}.json`);
	const text = `${JSON.stringify(manifest, null, '\t')}\n`;
	await writeFile(`${path}.partial`, text, { mode: 0o600, flush: true });
	await rename(`${path}.partial`, path);
	await syncFolder(folder);
	return path;
}

/**
 * Removes backups of the keys that would be older than so many days before a run of tomorrow, manifest or not; answers
 * their names. The newest stays.
 */
export async function removeOld(folder: string, days: number, now: Date): Promise<string[]> {
	const oldest = stampOf(after(now, 1 - days, 'days').toISOString());
	const newest = (await backupsIn(folder, 'keys'))[0]?.manifest.madeAt ?? '';
	const removed: string[] = [];
	for (const { name } of await listed(folder)) {
		const stamp = /^keys-([\dTZ.-]+Z)\.(?:db\.age|json)(?:\.partial)?$/.exec(name)?.[1];
		if (stamp === undefined || stamp >= oldest || stamp === stampOf(newest)) continue;
		await rm(join(folder, name), { force: true });
		removed.push(name);
	}
	return removed;
}
