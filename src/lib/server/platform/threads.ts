// Where a thread's script lies, and how it leaves pages their turn: the build carries threads ready-made, which start sooner
// and smaller than their sources.
import { existsSync } from 'node:fs';
import { platform, setPriority } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder } from './project-folder.ts';

/** The script of a thread, given by its source below `src`: that of this very build, where this runs from one. */
export function threadScript(source: string): string {
	const builds = join(projectFolder, 'build');
	const [build = '..'] = relative(builds, dirname(fileURLToPath(import.meta.url))).split(sep);
	const built = join(builds, build, 'threads', `${basename(source, '.ts')}.js`);
	return build !== '..' && existsSync(built) ? built : join(projectFolder, 'src', source);
}

/**
 * The calling thread, and those that it starts, get what whoever serves pages leaves. On Linux alone: elsewhere a priority is
 * that of the whole process.
 */
export function giveWay(): void {
	if (platform() === 'linux') setPriority(10);
}
