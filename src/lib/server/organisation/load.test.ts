import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { projectFolder } from '../platform/project-folder.ts';
import { loadOrganisation } from './load.ts';
import type { Problem } from './problem.ts';

const third = join(projectFolder, 'tests/support/third-organisation');
const today = '2026-11-22';
let folder: string;

beforeEach(() => {
	folder = join(mkdtempSync(join(tmpdir(), 'candor-description-')), 'library');
	cpSync(third, folder, { recursive: true });
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

/** Replaces a text that stands in the file once or more; the first place counts. */
function edit(file: string, from: string, to: string): void {
	const text = read(file);
	if (!text.includes(from)) throw new Error(`${file} does not hold: ${from}`);
	write(file, text.replace(from, to));
}

function problems(): Problem[] {
	const loaded = loadOrganisation(folder, { today });
	return 'problems' in loaded ? loaded.problems : [];
}

/** The number of the first line that holds the text, up to the line's end where the text ends one. */
const lineOf = (file: string, text: string) =>
	read(file).slice(0, read(file).indexOf(text)).split('\n').length;

describe.each(readdirSync(join(projectFolder, 'examples')))('the example %s', (example) => {
	test('has nothing wrong in it', () => {
		expect(loadOrganisation(join(projectFolder, 'examples', example), { today })).not.toHaveProperty(
			'problems'
		);
	});
});

test('an organisation with roles, fields and languages of its own loads as well', () => {
	const loaded = loadOrganisation(folder, { today });
	if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
	expect(loaded.roles.map(({ id }) => id)).toEqual(['reader', 'librarian']);
	expect(loaded.policies.versions[0]?.text['en']).toContain('which book');
});

const yaml = 'organisation.yaml';
const meta = 'policies/2025-09-01/meta.yaml';

/** One broken description a row: what is written instead of what, the line that is named, and the advice. */
const broken: [
	wrong: string,
	file: string,
	from: string,
	to: string,
	line: string,
	path: string,
	advice: RegExp
][] = [
	[
		'an unknown key',
		yaml,
		'requiredBecause: {',
		'requiredBecuase: {',
		'requiredBecuase',
		'categories.card.fields.email.requiredBecuase',
		/Did you mean "requiredBecause"/
	],
	[
		'a missing key',
		yaml,
		'    country: PT\n',
		'',
		'id: reading-circle',
		'partners.reading-circle.country',
		/Write country/
	],
	[
		'a value of the wrong kind',
		yaml,
		'graceDays: 5',
		'graceDays: soon',
		'graceDays',
		'withdrawal.graceDays',
		/a number/
	],
	[
		'a word that can’t be chosen',
		yaml,
		'kind: processor',
		'kind: proccessor',
		'kind: proccessor',
		'partners.bindery.kind',
		/Did you mean "processor"/
	],
	[
		'an address without https',
		yaml,
		'https://linden.example.com',
		'linden.example.com',
		'website',
		'organisation.website',
		/https:/
	],
	[
		'a malformed id',
		yaml,
		'id: linden-library',
		'id: Linden Library',
		'id: Linden',
		'organisation.id',
		/small letters/
	],
	[
		'a comma that cuts a text',
		yaml,
		'en: Due dates',
		'en: Due dates, all',
		'label: { es: Devoluciones',
		'topics.due.label.all',
		/in quotes/
	],
	[
		'an unknown role',
		yaml,
		'roles: [reader]\n      - id: rota',
		'roles: [readr]\n      - id: rota',
		'roles: [readr]',
		'categories.card.fields.shelf.roles.readr',
		/Did you mean "reader"/
	],
	[
		'an unknown purpose',
		yaml,
		'purposes: [lending, suggestions]',
		'purposes: [lending, sugestions]',
		'[lending, sug',
		'categories.loans.purposes.sugestions',
		/Did you mean "suggestions"/
	],
	[
		'an unknown origin',
		yaml,
		'origins: [desk]',
		'origins: [dask]',
		'origins: [dask]',
		'categories.card.origins.dask',
		/Did you mean "desk"/
	],
	[
		'an unknown storage',
		yaml,
		'storage: cellar',
		'storage: attic',
		'storage: attic',
		'categories.card.storage',
		/one of: cellar/
	],
	[
		'an unknown retention',
		yaml,
		'retention: card',
		'retention: cards',
		'retention: cards',
		'categories.card.retention',
		/Did you mean "card"/
	],
	[
		'an unknown holder',
		yaml,
		'    purposes: [lending]\n',
		'    purposes: [lending]\n    heldElsewhere: { what: { es: Todo, en: All }, partner: binder }\n',
		'partner: binder',
		'categories.card.heldElsewhere.partner',
		/Did you mean "bindery"/
	],
	[
		'a partner that gets an unknown category',
		yaml,
		'category: card, field: shelf',
		'category: cart, field: shelf',
		'category: cart',
		'partners.reading-circle.fields.#1.category',
		/Did you mean "card"/
	],
	[
		'an undescribed field',
		yaml,
		'category: card, field: shelf',
		'category: card, field: shelve',
		'field: shelve',
		'partners.reading-circle.fields.#1.field',
		/Did you mean "shelf"/
	],
	[
		'a cookie for an unknown purpose',
		yaml,
		'cookies: []',
		'cookies:\n  - { name: a, by: b, about: { es: c, en: c }, purpose: ads, lasts: { es: d, en: d }, necessary: true }',
		'- { name: a',
		'cookies.a.purpose',
		/lending/
	],
	[
		'a channel that is not described',
		yaml,
		'marketing: true\n    channels: [email]',
		'marketing: true\n    channels: [email, sms]',
		'channels: [email, sms]',
		'topics.readings.channels.sms',
		/email/
	],
	[
		'a promise with an unknown page',
		yaml,
		'page: /data/loans',
		'page: /data/lones',
		'page: /data/lones',
		'promises.LL1.page',
		/Did you mean "\/data\/loans"/
	],
	[
		'a promise with neither page nor plan',
		yaml,
		'    page: /data/loans\n',
		'',
		'id: LL1',
		'promises.LL1',
		/Add page/
	],
	[
		'a promise planned outside an example',
		yaml,
		'page: /data/loans',
		'planned: true',
		'planned: true',
		'promises.LL1.planned',
		/Remove planned/
	],
	[
		'a fact invented outside an example',
		yaml,
		'from: record',
		'from: record\n    invented: true',
		'invented: true',
		'retention.loans.invented',
		/true fact/
	],
	[
		'an id that stands twice',
		yaml,
		'- id: readings',
		'- id: due',
		'- id: due\n    label: { es: Lect',
		'topics.due',
		/Rename/
	],
	[
		'a text that lacks a language',
		yaml,
		'{ es: Turno, en: Rota }',
		'{ es: Turno }',
		'{ es: Turno }',
		'categories.card.fields.rota.label',
		/en: …/
	],
	[
		'a text in a language that is not listed',
		yaml,
		'{ es: Turno, en: Rota }',
		'{ es: Turno, en: Rota, e: Rota }',
		'e: Rota }',
		'categories.card.fields.rota.label.e',
		/Did you mean "es"/
	],
	[
		'a required field without a reason',
		yaml,
		'        requiredBecause: { es: Con él se entra y se avisa., en: It signs you in and tells you when books are due. }\n',
		'',
		'- id: email\n',
		'categories.card.fields.email',
		/requiredBecause/
	],
	[
		'a choice of nothing',
		yaml,
		'type: text\n        roles: [librarian]',
		'type: choice\n        roles: [librarian]',
		'- id: rota',
		'categories.card.fields.rota',
		/Add choices/
	],
	[
		'a field for a role that lacks the category',
		yaml,
		'        type: date',
		'        type: date\n        roles: [librarian]',
		'roles: [librarian]\npurposes:',
		'categories.loans.fields.dueOn.roles',
		/Add the role/
	],
	[
		'an identifier that nobody signs in with',
		yaml,
		'type: text\n        roles: [librarian]',
		'type: text\n        identifier: phone\n        roles: [librarian]',
		'identifier: phone',
		'categories.card.fields.rota.identifier',
		/kind: phone/
	],
	[
		'an identifier that no field describes',
		yaml,
		'  - kind: email\n',
		'  - kind: email\n  - kind: phone\n',
		'kind: phone',
		'identifiers.phone',
		/identifier: phone/
	],
	[
		'a refusable purpose without its consequence',
		yaml,
		'    whenRefused: { es: No habrá recomendaciones., en: There are no suggestions. }\n',
		'',
		'- id: suggestions',
		'purposes.suggestions',
		/whenRefused/
	],
	[
		'a consent that can’t be refused',
		yaml,
		'refusable: true',
		'refusable: false',
		'- id: suggestions',
		'purposes.suggestions',
		/refusable: true/
	],
	[
		'a partner by consent without its consequence',
		yaml,
		'    whenWithdrawn: { es: El club ya no propone lecturas., en: The club proposes nothing any more. }\n',
		'',
		'- id: reading-circle',
		'partners.reading-circle',
		/whenWithdrawn/
	],
	[
		'a partner by consent who is not asked for',
		yaml,
		'    consent: true\n',
		'',
		'- id: reading-circle',
		'partners.reading-circle',
		/consent: true/
	],
	[
		'an essential topic without a reason',
		yaml,
		'    essentialBecause: { es: Sin aviso habría recargos., en: Without it there would be fines. }\n',
		'',
		'- id: due\n',
		'topics.due',
		/essentialBecause/
	],
	[
		'an essential topic that is marketing',
		yaml,
		'essential: true',
		'essential: true\n    marketing: true',
		'- id: due\n',
		'topics.due',
		/Remove essential/
	],
	[
		'a grace period longer than the law',
		yaml,
		'graceDays: 5',
		'graceDays: 31',
		'graceDays',
		'withdrawal.graceDays',
		/graceDays: 30/
	],
	[
		'a grace period longer than Korea’s law',
		yaml,
		'answerDays: 20\n  regimes: [gdpr]',
		'answerDays: 10\n  regimes: [gdpr, pipa]\n# grace',
		'graceDays',
		'withdrawal.graceDays',
		/graceDays: 10/
	],
	[
		'an answer later than the law',
		yaml,
		'answerDays: 20',
		'answerDays: 60',
		'answerDays',
		'requests.answerDays',
		/answerDays: 30/
	],
	[
		'a logo that is not there',
		yaml,
		'logo: logo.svg',
		'logo: seal.svg',
		'seal.svg',
		'organisation.look.logo',
		/seal\.svg/
	],
	[
		'a logo outside the folder',
		yaml,
		'logo: logo.svg',
		'logo: ../logo.svg',
		'../logo.svg',
		'organisation.look.logo',
		/logo\.svg/
	],
	[
		'a notice that is too short',
		meta,
		'announced: 2025-08-15',
		'announced: 2025-08-31',
		'effective',
		'effective',
		/effective: 2025-09-14/
	],
	[
		'a day that does not exist',
		meta,
		'announced: 2025-08-15',
		'announced: 2025-02-30',
		'announced',
		'announced',
		/a day such as/
	],
	['a summary that lacks a language', meta, ', en: The first version.', '', 'summary', 'summary', /en: …/],
	['a key that stands twice', yaml, 'cookies: []', 'cookies: []\ncookies: []', 'never', '', /Keep one/],
	['a file that is not YAML', yaml, 'cookies: []', 'cookies: [', 'never', '', /indentation/]
];

test.each(broken)(
	'whoever writes %s is told where, and what to write',
	(_, file, from, to, line, path, advice) => {
		if (to.endsWith('# grace')) edit(file, 'graceDays: 5', 'graceDays: 11');
		edit(file, from, to);

		const found = problems();

		expect(found).toEqual([
			{
				file,
				line: expect.any(Number),
				path,
				problem: expect.stringMatching(/.\.$|^This is not YAML/),
				write: expect.stringMatching(advice)
			}
		]);
		if (line !== 'never') expect(found[0]?.line).toBe(lineOf(file, line));
	}
);

test('whoever misspells a key also learns what is wrong with its value', () => {
	edit(yaml, 'graceDays: 5', 'graceDay: 31');
	expect(problems().map(({ path }) => path)).toEqual(['withdrawal.graceDays', 'withdrawal.graceDay']);
});

test('all problems of all files are told at once, in reading order', () => {
	edit(yaml, 'kind: processor', 'kind: helper');
	edit(yaml, 'storage: cellar', 'storage: attic');
	edit(yaml, '{ es: Turno, en: Rota }', '{ es: Turno }');
	edit(meta, 'significant: true', 'significant: perhaps');
	rmSync(join(folder, 'policies/2025-09-01/es.md'));

	expect(problems().map(({ file, path }) => `${file} ${path}`)).toEqual([
		'organisation.yaml categories.card.storage',
		'organisation.yaml categories.card.fields.rota.label',
		'organisation.yaml partners.bindery.kind',
		'policies/2025-09-01/es.md ',
		'policies/2025-09-01/meta.yaml significant'
	]);
});

test('an organisation without a policy in force is told so', () => {
	rmSync(join(folder, 'policies'), { recursive: true });
	expect(problems()).toMatchObject([{ file: 'policies', problem: expect.stringContaining(today) }]);
});

test('a policy of tomorrow alone is not in force today', () => {
	expect(loadOrganisation(folder, { today: '2025-08-31' })).toMatchObject({
		problems: [{ file: 'policies' }]
	});
});

test('a policy text in a language that is not listed, or an empty one, is told', () => {
	write('policies/2025-09-01/fr.md', '# Confidentialité');
	write('policies/2025-09-01/en.md', ' ');
	expect(problems().map(({ file }) => file)).toEqual([
		'policies/2025-09-01/en.md',
		'policies/2025-09-01/fr.md'
	]);
});

test('two versions that take effect on the same day are told apart from each other', () => {
	cpSync(join(folder, 'policies/2025-09-01'), join(folder, 'policies/again'), { recursive: true });
	expect(problems()).toMatchObject([
		{ file: 'policies', write: expect.stringContaining('a day of its own') }
	]);
});

describe('a description that is hardly one', () => {
	const bomb = `a: &a [${'x, '.repeat(99)}x]\nb: &b [${'*a, '.repeat(99)}*a]\nc: [${'*b, '.repeat(99)}*b]`;
	test.each([
		['an empty file', ''],
		['a word', 'hello'],
		['a list', '- a\n- b'],
		['nothing but a wrong key', 'organization: {}'],
		['an anchor within itself', 'roles: &a [*a]'],
		['a category within itself', 'categories:\n  - &a { id: a, fields: [*a], retention: *a, kind: *a }'],
		['aliases that multiply', bomb],
		['very deep nesting', '['.repeat(100_000)],
		['a key named as the prototype', '__proto__: { roles: [] }\nconstructor: 1'],
		['NUL and overrides', 'organisation: "\u0000\u202e"']
	])('is told so and nothing breaks: %s', (_, text) => {
		write(yaml, text);
		expect(problems().length).toBeGreaterThan(0);
	});

	test('a folder without anything in it', () => {
		expect(loadOrganisation(join(folder, 'nowhere'), { today })).toMatchObject({
			problems: [{ file: yaml, line: 1 }]
		});
	});

	test('a file that is not text names the line of the first wrong byte', () => {
		writeFileSync(join(folder, yaml), Buffer.from([0x61, 0x3a, 0x0a, 0x0a, 0xff, 0xfe]));
		expect(problems()).toMatchObject([{ line: 3, write: expect.stringContaining('UTF-8') }]);
	});
});

/** Either an organisation or problems that a person can act on; an exception fails the property. */
function isAnswered(): boolean {
	const loaded = loadOrganisation(folder, { today });
	if (!('problems' in loaded)) return true;
	return (
		loaded.problems.length > 0 &&
		loaded.problems.every(({ file, line, problem, write }) => file && line > 0 && problem && write)
	);
}

describe('whatever somebody does to a description, they get an answer', () => {
	const original = readFileSync(join(third, yaml));
	const place = fc.nat(original.length);

	test('with pieces of the file cut out, doubled or overwritten', () => {
		const cut = fc.record({
			from: place,
			length: fc.nat(200),
			with: fc.uint8Array({ maxLength: 20 }),
			copyOf: place
		});
		fc.assert(
			fc.property(fc.array(cut, { minLength: 1, maxLength: 5 }), (cuts) => {
				let bytes = original;
				for (const { from, length, with: inserted, copyOf } of cuts)
					bytes = Buffer.concat([
						bytes.subarray(0, from),
						inserted.length % 2 ? inserted : original.subarray(copyOf, copyOf + length),
						bytes.subarray(from + length)
					]);
				writeFileSync(join(folder, yaml), bytes);
				return isAnswered();
			}),
			{ numRuns: 200 }
		);
	});

	test('with any value in any place of it', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.nat(), fc.option(fc.jsonValue())), { minLength: 1, maxLength: 4 }),
				(changes) => {
					const value: unknown = parse(original.toString());
					for (const [choice, replacement] of changes) {
						const places = placesOf(value);
						const [holder, key] = places[choice % places.length] ?? [];
						if (holder && key !== undefined) holder[key] = replacement;
					}
					write(yaml, stringify(value));
					write(meta, stringify(changes[0]?.[1] ?? {}));
					return isAnswered();
				}
			),
			{ numRuns: 300 }
		);
	});
});

type Holder = Record<string | number, unknown>;

/** Every place of a value that can be overwritten. */
function placesOf(value: unknown): [Holder, string | number][] {
	if (value === null || typeof value !== 'object') return [];
	return Object.entries(value).flatMap(([key, part]) => [
		[value as Holder, key] as [Holder, string],
		...placesOf(part)
	]);
}
