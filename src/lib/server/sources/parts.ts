// Promise: a part read outside says what was expected, what came, and what was left out and why; a broken source ends it, not the export.
import type { Context } from '../context.ts';
import type { Category, Field } from '../organisation/organisation.ts';
import {
	ReadingEnded,
	type HeldFile,
	type Part,
	type Row,
	type Shortfall
} from '../personal-data-contract.ts';
import {
	SourceFailure,
	type Source,
	type SourceFailureCode,
	type Within
} from '../platform/sources/source.ts';
import { alarm } from './alarms.ts';
import { filesOf, type NamedFile } from './files.ts';
import { rowCheck } from './rows.ts';

/** Whose rows: what the source calls them, and where they are. */
export interface Asked {
	externalId: string;
	country: string;
}

const reasons: Partial<Record<SourceFailureCode, Shortfall>> = {
	off: 'source-off',
	'over-budget': 'over-budget'
};

/** What a failed call means to whoever reads. */
export const shortfallOf = ({ code }: SourceFailure): Shortfall => reasons[code] ?? 'source-failed';

export interface Reading {
	pages(signal?: AbortSignal): AsyncIterable<readonly Row[]>;
	leftOut(): ReadonlyMap<Shortfall, number>;
	/** Files that the rows named; they are read for it where nobody has. */
	named(signal?: AbortSignal): Promise<readonly NamedFile[]>;
}

/** Reads a category of one person; every further `pages()` begins anew. */
export function readingOf(
	ctx: Context,
	source: Source,
	category: Category,
	asked: Asked,
	within: Within = {}
): Reading {
	let left = new Map<Shortfall, number>();
	let named: NamedFile[] | undefined;
	const images = category.fields.filter(({ type }) => type === 'image');
	const leave = (why: Shortfall) => left.set(why, (left.get(why) ?? 0) + 1);

	async function* pages(signal?: AbortSignal): AsyncGenerator<readonly Row[]> {
		left = new Map();
		const files: NamedFile[] = [];
		const check = rowCheck(category, asked);
		const unreadable = () => void leave('unreadable');
		try {
			const patience = { ...within, ...(signal && { signal }), unreadable };
			for await (const page of source.read(category.id, asked.externalId, patience)) {
				const rows: Row[] = [];
				for (const given of page) {
					const { record, left: why } = check(given);
					if (why) leave(why);
					if (!record) continue;
					const { id, at, fields } = record;
					rows.push({ id, at, ...fields, origin: category.origins[0] });
					files.push(...filesOf(category.id, record, images));
				}
				if (rows.length) yield rows;
			}
		} catch (error) {
			if (error instanceof SourceFailure)
				throw new ReadingEnded(shortfallOf(error), { again: error.code !== 'timed-out' });
			throw error;
		} finally {
			named = files;
			const foreign = left.get('foreign');
			if (foreign) await alarm(ctx, { source: source.id, category: category.id, rows: foreign });
		}
	}

	async function namedFiles(signal?: AbortSignal): Promise<readonly NamedFile[]> {
		if (images.length === 0) return [];
		if (!named) for await (const page of pages(signal)) if (page.length === 0) break;
		return named ?? [];
	}

	return { pages, leftOut: () => left, named: namedFiles };
}

const columnsOf = (fields: readonly Field[]) => [
	{ id: 'id', type: 'text', label: 'data:column.id' },
	{ id: 'at', type: 'instant', label: 'data:column.at' },
	...fields.map(({ id, type, label }) => ({ id, type, label })),
	{ id: 'origin', type: 'text', label: 'data:column.origin' }
];

/** One file of an export that is read outside. `expected` undefined: it could not say. */
export function partOf(
	ctx: Context,
	source: Source,
	category: Category,
	asked: Asked,
	expected: number | undefined
): Part {
	const { pages, leftOut, named } = readingOf(ctx, source, category, asked);
	async function* files(signal?: AbortSignal): AsyncGenerator<HeldFile> {
		for (const file of await named(signal))
			yield { ...file, open: (signal) => opened(source, asked.externalId, file.written, signal) };
	}
	return {
		path: `data/${category.id}`,
		category: category.id,
		source: source.id,
		expected,
		shape: 'table',
		fields: columnsOf(category.fields),
		pages,
		leftOut,
		files
	};
}

async function* opened(
	source: Source,
	externalId: string,
	path: string,
	signal: AbortSignal | undefined
): AsyncGenerator<Uint8Array> {
	try {
		yield* (await source.file(externalId, path, signal && { signal })).bytes;
	} catch (error) {
		if (!(error instanceof SourceFailure)) throw error;
		if (error.because === '404' || error.because === '410') throw new ReadingEnded('gone');
		throw new ReadingEnded(
			error.code === 'refused' || error.code === 'cannot' ? 'refused' : shortfallOf(error)
		);
	}
}
