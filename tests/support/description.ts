// A copy of the third organisation's description that a test may break.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrganisation } from '../../src/lib/server/organisation/load.ts';
import type { Problem } from '../../src/lib/server/organisation/problem.ts';
import { projectFolder } from '../../src/lib/server/platform/project-folder.ts';

export const third = join(projectFolder, 'tests/support/third-organisation');
export const today = '2026-11-22';

export interface DescriptionForTest {
	folder: string;
	read(file: string): string;
	write(file: string, content: string | Uint8Array): void;
	/** Replaces the first place of a text; it must be there. */
	edit(file: string, from: string, to: string): void;
	/** The line of the first place of a text. */
	lineOf(file: string, text: string): number;
	problems(): Problem[];
	remove(): void;
}

export function descriptionForTest(): DescriptionForTest {
	const parent = mkdtempSync(join(tmpdir(), 'candor-description-'));
	const folder = join(parent, 'library');
	cpSync(third, folder, { recursive: true });
	const read = (file: string) => readFileSync(join(folder, file), 'utf8');
	const write = (file: string, content: string | Uint8Array) => writeFileSync(join(folder, file), content);
	return {
		folder,
		read,
		write,
		edit(file, from, to) {
			if (!read(file).includes(from)) throw new Error(`${file} does not hold: ${from}`);
			write(file, read(file).replace(from, to));
		},
		lineOf: (file, text) => read(file).slice(0, read(file).indexOf(text)).split('\n').length,
		problems() {
			const loaded = loadOrganisation(folder, { today });
			return 'problems' in loaded ? loaded.problems : [];
		},
		remove: () => rmSync(parent, { recursive: true })
	};
}
