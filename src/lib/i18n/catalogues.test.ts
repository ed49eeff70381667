// The four languages say the same: no text is missing, none lost a name, none was left in English, none is dead.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectFolder } from '../server/platform/project-folder.ts';
import { scopes } from '../server/tokens/tokens.ts';
import { shippedLanguages } from './catalogues.ts';

type Texts = Map<string, string>;

const locales = join(projectFolder, 'src/lib/i18n/locales');
const plural = /_(?:zero|one|two|few|many|other)$/;
const others = shippedLanguages.filter((language) => language !== 'en');

/** Words that Spanish writes as English does. */
const same: Readonly<Record<string, readonly string[]>> = {
	es: ['common:footer.cookies', 'cookies:title', 'cookies:name', 'viewer:exports.bytes']
};

function flat(value: unknown, path: string): [string, string][] {
	if (typeof value === 'string') return [[path, value]];
	const join = path.endsWith(':') ? '' : '.';
	return Object.entries(value as object).flatMap(([key, inner]) => flat(inner, path + join + key));
}

function textsOf(language: string): Texts {
	const files = readdirSync(join(locales, language)).filter((file) => file.endsWith('.json'));
	return new Map(
		files.flatMap((file) =>
			flat(JSON.parse(readFileSync(join(locales, language, file), 'utf8')), file.replace('.json', ':'))
		)
	);
}

const english = textsOf('en');
const baseOf = (key: string) => key.replace(plural, '');
const isPlural = (key: string) => plural.test(key) && english.has(`${baseOf(key)}_other`);

/** What a language must have for the keys of English: the plain ones, and one of each plural category. */
function expectedKeys(language: string): string[] {
	const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
	const keys = [...english.keys()].flatMap((key) => {
		if (!isPlural(key)) return [key];
		// i18next takes `_zero` for nought in every language.
		if (key.endsWith('_zero')) return [key];
		return categories.map((category) => `${baseOf(key)}_${category}`);
	});
	return [...new Set(keys)].sort();
}

const namesIn = (text: string) => [...new Set(text.match(/\{\{[^}]+\}\}/g) ?? [])].sort();
const isAmount = (name: string) => name === '{{count}}' || name === '{{number}}';

/** "One" and "two" may be words instead of digits, and of nothing there is no date to tell. */
function saysTheSame(key: string, text: string): boolean {
	const names = namesIn(text);
	const original = namesIn(english.get(isPlural(key) ? `${baseOf(key)}_other` : key) ?? '');
	if (isPlural(key) && key.endsWith('_zero')) return names.every((name) => original.includes(name));
	const mustAgree = (name: string) => !/_(?:one|two)$/.test(key) || !isAmount(name);
	return names.filter(mustAgree).join() === original.filter(mustAgree).join();
}

describe.each(shippedLanguages)('somebody who reads %s', (language) => {
	const texts = textsOf(language);

	test('finds every text that English has, in every plural form, and no other', () => {
		expect([...texts.keys()].sort()).toEqual(expectedKeys(language));
	});

	test('reads the same names, dates and numbers in each text', () => {
		expect([...texts].filter(([key, text]) => !saysTheSame(key, text))).toEqual([]);
	});

	test('never meets an empty text, a doubled space or a space at an edge', () => {
		expect([...texts].filter(([, text]) => text.trim() !== text || text === '' || / {2}/.test(text))).toEqual(
			[]
		);
	});
});

/** Pages whose heading is their name in the navigation or at the foot. */
const named = [
	'data',
	'profile',
	'activity',
	'messages',
	'sharing',
	'requests',
	'withdrawal',
	'policy',
	'promises',
	'partners',
	'cookies'
];

test.each(shippedLanguages)(
	'somebody who reads %s finds a page under the name that led there',
	(language) => {
		const texts = textsOf(language);
		const nameOf = (page: string) =>
			texts.get(`common:navigation.${page}`) ?? texts.get(`common:footer.${page}`);
		expect(named.filter((page) => texts.get(`${page}:title`) !== nameOf(page))).toEqual([]);
	}
);

test.each(others)('somebody who reads %s meets no text left in English', (language) => {
	const says = (text: string) => /\p{L}/u.test(text.replaceAll(/\{\{[^}]+\}\}/g, ''));
	const left = [...textsOf(language)].filter(([key, text]) => english.get(key) === text && says(text));
	expect(left.filter(([key]) => !same[language]?.includes(key))).toEqual([]);
});

/** Refusals of these go to the organisation's systems and to operators, who read codes. */
const onlyForMachines =
	/^(?:routes\/api|command|lib\/server\/(?:tokens|drp|requests\/mail|replies\/(?:sms|refused-addresses)|intake|archive|canary|withdrawal\/case|demonstration|disclosures|records|accounts\/(?:registration|amendment)|platform\/(?:backup|keys)))/;

/** A page answers these in another way than by a sentence. */
const neverShown = new Set([
	'session-ended',
	// Said by the page that refuses.
	'look-refused',
	// Told at a terminal.
	'not-by-hand',
	'staff-id-taken',
	'staff-unknown',
	'origin-unknown',
	// Told to systems.
	'changes-gone',
	'not-demonstration',
	'not-empty'
]);

describe('every text is used, and every text that is used exists', () => {
	const areas = new Set([...english.keys()].map((key) => key.slice(0, key.indexOf(':'))));
	const keys = new Set([...english.keys()].flatMap((key) => (isPlural(key) ? [key, baseOf(key)] : [key])));

	const files = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' }).filter(
		(file) => /\.(?:svelte|ts)$/.test(file) && !file.endsWith('.test.ts')
	);
	const read = (file: string) => readFileSync(join(projectFolder, 'src', file), 'utf8');
	const code = [...files.map(read), ...english.values()].join('\n');

	/** What a pattern finds in the files whose name fits. */
	const found = (pattern: RegExp, of: (file: string) => boolean) => [
		...new Set(
			files.filter(of).flatMap((file) => [...read(file).matchAll(pattern)].map((match) => match[1] as string))
		)
	];
	const withoutSentence = (prefix: string, codes: string[]) => codes.filter((one) => !keys.has(prefix + one));

	/** What a token may do is written like a key. */
	const isScope = (key: string) => (scopes as readonly string[]).includes(key);
	const inAnArea = (key: string) => areas.has(key.slice(0, key.indexOf(':'))) && !isScope(key);
	const literals = [...code.matchAll(/['(]([a-z][a-z-]*:[\w.-]+)['",]/g)]
		.map((match) => match[1] as string)
		// Scopes of tokens look alike.
		.filter((key) => inAnArea(key) && !/:(?:read|write|erase)$/.test(key));

	/** `area:one.${what}-lead` as a pattern; a template with nothing of its own after the area says too little. */
	const templates = [...code.matchAll(/`([a-z][a-z-]*:)((?:[\w.-]|\$\{[^}`]*\})*\$\{[^}`]*\}[\w.-]*)`/g)]
		.map(([, area, rest]) => ({ area: area as string, pieces: (rest as string).split(/\$\{[^}`]*\}/) }))
		.filter(({ area, pieces }) => inAnArea(area) && pieces.join('') !== '')
		.map(({ area, pieces }) => ({
			shown: area + pieces.join('*'),
			pattern: new RegExp(`^${area}${pieces.map((piece) => RegExp.escape(piece)).join('.+')}$`)
		}));

	test('a person meets no page whose text is missing', () => {
		expect(literals.length).toBeGreaterThan(400);
		expect([...new Set(literals)].filter((key) => !keys.has(key))).toEqual([]);
		expect(
			templates.filter(({ pattern }) => ![...keys].some((key) => pattern.test(key))).map(({ shown }) => shown)
		).toEqual([]);
	});

	test('a person who is refused is told why', () => {
		const refusals = found(/refused: '([a-z-]+)'/g, (file) => !onlyForMachines.test(file));
		expect(refusals).toContain('already-leaving');
		expect(
			withoutSentence('errors:refused.', refusals).filter((refusal) => !neverShown.has(refusal))
		).toEqual([]);
		const problems = found(/problems: \{[^}]*code: '([a-z-]+)'/g, (file) => file.startsWith('routes/('));
		expect(withoutSentence('errors:field.', problems)).toEqual([]);
	});

	test('the downloaded page names each of its parts', () => {
		const parts = found(/(?:path: |part\()'([a-z/-]+)'/g, (file) => file.endsWith('/personal-data.ts'));
		expect(parts).toContain('sharing/disclosures');
		expect(
			withoutSentence(
				'viewer:part.',
				parts.map((part) => part.replaceAll('/', '-'))
			)
		).toEqual([]);
	});

	test('nobody translates what nobody reads', () => {
		const used = new Set(literals);
		const unused = [...english.keys()]
			.map((key) => (isPlural(key) ? baseOf(key) : key))
			.filter((key) => !used.has(key) && !templates.some(({ pattern }) => pattern.test(key)));
		expect([...new Set(unused)]).toEqual([]);
	});
});
