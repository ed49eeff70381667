// Promise: in a description that passes, every reference resolves, every text is in every language, every id stands once.
import { z } from 'zod';
import { nameOf } from './document.ts';
import { quote, suggestion } from './problem.ts';
import type { Path, Report } from './problem.ts';
import { checkRules } from './rules.ts';
import { descriptionSchema } from './schema.ts';
import type { Description } from './schema.ts';
import { walk } from './shape.ts';
import type { Loose } from './shape.ts';
import { references, text } from './values.ts';
import type { Referable } from './values.ts';

/** A description of which anything may be missing. */
export type Draft = Loose<Description>;

/** The ids of each list that can be referred to, those of misshapen entries included. */
export type Known = Record<Referable, string[]>;

/** Reports everything that the shape alone can't tell. */
export function checkDescription(description: Draft, known: Known, report: Report): void {
	const languages = languagesOf(description);
	walk(descriptionSchema, description, (schema, value, path) => {
		const target = references.get((schema as z.ZodType).def);
		if (target) checkReference(target, value, known, (problem, write) => report(path, problem, write));
		if (Array.isArray(value)) checkTwice(value, path, report);
		checkText(schema, value, path, { languages, report });
		checkInvented(value, path, description.example === true, report);
	});
	checkRules(description, known, report);
}

export function languagesOf(description: Draft): string[] {
	return (description.languages ?? []).filter((language) => language !== undefined);
}

/** The ids in a raw value, of entries that are otherwise misshapen too; `earlier` are added to them. */
export function knownIds(value: unknown, earlier?: Known): Known {
	const list = (name: Referable) => {
		const entries = (value as Record<string, unknown> | null | undefined)?.[name];
		const named = Array.isArray(entries) ? entries.map((entry: { id?: unknown } | null) => entry?.id) : [];
		return [...new Set([...(earlier?.[name] ?? []), ...named.filter((id) => typeof id === 'string')])];
	};
	return {
		roles: list('roles'),
		purposes: list('purposes'),
		origins: list('origins'),
		storage: list('storage'),
		retention: list('retention'),
		partners: list('partners'),
		channels: list('channels'),
		categories: list('categories'),
		topics: list('topics')
	};
}

const singular: Record<Referable, string> = {
	roles: 'role',
	purposes: 'purpose',
	origins: 'origin',
	storage: 'storage',
	retention: 'retention',
	partners: 'partner',
	channels: 'channel',
	categories: 'category',
	topics: 'topic'
};

function checkReference(
	to: Referable,
	value: unknown,
	known: Known,
	report: (problem: string, write: string) => void
) {
	if (typeof value !== 'string' || known[to].includes(value)) return;
	report(`The ${singular[to]} ${quote(value)} is not described under "${to}".`, suggestion(value, known[to]));
}

/** An entry of a list that has the name of an earlier one. */
function checkTwice(entries: readonly unknown[], path: Path, report: Report) {
	const seen = new Set<string>();
	entries.forEach((entry, index) => {
		const name = nameOf(entry);
		if (name === undefined) return;
		if (seen.has(name))
			report(
				[...path, index],
				`${quote(name)} stands here a second time.`,
				'Rename or remove one of the two.'
			);
		seen.add(name);
	});
}

/** A text that lacks a language of the description, or has one that the description doesn't list. */
export function checkText(
	schema: z.core.$ZodType,
	value: unknown,
	path: Path,
	{ languages, report }: { languages: readonly string[]; report: Report }
): void {
	if (
		!(schema instanceof z.ZodRecord) ||
		schema.def !== text.def ||
		value === null ||
		typeof value !== 'object'
	)
		return;
	if (!languages.length) return;
	const missing = languages.filter((language) => !Object.hasOwn(value, language));
	if (missing.length) {
		const write = `Write ${missing.map((language) => `${language}: …`).join(' and ')} under it.`;
		report(path, `The text is missing in: ${missing.join(', ')}.`, write);
	}
	for (const language of Object.keys(value))
		if (!languages.includes(language))
			report(
				[...path, language],
				`${quote(language)} is not a language of this description.`,
				suggestion(language, languages)
			);
}

function checkInvented(value: unknown, path: Path, example: boolean, report: Report) {
	if (example || value === null || typeof value !== 'object') return;
	for (const mark of ['invented', 'inventedContacts'])
		if ((value as Record<string, unknown>)[mark] === true)
			report(
				[...path, mark],
				'Only an example may hold invented facts.',
				`Write the true fact and remove "${mark}".`
			);
}
