// Promise: one private i18next instance a language, made at the start; nothing of a request is ever set on a shared one.
import i18next, { type i18n } from 'i18next';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../server/platform/project-folder.ts';
import { formatsOf, type Formats } from './formats.ts';
import { pseudo, pseudoLanguage } from './pseudo.ts';

export type Values = Record<string, string | number>;

export interface Translation extends Formats {
	tag: string;
	direction: 'ltr' | 'rtl';
	timeZone: string;
	/** The text of `area:page.element`; throws for a key that no catalogue has. */
	t(key: string, values?: Values): string;
	/** Whether there is such a text. */
	has(key: string): boolean;
	/** A text of the description in this language. */
	text(text: Readonly<Record<string, string>> | undefined): string;
}

type Catalogue = Record<string, unknown>;

const folder = join(projectFolder, 'src/lib/i18n/locales');

/** Languages that the portal itself speaks. */
export const shippedLanguages: readonly string[] = readdirSync(folder).sort();

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);

export const directionOf = (tag: string): 'ltr' | 'rtl' =>
	rightToLeft.has(tag.split('-')[0] as string) ? 'rtl' : 'ltr';

function read(language: string): Record<string, Catalogue> {
	const files = readdirSync(join(folder, language)).filter((file) => file.endsWith('.json'));
	return Object.fromEntries(
		files.map((file) => [
			file.slice(0, -'.json'.length),
			JSON.parse(readFileSync(join(folder, language, file), 'utf8')) as Catalogue
		])
	);
}

function instanceOf(language: string): i18n {
	const isPseudo = language === pseudoLanguage;
	const own = isPseudo ? (pseudo(read('en')) as Record<string, Catalogue>) : read(language);
	const instance = i18next.createInstance();
	void instance.init({
		initAsync: false,
		lng: isPseudo ? 'en' : language,
		fallbackLng: 'en',
		resources: { en: isPseudo ? own : read('en'), ...(isPseudo ? {} : { [language]: own }) },
		ns: Object.keys(own),
		interpolation: { escapeValue: false },
		returnNull: false
	});
	return instance;
}

/** The plural forms of so many amounts are remembered. */
const keptForms = 1_000;

interface Language {
	t: Translation['t'];
	has: Translation['has'];
	text: Translation['text'];
}

/** Words and names of placeholders in turn. A text that refers to another is left to i18next. */
const taken = (text: string): readonly string[] | undefined =>
	text.includes('$t(') ? undefined : text.split(/\{\{\s*(\w+)\s*\}\}/);

/** i18next finds each text and its plural form once; a page has some hundred texts, and finding one costs 5 to 10 µs. */
function finderOf(instance: i18n): Pick<Translation, 't' | 'has'> {
	const known = new Map<string, boolean>();
	const plain = new Map<string, string>();
	const found = new Map<string, readonly string[] | undefined>();
	const plurals = new Intl.PluralRules(instance.language);
	const forms = new Map<unknown, string>();
	const formOf = (count: unknown): string => {
		if (typeof count !== 'number') return '';
		let form = forms.get(count);
		if (form === undefined) {
			form = count === 0 ? 'none' : plurals.select(count);
			if (forms.size < keptForms) forms.set(count, form);
		}
		return form;
	};
	const find = (key: string, values: Values) => {
		if (!instance.exists(key, values)) throw new Error(`no text for ${key}`);
		return taken(instance.t(key, { ...values, skipInterpolation: true }));
	};
	const filled = (key: string, values: Values): string => {
		const name = values.count === undefined ? key : `${key} ${formOf(values.count)}`;
		if (!found.has(name)) found.set(name, find(key, values));
		const pieces = found.get(name);
		if (!pieces) return instance.t(key, values);
		let text = pieces[0] as string;
		for (let index = 1; index < pieces.length; index += 2)
			text += `${values[pieces[index] as string] ?? ''}${pieces[index + 1]}`;
		return text;
	};
	const t: Translation['t'] = (key, values) => {
		if (values) return filled(key, values);
		let text = plain.get(key);
		if (text === undefined) plain.set(key, (text = filled(key, {})));
		return text;
	};
	const has: Translation['has'] = (key) => {
		let exists = known.get(key);
		if (exists === undefined) {
			exists = instance.exists(key);
			// What is not there may be asked for by anybody: that is remembered as long as there is room.
			if (exists || known.size < keptForms) known.set(key, exists);
		}
		return exists;
	};
	return { t, has };
}

function makeLanguage(language: string): Language {
	const instance = instanceOf(language);
	return {
		...finderOf(instance),
		text: (text) => {
			if (!text) return '';
			if (language === pseudoLanguage) return pseudo(text.en ?? Object.values(text)[0] ?? '') as string;
			return text[language] ?? text.en ?? Object.values(text)[0] ?? '';
		}
	};
}

const languages = new Map<string, Language>();
const translations = new Map<string, Translation>();

/** The translation for a shipped language (or the pseudo-language) and a time zone; kept for the life of the process. */
export function translationIn(tag: string, timeZone = 'UTC'): Translation {
	const name = `${tag} ${timeZone}`;
	const kept = translations.get(name);
	if (kept) return kept;
	const language = languages.get(tag) ?? makeLanguage(tag);
	languages.set(tag, language);
	const formats = formatsOf(tag === pseudoLanguage ? 'en' : tag, timeZone);
	const translation = { tag, direction: directionOf(tag), timeZone, ...language, ...formats };
	translations.set(name, translation);
	return translation;
}
