// The architecture as lint: who may import whom, who may build SQL, who may ask for the time.
// `tests/architecture/boundaries.test.ts` proves that each rule fires.
import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/**
 * Domains that may call the face of another one, each with its reason. Everything else between two domains goes
 * through Context (`contracts`, `work`) or through a ledger.
 * @type {[from: string, to: string, why: string][]}
 */
export const edges = [
	[
		'consents',
		'accounts',
		'a child does not decide alone, and a partner is told by the organisation’s own id'
	],
	['consents', 'objections', 'whoever agrees anew takes back that they switched the purpose off'],
	['consents', 'partners', 'consent is given per partner of the directory'],
	['corrections', 'accounts', 'whoever contests something is a person of accounts'],
	['corrections', 'disclosures', 'the ledger knows who got the field, and the gate lets the new value go'],
	['corrections', 'profile', 'what is right is written in the profile'],
	['corrections', 'records', 'or in one record'],
	['corrections', 'sources', 'or in a system outside'],
	['corrections', 'staff', 'who decides is a member of staff, with the permission for it'],
	['disclosures', 'consents', 'the gate: nothing goes where the person did not agree'],
	['disclosures', 'corrections', 'the gate: nothing goes out that is contested'],
	['disclosures', 'families', 'the gate: of a child nothing is passed on that its guardian kept back'],
	['disclosures', 'objections', 'the gate: nothing goes out for a purpose that the person objected to'],
	['deliveries', 'staff', 'who sends a message once more is a member of staff, with the permission for it'],
	['controls', 'staff', 'what was done by hand is written down by a member of staff who may'],
	['drp', 'accounts', 'claims about a person find them among the accounts'],
	['drp', 'objections', 'what an agent opts out of is off at once'],
	['drp', 'requests', 'what an agent asks is a request that waits for its person'],
	['exports', 'accounts', 'a finished archive opens only after a step-up'],
	['families', 'accounts', 'who is a guardian of whom, how old somebody is, and whether an account waits'],
	['families', 'consents', 'a guardian decides about partners, and the paper of it is kept there'],
	['families', 'partners', 'who receives what is written out before a guardian agrees'],
	['families', 'staff', 'staff confirm what the portal cannot see for itself'],
	['families', 'withdrawal', "a reported child's data is destroyed like everybody's"],
	['intake', 'accounts', 'what other systems push is handed to the domain that owns it: people'],
	['intake', 'disclosures', 'the same: what was disclosed elsewhere'],
	['intake', 'profile', 'the same: the values of fields'],
	['intake', 'records', 'the same: records'],
	['intake', 'replies', 'the same: addresses that a carrier refuses'],
	['objections', 'accounts', 'a child switches on nothing that needs an agreement'],
	['objections', 'consents', 'a purpose is followed where the person agreed to who serves it'],
	['preferences', 'accounts', 'a changed answer is told by the organisation’s own id'],
	['preferences', 'corrections', 'a contested address is written to for nothing that is not essential'],
	['preferences', 'objections', 'nor is anybody for a purpose that they objected to'],
	['policies', 'accounts', 'who accepts or objects is a person of accounts'],
	['policies', 'consents', 'whether the person agreed decides what a new partner means to them'],
	['incidents', 'accounts', 'whom an incident concerns is told by the organisation’s own ids'],
	['incidents', 'staff', 'who announces a breach is a member of staff, with the permission for it'],
	['policies', 'staff', 'who was told is for staff with the permission for it'],
	['policies', 'profile', 'a new field concerns whoever filled it in'],
	['promises', 'controls', 'when what is done outside the portal was last done'],
	['profile', 'accounts', 'email, phone and username are shown beside the fields, and accounts owns them'],
	[
		'staff',
		'accounts',
		'whom staff look for is a person of accounts, whose password rules and limits are theirs too'
	],
	['profile', 'disclosures', 'whoever got a value hears that it is another now'],
	['profile', 'sources', 'fields that lie in a system outside are read and written there'],
	['sources', 'accounts', 'a system outside is asked by what the organisation calls the person'],
	['sources', 'staff', 'who switches one off is a member of staff, with the permission for it'],
	['staff', 'profile', 'an officer sees what the profile says'],
	['replies', 'accounts', 'whose number it is that a message came from'],
	['replies', 'preferences', 'a stop is written into the ledger of preferences'],
	['replies', 'requests', 'a mail that is neither a stop nor a report may exercise a right'],
	['replies', 'staff', 'what people write in their own words is read by a member of staff who may'],
	['requests', 'accounts', 'whoever asks is a person of accounts, in a country and a time zone'],
	['requests', 'disclosures', 'the Californian disclosure is a look into the ledger'],
	['requests', 'exports', 'an access is answered by what the person took away'],
	['requests', 'preferences', 'an objection to marketing counts at once'],
	['requests', 'staff', 'who answers and decides is a member of staff, with the permission for it'],
	['requests', 'withdrawal', 'an erasure is a withdrawal, a restriction a pause'],
	['visibility', 'corrections', 'others do not see what is contested'],
	['visibility', 'profile', 'whose fields others see or not'],
	['canary', 'accounts', 'an invented person is registered as a real one'],
	['canary', 'controls', 'that everything could be done everywhere is written down as done'],
	['canary', 'exports', 'their export is built as a real one’s'],
	['canary', 'restrictions', 'whether every source took over that they paused'],
	['canary', 'sources', 'what a source proved is noted beside it'],
	['canary', 'staff', 'what it found is read by whoever may'],
	['canary', 'withdrawal', 'they pause and leave as a real one does'],
	['restrictions', 'accounts', 'a source is told by the organisation’s own id'],
	['withdrawal', 'sources', 'a source that gives rows of somebody else is told to staff before it may erase'],
	['withdrawal', 'archive', 'what the law keeps is put there before the key is destroyed'],
	['withdrawal', 'accounts', 'a step-up before, the end of every session and of the person after']
];

/** @param {string} type @param {Record<string, string>} [captured] */
const element = (type, captured) => ({ element: { type, ...(captured && { captured }) } });
/** The one file of a folder that carries the folder's name. @param {string} type @param {string} [domain] */
const face = (type, domain) => ({
	element: {
		type,
		...(domain && { captured: { domain } }),
		fileInternalPath: '{{to.element.captured.domain}}.ts'
	}
});
/** @param {string} from @param {(string | object)[]} to */
const may = (from, ...to) => ({
	from: element(from),
	allow: to.map((target) => ({ to: typeof target === 'string' ? element(target) : target }))
});
/** Types alone, importable from everywhere in server. */
const types = {
	element: { type: 'composition', fileInternalPath: '(context|schema|personal-data-contract).ts' }
};
/**
 * Domains whose verbs fill more than one file: those files are faces as well.
 * @type {Record<string, string>}
 */
const furtherFaces = {
	corrections: '(opening|decisions).ts',
	objections: '(purposes|signal).ts',
	disclosures: 'recipients.ts',
	records: 'correcting.ts',
	families: 'standing.ts',
	accounts: '(sessions|identifiers|identifier-changes|people|step-up/step-up).ts',
	sources: 'alarms.ts',
	staff: 'support-links/support-links.ts'
};
/** @param {string} domain */
const facesOf = (domain) => [
	face('domain', domain),
	...(furtherFaces[domain]
		? [{ element: { type: 'domain', captured: { domain }, fileInternalPath: furtherFaces[domain] } }]
		: [])
];
/** Dates are plain values; whoever shows them may count with them. */
const dates = { element: { type: 'platform', fileInternalPath: 'clock.ts' } };
/** The description is asked through its look-ups and its loader. */
const description = {
	element: {
		type: 'ledger',
		captured: { domain: 'organisation' },
		fileInternalPath: '(lookup|load|problem|field-value|retention|evidence|in-effect).ts'
	}
};
const own = { domain: '{{from.element.captured.domain}}' };

const elements = [
	{ type: 'route', pattern: 'src/routes' },
	{ type: 'command', pattern: 'src/command' },
	{ type: 'ui', pattern: 'src/lib/(ui|styles)' },
	{ type: 'charts', pattern: 'src/lib/charts' },
	{ type: 'forms', pattern: 'src/lib/forms' },
	{ type: 'i18n', pattern: 'src/lib/i18n' },
	{ type: 'migrations', pattern: 'src/lib/server/migrations' },
	{ type: 'demonstration', pattern: 'src/lib/server/demonstration' },
	{ type: 'platform', pattern: 'src/lib/server/platform' },
	{
		type: 'ledger',
		pattern: 'src/lib/server/(audit|contact-changes|delivery|organisation)',
		capture: ['domain']
	},
	{ type: 'domain', pattern: 'src/lib/server/*', capture: ['domain'] },
	{ type: 'composition', pattern: 'src/lib/server' },
	{ type: 'entry', pattern: 'src' }
];

const faces = [face('domain'), face('ledger'), description, ...Object.keys(furtherFaces).flatMap(facesOf)];
const policies = [
	may('entry', 'entry', 'composition', 'i18n', 'platform', ...faces),
	may('route', 'route', 'ui', 'charts', 'forms', 'i18n', 'composition', dates, ...faces),
	may('command', 'command', 'composition', 'demonstration', 'i18n', 'platform', ...faces),
	may('ui', 'ui'),
	may('charts', 'charts', 'ui', 'i18n'),
	may('forms', 'forms', 'i18n'),
	may('i18n', 'i18n', 'platform'),
	may('composition', 'composition', 'domain', 'ledger', 'platform', 'migrations', 'demonstration', 'i18n'),
	may('demonstration', 'demonstration', 'migrations', 'platform', types, 'i18n', ...faces),
	may('migrations', 'migrations', 'platform', types),
	may('domain', 'platform', types, 'i18n', face('ledger'), description, element('domain', own)),
	may('ledger', 'platform', types, 'i18n', description, element('ledger', own)),
	may('platform', 'platform', types),
	{ from: element('ledger', { domain: 'delivery' }), allow: [{ to: face('ledger', 'audit') }] },
	// The map inside a ZIP is laid out as the one on the page: numbers alone, no component.
	{
		from: element('domain', { domain: 'exports' }),
		allow: [{ to: { element: { type: 'charts', fileInternalPath: '(bands|flow).ts' } } }]
	},
	...edges.map(([from, to]) => ({
		from: element('domain', { domain: from }),
		allow: facesOf(to).map((target) => ({ to: target }))
	}))
];

const time = [
	{
		selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
		message: 'Ask ctx.clock.now(); only platform/ reads the machine’s clock.'
	},
	{
		selector: "NewExpression[callee.name='Date'][arguments.length=0]",
		message: 'Ask ctx.clock.now(); only platform/ reads the machine’s clock.'
	},
	{
		selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
		message: 'Ask ctx.ids; only platform/ draws chance.'
	}
];
const builders = 'selectFrom|insertInto|replaceInto|updateTable|deleteFrom|mergeInto';
const queries = [
	{
		selector: `CallExpression[callee.property.name=/^(${builders})$/]`,
		message: 'Only queries.ts builds SQL.'
	},
	{ selector: "TaggedTemplateExpression[tag.name='sql']", message: 'Only queries.ts builds SQL.' }
];

const frameworkAliases = {
	regex: '^\\$(lib|app|env)(/|$)',
	message: 'The server’s code, its texts and the commands run without SvelteKit: import relatively, with .ts.'
};
/** Packages that one folder alone may import. */
export const fenced = { lucia: 'accounts', archiver: 'exports' };
/** @param {string} [folder] */
const fences = (folder) =>
	Object.entries(fenced)
		.filter(([, owner]) => owner !== folder)
		.map(([name, owner]) => ({ regex: `^${name}(/|$)`, message: `Only ${owner}/ knows ${name}.` }));
const drivers = {
	regex: '^(better-sqlite3|pg|pg-cursor|mysql2)(/|$)',
	message: 'Only platform/ knows which engine runs.'
};

/** @param {object[]} patterns */
const imports = (patterns) =>
	/** @type {import('eslint').Linter.RulesRecord} */ ({ 'no-restricted-imports': ['error', { patterns }] });
/** @param {object[]} selectors */
const syntax = (selectors) =>
	/** @type {import('eslint').Linter.RulesRecord} */ ({ 'no-restricted-syntax': ['error', ...selectors] });

const code = 'src/**/*.{js,ts,svelte}';
const withoutFramework = [
	'src/lib/server/**/*.ts',
	'src/lib/i18n/**/*.ts',
	'src/command/**/*.ts',
	'src/server.ts'
];
const tests = ['src/**/*.test.ts', 'tests/**/*.ts'];

export default ts.config(
	{ ignores: ['.svelte-kit/', 'build/', 'data/', 'node_modules/', 'test-results/', 'static/'] },
	js.configs.recommended,
	...ts.configs.strict,
	...ts.configs.stylistic,
	...svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.node } },
		rules: {
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
			// Empty callbacks are how one says "nothing to do".
			'@typescript-eslint/no-empty-function': 'off',
			'@typescript-eslint/no-dynamic-delete': 'off',
			'@typescript-eslint/consistent-type-definitions': 'off',
			// TypeScript knows every name already.
			'no-undef': 'off',
			// Control characters are what input checks look for.
			'no-control-regex': 'off',
			'no-console': 'error',
			'no-else-return': 'error',
			eqeqeq: 'error'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
		// Pages ship no script, so the framework's client-side `resolve()` has nothing to resolve.
		rules: { 'svelte/no-navigation-without-resolve': 'off' }
	},
	// Policies are Markdown of the operator's own, rendered with raw HTML off.
	{ files: ['src/routes/*/policy/PolicyPage.svelte'], rules: { 'svelte/no-at-html-tags': 'off' } },
	{
		files: ['src/**/*.ts', 'tests/**/*.ts'],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
			'@typescript-eslint/switch-exhaustiveness-check': 'error'
		}
	},
	{
		files: ['src/**/*.{ts,svelte}'],
		ignores: tests,
		plugins: { boundaries },
		settings: {
			'import/resolver': { typescript: { project: './tsconfig.json' } },
			'boundaries/elements': elements
		},
		rules: { 'boundaries/dependencies': ['error', { default: 'disallow', policies }] }
	},
	{ files: [code], rules: { ...syntax([...time, ...queries]), ...imports([...fences(), drivers]) } },
	{ files: withoutFramework, rules: imports([frameworkAliases, ...fences(), drivers]) },
	...Object.values(fenced).map((folder) => ({
		files: [`src/lib/server/${folder}/**/*.ts`],
		rules: imports([frameworkAliases, ...fences(folder), drivers])
	})),
	{ files: ['src/lib/server/**/queries.ts'], rules: syntax(time) },
	{ files: ['src/lib/server/migrations/*.ts'], rules: syntax(time) },
	{
		files: ['src/lib/server/platform/**/*.ts'],
		rules: { 'no-restricted-syntax': 'off', ...imports([frameworkAliases, ...fences()]) }
	},
	// Playwright reads from this pattern that a fixture needs no other.
	{ files: ['tests/support/*.ts'], rules: { 'no-empty-pattern': 'off' } },
	{
		files: [...tests, 'src/start.js'],
		rules: { 'no-restricted-syntax': 'off', 'no-restricted-imports': 'off', 'no-console': 'off' }
	},
	{ files: ['src/server.ts', 'src/hooks.server.ts', 'src/command/**/*.ts'], rules: { 'no-console': 'off' } }
);
