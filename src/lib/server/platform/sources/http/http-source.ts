// Promise: of a system that speaks the small contract (docs/sources.md) one person's rows are read and changed, over signed calls.
import { CallFailed, type Call, type Driven, type Driver } from '../driver.ts';
import type { Ability, SourcePlace, SourceRow } from '../source.ts';
import { callerOf, type Sign } from './calling.ts';
import { linesOf } from './lines.ts';

const written = ({ at, id }: SourcePlace) => `${at}/${id}`;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function parsed(line: Uint8Array, call: Call): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
		if (value !== null && typeof value === 'object' && !Array.isArray(value))
			return value as Record<string, unknown>;
	} catch {
		// Told like every line that holds no row.
	}
	call.unreadable();
	return undefined;
}

const rowOf = (given: Record<string, unknown>): SourceRow => ({
	...given,
	person: text(given.person),
	id: text(given.id),
	at: text(given.at)
});

/** Ids may be dots, which an address would take for a way up. */
function pathOf(...steps: readonly string[]): string {
	if (steps.some((step) => /^\.{0,2}$/.test(step))) throw new CallFailed('refused', 'path');
	return steps.map(encodeURIComponent).join('/');
}

/** Pages of an answer, which must say its end: `{"end":true,"count":n}`, with as many rows as came before. */
async function* pagesOf(bytes: AsyncIterable<Uint8Array>, call: Call): AsyncGenerator<readonly SourceRow[]> {
	let seen = 0;
	let ended = false;
	for await (const { lines, complete } of linesOf(bytes, call)) {
		if (!complete) throw new CallFailed('cut-off');
		const page: SourceRow[] = [];
		for (const line of lines) {
			if (line.length === 0) continue;
			if (ended) throw new CallFailed('not-understood', 'after-end');
			const value = parsed(line, call);
			if (value?.end === true) {
				if (value.count !== seen) throw new CallFailed('cut-off', 'count');
				ended = true;
				continue;
			}
			seen += 1;
			if (value) page.push(rowOf(value));
		}
		if (page.length) yield page;
	}
	if (!ended) throw new CallFailed('cut-off');
}

export function httpSource(driven: Driven, base: string, sign: Sign): Driver {
	const caller = callerOf(base, { sign, pool: driven.pool });
	const of = (person: string, ...further: string[]) => pathOf('people', person, ...further);

	async function* rows(call: Call, path: string): AsyncGenerator<readonly SourceRow[]> {
		yield* pagesOf(caller.bytesOf(await caller.ask(call, { method: 'GET', path })), call);
	}

	async function all(call: Call, path: string, most: number): Promise<SourceRow[]> {
		const found: SourceRow[] = [];
		for await (const page of rows(call, path)) {
			found.push(...page);
			if (found.length > most) throw new CallFailed('not-understood', 'too-many');
		}
		return found;
	}

	const tell = async (
		call: Call,
		ability: 'restrict' | 'erase' | 'plant',
		calling: { method: 'PUT' | 'DELETE'; path: string; body?: unknown }
	) => {
		if (!driven.can.includes(ability)) throw new CallFailed('cannot');
		await caller.tell(call, calling);
	};

	return {
		can: abilitiesOf(driven),
		edits: (category, field) =>
			driven.categories.some((one) => one.category === category && one.edit.some((it) => it.field === field)),
		close: caller.close,
		count: async (call, category, person) => {
			const answer = await caller.json(call, { method: 'GET', path: `${of(person, category)}/count` });
			const { count } = (answer ?? {}) as { count?: unknown };
			if (Number.isSafeInteger(count) && Number(count) >= 0) return Number(count);
			throw new CallFailed('not-understood');
		},
		read: (call, category, person) => rows(call, of(person, category)),
		page: async (call, category, person, { before, after, limit }) => {
			const asked = new URLSearchParams({ limit: String(limit) });
			if (before) asked.set('before', written(before));
			if (after) asked.set('after', written(after));
			return (await all(call, `${of(person, category)}?${asked}`, limit)).slice(0, limit);
		},
		find: async (call, category, person, record) => {
			const asked = new URLSearchParams({ id: record });
			return (await all(call, `${of(person, category)}?${asked}`, 1))[0];
		},
		edit: async (call, category, person, { record, field, value }) => {
			const path = of(person, category, ...(record === undefined ? [] : [record]));
			const status = await caller.tell(call, { method: 'PATCH', path, body: { field, value } }, [404]);
			return status === 404 ? 'not-found' : 'done';
		},
		restrict: (call, person, on) =>
			tell(call, 'restrict', { method: 'PUT', path: `${of(person)}/restriction`, body: { on } }),
		erase: (call, person) => tell(call, 'erase', { method: 'DELETE', path: of(person) }),
		plant: (call, person) => tell(call, 'plant', { method: 'PUT', path: of(person), body: {} }),
		file: async (call, person, path) => {
			const answer = await caller.ask(call, {
				method: 'GET',
				path: pathOf('files', person, ...path.split('/'))
			});
			const mediaType = text(answer.headers['content-type']).split(';')[0]?.trim().toLowerCase();
			return {
				mediaType: mediaType || 'application/octet-stream',
				bytes: limited(caller.bytesOf(answer), call)
			};
		}
	};
}

async function* limited(bytes: AsyncIterable<Uint8Array>, call: Call): AsyncGenerator<Uint8Array> {
	let total = 0;
	for await (const piece of bytes) {
		total += piece.length;
		if (total > call.bytes) throw new CallFailed('over-budget', 'bytes');
		yield piece;
	}
}

function abilitiesOf({ categories, can }: Driven): ReadonlySet<Ability> {
	const edits: Ability[] = categories.some(({ edit }) => edit.length > 0) ? ['edit'] : [];
	return new Set<Ability>(['read', ...edits, ...can]);
}
