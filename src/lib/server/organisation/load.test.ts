import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { descriptionForTest, third, today } from '../../../../tests/support/description.ts';
import type { DescriptionForTest } from '../../../../tests/support/description.ts';
import { projectFolder } from '../platform/project-folder.ts';
import { loadOrganisation } from './load.ts';

let description: DescriptionForTest;
beforeEach(() => {
	description = descriptionForTest();
});
afterEach(() => description.remove());

describe.each(readdirSync(join(projectFolder, 'examples')))('the example %s', (example) => {
	test('has nothing wrong in it', () => {
		expect(loadOrganisation(join(projectFolder, 'examples', example), { today })).not.toHaveProperty(
			'problems'
		);
	});
});

test.each([
	['classting', 'CT', 38],
	['classerium', 'CL', 31]
])('every promise that %s is modelled on is listed', (example, prefix, count) => {
	const loaded = loadOrganisation(join(projectFolder, 'examples', example), { today });
	const expected = Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
	expect('promises' in loaded && loaded.promises.map(({ id }) => id)).toEqual(expected);
});

test('an organisation with roles, fields and languages of its own loads as well', () => {
	const loaded = loadOrganisation(third, { today });
	if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
	expect(loaded.roles.map(({ id }) => id)).toEqual(['reader', 'librarian']);
	expect(loaded.policies.versions[0]?.text['en']).toContain('which book');
});

const yaml = 'organisation.yaml';
const meta = 'policies/2025-09-01/meta.yaml';

interface Broken {
	wrong: string;
	file?: string;
	from: string;
	to: string;
	line?: string;
	path: string;
	advice: string;
}

const broken = parse(
	readFileSync(join(projectFolder, 'tests/support/broken-descriptions.yaml'), 'utf8')
) as Broken[];

test.each(broken)(
	'whoever writes $wrong is told where, and what to write',
	({ file = yaml, from, to, line, path, advice }) => {
		description.edit(file, from, to);

		const found = description.problems();

		const problem = expect.stringMatching(/\.$|^This is not YAML/);
		const told = { file, line: expect.any(Number), path, problem, write: expect.stringMatching(advice) };
		expect(found).toEqual([told]);
		if (line !== undefined) expect(found[0]?.line).toBe(description.lineOf(file, line));
	}
);

test('in Korea, ten days are the longest grace period', () => {
	description.edit(yaml, 'regimes: [gdpr]', 'regimes: [gdpr, pipa]');
	description.edit(yaml, 'answerDays: 20', 'answerDays: 10');
	expect(description.problems()).toEqual([]);
	description.edit(yaml, 'graceDays: 5', 'graceDays: 11');
	expect(description.problems()).toMatchObject([{ write: 'Write graceDays: 10, or fewer.' }]);
});

test('whoever misspells a key also learns what is wrong with its value', () => {
	description.edit(yaml, 'graceDays: 5', 'graceDay: 31');
	expect(description.problems().map(({ path }) => path)).toEqual([
		'withdrawal.graceDays',
		'withdrawal.graceDay'
	]);
});

test('all problems of all files are told at once, in reading order', () => {
	description.edit(yaml, 'kind: processor', 'kind: helper');
	description.edit(yaml, 'storage: cellar', 'storage: attic');
	description.edit(yaml, '{ es: Turno, en: Rota }', '{ es: Turno }');
	description.edit(meta, 'significant: true', 'significant: perhaps');
	rmSync(join(description.folder, 'policies/2025-09-01/es.md'));

	expect(description.problems().map(({ file, path }) => `${file} ${path}`)).toEqual([
		'organisation.yaml categories.card.storage',
		'organisation.yaml categories.card.fields.rota.label',
		'organisation.yaml partners.bindery.kind',
		'policies/2025-09-01/es.md ',
		'policies/2025-09-01/meta.yaml significant'
	]);
});

test('an organisation without a policy in force is told so', () => {
	rmSync(join(description.folder, 'policies'), { recursive: true });
	expect(description.problems()).toMatchObject([
		{ file: 'policies', problem: expect.stringContaining(today) }
	]);
});

test('a policy of tomorrow alone is not in force today', () => {
	expect(loadOrganisation(description.folder, { today: '2025-08-31' })).toMatchObject({
		problems: [{ file: 'policies' }]
	});
});

test('a policy text in a language that is not listed, or an empty one, is told', () => {
	description.write('policies/2025-09-01/fr.md', '# Confidentialité');
	description.write('policies/2025-09-01/en.md', ' ');
	expect(description.problems().map(({ file }) => file)).toEqual([
		'policies/2025-09-01/en.md',
		'policies/2025-09-01/fr.md'
	]);
});

test('two versions that take effect on the same day are told apart from each other', () => {
	cpSync(join(description.folder, 'policies/2025-09-01'), join(description.folder, 'policies/again'), {
		recursive: true
	});
	expect(description.problems()).toMatchObject([
		{ file: 'policies', write: expect.stringContaining('a day of its own') }
	]);
});
