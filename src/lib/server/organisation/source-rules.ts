// Promise: what is read outside is described to the end: one source for a category, and a person bound in every statement.
import { isSeveral, namesIn } from '../platform/sources/sql/statement.ts';
import type { Path, Report } from './problem.ts';
import { quote, suggestion } from './problem.ts';
import type { Description } from './schema.ts';
import { each, type Loose } from './shape.ts';
import type { Draft } from './validation.ts';

type Source = Loose<Description['sources'][number]>;
type SourceCategory = Loose<Description['sources'][number]['categories'][number]>;
type Category = Loose<Description['categories'][number]>;

interface Names {
	needed: readonly string[];
	known: readonly string[];
}

const person: Names = { needed: ['person'], known: ['person'] };
const restriction: Names = { needed: ['person', 'on'], known: ['person', 'on'] };

export function checkSources(draft: Draft, report: Report): void {
	const homes = new Map<string, string>();
	// All of them are called by their id, and a secret hangs on it.
	const called = new Set(
		[...each(draft.partners), ...each(draft.listeners)].map(
			([, { id }]: [number, { id?: string | undefined }]) => id
		)
	);
	for (const [s, source] of each(draft.sources)) {
		const path = ['sources', s];
		if (source.id && called.has(source.id))
			report(
				[...path, 'id'],
				`A partner or listener is called ${quote(source.id)} too.`,
				'Give it another id.'
			);
		if (source.kind === 'sql') checkSql(source, path, report);
		if (source.kind === 'http') checkHttp(source, path, report);
		for (const [c, lying] of each(source.categories)) {
			const at = [...path, 'categories', c];
			const home = lying.category && homes.get(lying.category);
			if (home)
				report(at, `${quote(lying.category)} lies in ${quote(home)} already.`, 'Keep it in one of the two.');
			if (lying.category) homes.set(lying.category, source.id ?? '');
			const category = draft.categories?.find((one) => one?.id === lying.category);
			if (category) checkCategory(source, lying, category, { path: at, draft, report });
		}
	}
}

interface Place {
	path: Path;
	draft: Draft;
	report: Report;
}

function checkCategory(
	source: Source,
	lying: SourceCategory,
	category: Category,
	{ path, draft, report }: Place
) {
	const index = (draft.categories ?? []).indexOf(category);
	const changed = new Set([...each(lying.edit)].map(([, { field }]) => field));
	for (const [f, { id, identifier, editable }] of each(category.fields)) {
		if (identifier)
			report(
				[...path, 'category'],
				`${quote(id)} signs people in, so the portal itself holds it.`,
				'Move it to a category that is not of a source.'
			);
		else if (editable && !changed.has(id))
			report(
				['categories', index, 'fields', f, 'editable'],
				`It lies in ${quote(source.id)}, and nothing says how it is changed there.`,
				`Add "- field: ${id}" to edit of that source, or remove editable: true.`
			);
	}
	for (const [e, edit] of each(lying.edit)) checkEdit(source, edit, category, [...path, 'edit', e], report);
}

type Edit = Loose<Description['sources'][number]['categories'][number]['edit'][number]>;

function checkEdit(
	source: Source,
	{ field, statement }: Edit,
	category: Category,
	path: Path,
	report: Report
) {
	const fields = [...each(category.fields)].flatMap(([, { id }]) => id ?? []);
	if (field && !fields.includes(field))
		report(
			[...path, 'field'],
			`The category ${quote(category.id)} has no field ${quote(field)}.`,
			suggestion(field, fields)
		);
	if (source.kind !== 'sql') return;
	if (!statement)
		return report(
			path,
			'A SQL source changes a field by a statement.',
			'Add statement: update … set … = :value where … = :person'
		);
	const needed = ['person', 'value', ...(category.kind === 'records' ? ['record'] : [])];
	checkStatement(statement, { needed, known: ['person', 'value', 'record'] }, [...path, 'statement'], report);
}

function checkSql(source: Source, path: Path, report: Report) {
	for (const [c, { read, count }] of each(source.categories)) {
		const at = [...path, 'categories', c];
		if (!read)
			report(
				at,
				'A SQL source needs the query that reads this category.',
				'Add read: select … as person, … as id, … as at, … from … where … = :person'
			);
		for (const [name, query] of Object.entries({ read, count }))
			if (query) {
				checkStatement(query, person, [...at, name], report);
				if (!/^\s*(select|with)\b/i.test(query))
					report([...at, name], 'What reads must not change anything.', 'Write a select.');
			}
	}
	const lists = { restrict: restriction, erase: person, plant: person };
	for (const [name, names] of Object.entries(lists))
		for (const [place, statement] of each(source[name as keyof typeof lists]))
			checkStatement(statement, names, [...path, name, place], report);
	if (source.can?.length)
		report([...path, 'can'], 'What a SQL source can do is what it has statements for.', 'Remove can.');
}

function checkHttp(source: Source, path: Path, report: Report) {
	const write = (what: string) => `Remove it; an HTTP source says ${what}.`;
	for (const name of ['restrict', 'erase', 'plant'] as const)
		if (source[name]?.length)
			report([...path, name], 'An HTTP source has no statements.', write(`can: [${name}]`));
	for (const [c, lying] of each(source.categories)) {
		const at = [...path, 'categories', c];
		for (const name of ['read', 'count'] as const)
			if (lying[name]) report([...at, name], 'An HTTP source has no statements.', write('only its category'));
		for (const [e, { statement }] of each(lying.edit))
			if (statement)
				report([...at, 'edit', e, 'statement'], 'An HTTP source has no statements.', write('only the field'));
	}
}

function checkStatement(statement: string, { needed, known }: Names, path: Path, report: Report) {
	const names = namesIn(statement);
	for (const name of needed)
		if (!names.includes(name))
			report(path, `The statement is not bound to :${name}.`, `Put :${name} where it belongs.`);
	for (const name of new Set(names))
		if (!known.includes(name)) report(path, `Nothing is called :${name} here.`, suggestion(name, known));
	if (isSeveral(statement)) report(path, 'These are several statements.', 'Write one, or a list of them.');
}
