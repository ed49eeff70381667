// Where an export lies: names that say nothing, below a folder that belongs to no name either.
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '../context.ts';

const folder = 'exports';

/** Where a volume lies. */
export const pathOf = (ctx: Pick<Context, 'settings'>, personId: string, id: string, volume = 1): string =>
	volumePath(join(ctx.settings.dataFolder, folder, personId, `${id}.sealed`), volume);

/** `path` is that of the first volume. */
export const volumePath = (path: string, volume: number): string =>
	volume === 1 ? path : path.replace(/\.sealed$/, `-${volume}.sealed`);

/** Where a volume lies that its person has locked with a passphrase. */
export const lockedPathOf = (
	ctx: Pick<Context, 'settings'>,
	personId: string,
	id: string,
	volume = 1
): string => pathOf(ctx, personId, id, volume).replace(/\.sealed$/, '.age.sealed');

/** Where a build keeps what it has come to. */
export const workingFolder = (path: string): string => `${path}.building`;

/** The name under which a volume is sealed. */
export const sealedName = (id: string, volume = 1, locked = false): string =>
	`export-${id}${volume === 1 ? '' : `-${volume}`}${locked ? '-age' : ''}`;

/** Removes whatever there is of an export: volumes, and what a build left behind. */
export async function removeFiles(ctx: Context, personId: string, id: string): Promise<void> {
	const folder = dirname(pathOf(ctx, personId, id));
	const there = await readdir(folder).catch(() => []);
	for (const name of there.filter((name) => name.startsWith(id)))
		await rm(join(folder, name), { recursive: true, force: true });
}

/** Removes what lies beside the volumes of a finished export: what was not encrypted of a locked one, and what was begun. */
export async function removeRest(ctx: Context, personId: string, id: string, locked: boolean): Promise<void> {
	const folder = dirname(pathOf(ctx, personId, id));
	const volume = locked ? /^[^.]*\.age\.sealed$/ : /^[^.]*\.sealed$/;
	const there = await readdir(folder).catch(() => []);
	for (const name of there.filter((name) => name.startsWith(id) && !volume.test(name)))
		await rm(join(folder, name), { recursive: true, force: true });
}
