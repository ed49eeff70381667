// A part is read page by page, from where an earlier build had come, and again when its source stumbles.
import type { KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
	ReadingEnded,
	type HeldFile,
	type Part,
	type PlaceOfRow,
	type Shortfall
} from '../../personal-data-contract.ts';
import { openedInThread, type Reading } from '../opener.ts';
import { textOf, type ReadPage } from '../page-text.ts';
import { isOutside, type Span } from '../span.ts';
import { ContractBroken, type Filling } from './filling.ts';
import type { RowsRead } from './slices.ts';

/** From so many records on, a thread that opens them is worth its start. */
const worthThread = 5_000;
/** A source that stumbles is asked again after so many milliseconds; one that hung is not. */
const pauses = [250, 1_000];

export interface PartReading {
	part: Part;
	key: KeyObject;
	span: Span;
	signal: AbortSignal;
	/** Behind which row an earlier build stopped. */
	after: PlaceOfRow | undefined;
	/** Told of every page; a negative number: so many were for nothing. */
	read(rows: number): void;
}

async function* ownPages(
	part: Part,
	{ columns, span, signal }: Reading & Pick<PartReading, 'signal'>
): AsyncGenerator<ReadPage> {
	for await (const rows of part.pages(signal)) {
		const wanted = rows.filter(({ at }) => !isOutside(span, at));
		const { at, id } = rows.at(-1) ?? {};
		const after = part.sealed && typeof at === 'string' && typeof id === 'string' ? { at, id } : undefined;
		yield { ...textOf(wanted, columns), outside: rows.length - wanted.length, after };
	}
}

function pagesOf({ part, key, span, after, signal }: PartReading): AsyncIterable<ReadPage> {
	const columns = part.shape === 'table' ? part.fields.map(({ id }) => id) : undefined;
	const inThread = part.sealed && (after || (part.expected ?? 0) >= worthThread);
	return part.sealed && inThread
		? openedInThread(part.sealed, key, { columns, span, after })
		: ownPages(part, { columns, span, signal });
}

/**
 * Ends with the signal, even while a source says nothing. One listener for all pages: a promise that every page raced against
 * would keep them all.
 */
async function* until<Item>(signal: AbortSignal, items: AsyncIterable<Item>): AsyncGenerator<Item> {
	signal.throwIfAborted();
	const iterator = items[Symbol.asyncIterator]();
	let give: (reason: Error) => void = () => undefined;
	const end = () => give(signal.reason as Error);
	signal.addEventListener('abort', end);
	try {
		for (;;) {
			const next = await new Promise<IteratorResult<Item>>((resolve, reject) => {
				give = reject;
				iterator.next().then(resolve, reject);
			});
			signal.throwIfAborted();
			if (next.done) return;
			yield next.value;
		}
	} finally {
		signal.removeEventListener('abort', end);
		void iterator.return?.().catch(() => undefined);
	}
}

/** The portal's own trouble ends the build; that of a source leaves a part incomplete. */
export function reasonOf({ source }: Part, error: unknown): Shortfall | undefined {
	if (error instanceof ReadingEnded) return error.reason;
	return source === 'portal' || error instanceof ContractBroken ? undefined : 'source-failed';
}

const leftOutOf = (part: Part): RowsRead['leftOut'] => [...(part.leftOut?.() ?? [])];

/** Reads all rows of a part into the slices; answers why they are not all. */
export async function readRows(filling: Filling, reading: PartReading): Promise<RowsRead> {
	const { part, signal } = reading;
	for (let attempt = 0; ; attempt++) {
		let rows = 0;
		try {
			const from = attempt ? { ...reading, after: undefined } : reading;
			for await (const page of until(signal, pagesOf(from))) {
				await filling.page(page);
				rows += page.records + page.outside;
				reading.read(page.records + page.outside);
			}
			return { leftOut: leftOutOf(part) };
		} catch (error) {
			signal.throwIfAborted();
			const reason = reasonOf(part, error);
			if (!reason) throw error;
			const rest = pauses[attempt];
			const isOver = reason !== 'source-failed' || (error instanceof ReadingEnded && !error.again);
			if (isOver || rest === undefined) return { leftOut: leftOutOf(part), reason };
			await pause(rest, undefined, { signal });
			await filling.restart(part);
			reading.read(-rows);
		}
	}
}

async function* filesOf(part: Part, signal: AbortSignal): AsyncGenerator<HeldFile> {
	if (part.files) yield* part.files(signal);
}

/** Reads the files of a part; one that can't be had is counted, and the others are read. */
export async function readFiles(
	filling: Filling,
	{ part, signal }: PartReading,
	there: ReadonlySet<string>
): Promise<void> {
	try {
		for await (const held of until(signal, filesOf(part, signal))) {
			if (there.has(held.path) || there.has(`files/${held.path}`)) continue;
			try {
				await filling.file(held, signal);
			} catch (error) {
				signal.throwIfAborted();
				const reason = reasonOf(part, error);
				if (!reason) throw error;
				filling.lost(reason);
			}
		}
	} catch (error) {
		signal.throwIfAborted();
		const reason = reasonOf(part, error);
		if (!reason) throw error;
		filling.lost(reason);
	}
}
