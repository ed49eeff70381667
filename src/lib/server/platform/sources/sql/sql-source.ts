// Promise: of a database outside one person's rows are read and changed, by described statements and no others.
import { CallFailed, type Call, type Driven, type DrivenCategory, type Driver } from '../driver.ts';
import type { Ability, SourcePlace, SourceRow } from '../source.ts';
import { plain, type DatabaseRow, type Engine, type Statement } from './engine.ts';
import { bound, withoutEnd } from './statement.ts';

const folded = (name: string) => name.replaceAll('_', '').toLowerCase();

/** How columns are called here: databases fold names, so `due_on` and `DUEON` are both `dueOn`. */
const namesOf = ({ fields }: DrivenCategory): ReadonlyMap<string, string> =>
	new Map(['person', 'id', 'at', ...fields].map((name) => [folded(name), name]));

const asText = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function rowOf(names: ReadonlyMap<string, string>, given: DatabaseRow): SourceRow {
	const row: SourceRow = { person: '', id: '', at: '' };
	for (const [column, value] of Object.entries(given)) {
		const name = names.get(folded(column)) ?? column;
		const said = plain(value);
		row[name] = name === 'person' || name === 'id' || name === 'at' ? asText(said) : said;
	}
	return row;
}

/** NaN where it is no count: a NULL is nothing that anybody counted, and no 0 by which an erasure would be believed. */
function countIn(row: DatabaseRow | undefined): number {
	const [said] = Object.values(row ?? {});
	const text = typeof said === 'number' || typeof said === 'string' ? String(said) : '';
	return /^\d+(\.0+)?$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : Number.NaN;
}

/** A list is bound as the text of a JSON array. */
const writable = (value: unknown): unknown => (Array.isArray(value) ? JSON.stringify(value) : value);

export function sqlSource(driven: Driven, engine: Engine): Driver {
	const categories = new Map(driven.categories.map((described) => [described.category, described]));
	const names = new Map(driven.categories.map((described) => [described.category, namesOf(described)]));

	const prepared = (statement: string, given: Readonly<Record<string, unknown>>): Statement => {
		const { text, values } = bound(statement, given, engine.mark);
		return { text, values: values.map((value) => engine.bindable(writable(value))) };
	};

	function described(category: string): DrivenCategory & { read: string } {
		const found = categories.get(category);
		if (!found?.read) throw new CallFailed('cannot');
		return { ...found, read: found.read };
	}

	async function* rows(
		call: Call,
		category: string,
		statement: Statement
	): AsyncGenerator<readonly SourceRow[]> {
		const known = names.get(category) ?? new Map<string, string>();
		for await (const page of engine.read(call, statement)) yield page.map((row) => rowOf(known, row));
	}

	async function all(call: Call, category: string, statement: Statement): Promise<SourceRow[]> {
		const found: SourceRow[] = [];
		for await (const page of rows(call, category, statement)) found.push(...page);
		return found;
	}

	/** A further condition, upon the rows that `read` answers. */
	const among = (category: string, person: string, then: string, given: Record<string, unknown> = {}) =>
		prepared(`select * from (${withoutEnd(described(category).read)}\n) as those ${then}`, {
			...given,
			person
		});

	const older = ({ at, id }: SourcePlace) => ({
		where: 'where at < :at or (at = :at and id < :id)',
		given: { at, id }
	});
	const newer = ({ at, id }: SourcePlace) => ({
		where: 'where at > :at or (at = :at and id > :id)',
		given: { at, id }
	});

	async function run(call: Call, statements: readonly string[], given: Record<string, unknown>) {
		if (statements.length === 0) throw new CallFailed('cannot');
		return engine.change(
			call,
			statements.map((statement) => prepared(statement, given))
		);
	}

	const edits: Driver['edits'] = (category, field) =>
		categories.get(category)?.edit.some((one) => one.field === field && one.statement) ?? false;

	return {
		can: abilitiesOf(driven),
		edits,
		close: engine.close,
		count: async (call, category, person) => {
			const { read, count } = described(category);
			const statement = count ?? `select count(*) as records from (${withoutEnd(read)}\n) as those`;
			let records = Number.NaN;
			// To its end: a connection that is left in the middle of an answer is thrown away.
			for await (const [row] of engine.read(call, prepared(statement, { person }))) records = countIn(row);
			if (Number.isNaN(records)) throw new CallFailed('not-understood');
			return records;
		},
		read: (call, category, person) =>
			rows(call, category, among(category, person, 'order by at desc, id desc')),
		page: async (call, category, person, { before, after, limit }) => {
			const { where, given } = after ? newer(after) : before ? older(before) : { where: '', given: {} };
			const direction = after ? 'asc' : 'desc';
			const then = `${where} order by at ${direction}, id ${direction} limit ${Math.trunc(limit)}`;
			const found = await all(call, category, among(category, person, then, given));
			return after ? found.reverse() : found;
		},
		find: async (call, category, person, record) =>
			(await all(call, category, among(category, person, 'where id = :record limit 1', { record })))[0],
		edit: async (call, category, person, { record, field, value }) => {
			const statement = categories.get(category)?.edit.find((one) => one.field === field)?.statement;
			const [met = 0] = await run(call, statement ? [statement] : [], { person, record, value });
			return met > 0 ? 'done' : 'not-found';
		},
		restrict: async (call, person, on) => void (await run(call, driven.restrict, { person, on })),
		erase: async (call, person) => void (await run(call, driven.erase, { person })),
		plant: async (call, person) => void (await run(call, driven.plant, { person })),
		file: async () => {
			throw new CallFailed('cannot');
		}
	};
}

function abilitiesOf({ categories, restrict, erase, plant }: Driven): ReadonlySet<Ability> {
	const can = new Set<Ability>(['read']);
	if (categories.some(({ edit }) => edit.length > 0)) can.add('edit');
	if (restrict.length) can.add('restrict');
	if (erase.length) can.add('erase');
	if (plant.length) can.add('plant');
	return can;
}
