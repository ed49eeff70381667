// The lint is the architecture's guard; here each of its rules is shown to bite, and not to bite what is allowed.
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, test } from 'vitest';
import { fenced } from '../../eslint.config.js';

const eslint = new ESLint();

/** The rules that a text breaks when it stands in that file, which must exist. */
async function broken(filePath: string, text: string): Promise<string[]> {
	const [result] = await eslint.lintText(text, { filePath, warnIgnored: true });
	return (result?.messages ?? [])
		.map(({ ruleId, message }) => ruleId ?? message)
		.filter((rule) => !rule.endsWith('no-unused-vars'));
}

// The first look at a file reads the types of the whole project.
beforeAll(() => broken('src/lib/server/audit/audit.ts', ''), 120_000);

const importing = (path: string) => `import * as it from '${path}';\nexport const used = it;\n`;

const imports: [who: string, file: string, path: string, rule: string | undefined][] = [
	[
		'a route may call a domain’s face',
		'src/routes/+layout.server.ts',
		'$lib/server/accounts/accounts',
		undefined
	],
	[
		'a route may not reach a domain’s queries',
		'src/routes/+layout.server.ts',
		'$lib/server/accounts/queries',
		'boundaries/dependencies'
	],
	[
		'a route may not reach the platform',
		'src/routes/+layout.server.ts',
		'$lib/server/platform/database/open',
		'boundaries/dependencies'
	],
	[
		'a component may not reach the server',
		'src/lib/ui/icons.ts',
		'../server/accounts/accounts',
		'boundaries/dependencies'
	],
	[
		'a component may not know translation keys',
		'src/lib/ui/icons.ts',
		'../i18n/catalogues',
		'boundaries/dependencies'
	],
	['a domain may write to a ledger', 'src/lib/server/accounts/people.ts', '../audit/audit.ts', undefined],
	[
		'a domain may not read a ledger’s tables',
		'src/lib/server/accounts/people.ts',
		'../audit/queries.ts',
		'boundaries/dependencies'
	],
	[
		'a domain may not reach the composition',
		'src/lib/server/accounts/people.ts',
		'../portal.ts',
		'boundaries/dependencies'
	],
	['a domain may know the Context', 'src/lib/server/accounts/people.ts', '../context.ts', undefined],
	['a domain may translate', 'src/lib/server/accounts/people.ts', '../../i18n/catalogues.ts', undefined],
	[
		'a ledger knows no domain',
		'src/lib/server/audit/audit.ts',
		'../accounts/accounts.ts',
		'boundaries/dependencies'
	],
	[
		'the platform knows nothing above it',
		'src/lib/server/platform/ids.ts',
		'../audit/audit.ts',
		'boundaries/dependencies'
	],
	[
		'the server may not need SvelteKit’s folders',
		'src/lib/server/audit/audit.ts',
		'$lib/server/platform/clock',
		'no-restricted-imports'
	],
	[
		'the server may not need SvelteKit’s application',
		'src/lib/server/audit/audit.ts',
		'$app/environment',
		'no-restricted-imports'
	],
	[
		'texts may not need SvelteKit’s environment',
		'src/lib/i18n/catalogues.ts',
		'$env/dynamic/private',
		'no-restricted-imports'
	],
	[
		'only the platform knows the engine',
		'src/lib/server/audit/audit.ts',
		'better-sqlite3',
		'no-restricted-imports'
	],
	['the platform knows the engine', 'src/lib/server/platform/ids.ts', 'better-sqlite3', undefined]
];

describe('who may import whom', () => {
	test.each(imports)('%s', async (_, file, path, rule) => {
		const rules = await broken(file, importing(path));
		if (rule) expect(rules).toContain(rule);
		else expect(rules).toEqual([]);
	});

	test.each(Object.entries(fenced))('%s is known to %s alone', async (name, folder) => {
		const outside = await broken('src/lib/server/audit/audit.ts', importing(name));
		const inside = await broken(`src/lib/server/${folder}/${folder}.ts`, importing(name));

		expect(outside).toContain('no-restricted-imports');
		expect(inside).not.toContain('no-restricted-imports');
	});
});

describe('time, chance and SQL', () => {
	const clocks = ['Date.now()', 'new Date()', 'Math.random()'];

	test.each(clocks)('nobody outside the platform asks for %s', async (asked) => {
		const text = `export const asked = ${asked};\n`;

		expect(await broken('src/lib/server/audit/audit.ts', text)).toContain('no-restricted-syntax');
		expect(await broken('src/lib/server/audit/queries.ts', text)).toContain('no-restricted-syntax');
		expect(await broken('src/routes/+layout.server.ts', text)).toContain('no-restricted-syntax');
		expect(await broken('src/lib/server/platform/clock.ts', text)).toEqual([]);
	});

	test('a given instant may be turned into a date', async () => {
		const text = "export const day = new Date('2026-11-22');\n";

		expect(await broken('src/lib/server/audit/audit.ts', text)).toEqual([]);
	});

	const statements = ['selectFrom', 'insertInto', 'updateTable', 'deleteFrom'];

	test.each(statements)('only queries.ts says %s', async (builder) => {
		const text = `export const build = (db: Record<'${builder}', (table: string) => unknown>) => db.${builder}('person');\n`;

		expect(await broken('src/lib/server/audit/audit.ts', text)).toContain('no-restricted-syntax');
		expect(await broken('src/routes/+layout.server.ts', text)).toContain('no-restricted-syntax');
		expect(await broken('src/lib/server/audit/queries.ts', text)).toEqual([]);
	});

	test('only queries.ts writes SQL as text', async () => {
		const text = "import { sql } from 'kysely';\nexport const one = sql`select 1`;\n";

		expect(await broken('src/lib/server/audit/audit.ts', text)).toContain('no-restricted-syntax');
		expect(await broken('src/lib/server/audit/queries.ts', text)).toEqual([]);
	});
});
