import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../platform/project-folder.ts';
import { loadOrganisation } from './load.ts';

const read = (file: string) => readFileSync(join(projectFolder, 'docs', file), 'utf8');

/** Loads what the pages of a guide are, put together. */
function loaded(guide: string) {
	const folder = mkdtempSync(join(tmpdir(), 'candor-guide-'));
	const version = join(folder, 'policies/2026-02-15');
	mkdirSync(version, { recursive: true });
	writeFileSync(join(folder, 'organisation.yaml'), pieces(guide, 'yaml').join('\n'));
	writeFileSync(join(version, 'meta.yaml'), pieces(guide, 'yaml meta').join('\n'));
	for (const file of ['en.md', 'es.md']) writeFileSync(join(version, file), '# Policy');
	writeFileSync(join(folder, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg" />');

	const organisation = loadOrganisation(folder, { today: '2026-11-22' });

	rmSync(folder, { recursive: true });
	return organisation;
}

test('whoever types the guide’s description gets one that loads', () => {
	const organisation = loaded(read('describing.md'));
	expect(organisation).not.toHaveProperty('problems');
	expect(organisation).toMatchObject({ categories: [{ id: 'card' }, { id: 'loans' }, { id: 'fees' }] });
});

test('and one with the sources of their guide too', () => {
	const organisation = loaded(`${read('describing.md')}\n${read('sources.md')}`);
	expect(organisation).not.toHaveProperty('problems');
	expect(organisation).toMatchObject({ sources: [{ id: 'lending-desk' }, { id: 'accounts-office' }] });
});

function pieces(guide: string, kind: string): string[] {
	return Array.from(guide.matchAll(/^```(yaml(?: meta)?)\n([^]*?)^```$/gm)).flatMap(([, label, text]) =>
		label === kind && text ? text : []
	);
}
