import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { descriptionForTest } from '../../../../tests/support/description.ts';
import type { DescriptionForTest } from '../../../../tests/support/description.ts';
import { notIntroduced } from './load.ts';
import type { Introduces } from './schema.ts';

let library: DescriptionForTest;
beforeEach(() => {
	library = descriptionForTest();
});
afterEach(() => library.remove());

const first = 'policies/2025-09-01/meta.yaml';
const second = 'policies/2026-09-01/meta.yaml';
const summary = 'summary: { es: Cambios., en: Changes. }';

function write(file: string, head: string, introduces?: Partial<Introduces>): void {
	mkdirSync(join(library.folder, file, '..'), { recursive: true });
	library.write(file, `${head}\n${introduces ? `introduces: ${JSON.stringify(introduces)}\n` : ''}`);
}

/** Two versions: the first introduced what is given, the second the rest of what there is. */
function twoVersions(inFirst: Introduces, inSecond: Partial<Introduces>, significant = true): void {
	cpSync(join(library.folder, 'policies/2025-09-01'), join(library.folder, 'policies/2026-09-01'), {
		recursive: true
	});
	write(first, `${library.read(first).trim()}`, inFirst);
	const head = `announced: 2026-08-01\neffective: 2026-09-01\nsignificant: ${significant}\n${summary}`;
	write(second, head, inSecond);
}

const everything = () => notIntroduced(library.folder) as Introduces;

test('an organisation with one version that says nothing of it is left alone', () => {
	expect(library.problems()).toEqual([]);
});

test('with a second version, the first has to say what it introduced', () => {
	cpSync(join(library.folder, 'policies/2025-09-01'), join(library.folder, 'policies/2026-09-01'), {
		recursive: true
	});
	library.edit(second, 'announced: 2025-08-15', 'announced: 2026-08-15');
	library.edit(second, 'effective: 2025-09-01', 'effective: 2026-09-01');
	expect(library.problems()).toMatchObject([
		{ file: first, write: expect.stringContaining('candor check --introduces') }
	]);
});

test('whoever takes in a new partner and announces it as significant may', () => {
	const all = everything();
	const { bindery, ...others } = all.partners;
	twoVersions({ ...all, partners: others }, { partners: { bindery: bindery as string[] } });
	expect(library.problems()).toEqual([]);
});

test.each([
	[
		'a partner',
		(all: Introduces) => ({ partners: { bindery: all.partners.bindery as string[] } }),
		'bindery'
	],
	['a purpose', () => ({ purposes: ['suggestions'] }), 'suggestions'],
	['a field', () => ({ fields: { card: ['shelf'] } }), 'card']
])('%s that is new cannot come with an ordinary change', (_, ofSecond, named) => {
	const all = everything();
	const brought = ofSecond(all) as Partial<Introduces>;
	const { bindery, ...others } = all.partners;
	const inFirst = {
		purposes: all.purposes.filter((id) => !brought.purposes?.includes(id)),
		fields: brought.fields
			? { ...all.fields, card: (all.fields.card ?? []).filter((id) => id !== 'shelf') }
			: all.fields,
		partners: brought.partners ? others : { ...others, bindery: bindery as string[] }
	};
	twoVersions(inFirst, brought, false);
	const [problem, ...more] = library.problems();
	expect(more).toEqual([]);
	expect(problem).toMatchObject({ file: second, path: 'significant', write: 'Write significant: true.' });
	expect(problem?.problem).toContain(named);
	expect(problem?.line).toBe(library.lineOf(second, 'significant'));
});

test('a contradiction with too short a notice also learns from when it could count', () => {
	const all = everything();
	library.edit('organisation.yaml', 'significant: 14', 'significant: 60');
	library.edit(first, '2025-08-15', '2025-06-15');
	const { bindery, ...others } = all.partners;
	twoVersions({ ...all, partners: others }, { partners: { bindery: bindery as string[] } }, false);
	expect(library.problems()).toMatchObject([
		{ write: 'Write significant: true, and effective: 2026-09-30, or later.' }
	]);
});

test('a partner that receives one field more is told where it stands, and what to write', () => {
	const all = everything();
	twoVersions(all, {});
	library.edit('organisation.yaml', '{ category: loans, field: title }', '{ category: loans }');
	const [problem, ...more] = library.problems();
	expect(more).toEqual([]);
	expect(problem).toMatchObject({ file: 'organisation.yaml', path: 'partners.bindery' });
	expect(problem?.line).toBe(library.lineOf('organisation.yaml', '- id: bindery'));
	expect(problem?.write).toMatch(/^Write "partners: { bindery: \[loans\.\w+/);
});

test('what an earlier version introduced is not introduced again', () => {
	const all = everything();
	twoVersions(all, { purposes: ['suggestions'] });
	expect(library.problems()).toMatchObject([
		{ file: second, path: 'introduces.purposes.suggestions', write: 'Remove it here.' }
	]);
});

test('what was introduced once and has gone since may stand in the old version', () => {
	const all = everything();
	twoVersions({ ...all, partners: { ...all.partners, 'old-printer': ['loans.title'] } }, {});
	expect(library.problems()).toEqual([]);
});
