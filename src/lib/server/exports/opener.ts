// A thread that opens sealed pages and writes them as text, so that reading, opening and deflating go on at once.
import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { PlaceOfRow, SealedPages } from '../personal-data-contract.ts';
import { threadScript } from '../platform/threads.ts';
import { openedText, packed, type PageText, type PageToOpen, type ReadPage } from './page-text.ts';
import { isOutside, type Span } from './span.ts';

export type OpenerAnswer = PageText | { failed: string };

/** Pages before the opener: enough that it goes on while a page is opened here, few enough that memory stays bounded. */
const pagesAhead = 4;

interface UnderWay {
	text: Promise<ReadPage>;
	isThere: boolean;
}

interface Waiting {
	resolve(text: PageText): void;
	reject(error: Error): void;
}

/** Answers in the order in which it was asked. */
interface Opener {
	open(page: PageToOpen): Promise<PageText>;
}

let running: Opener | undefined;

/** Kept as long as the thread that builds: a new one would have to compile everything again. */
function startOpener(): Opener {
	const worker = new Worker(threadScript('lib/server/exports/open-pages.ts'), {
		resourceLimits: { maxYoungGenerationSizeMb: 8 }
	});
	worker.unref();
	const waiting: Waiting[] = [];
	worker.on('message', (answer: OpenerAnswer) => {
		const first = waiting.shift();
		if (waiting.length === 0) worker.unref();
		if ('failed' in answer) first?.reject(new Error(answer.failed));
		else first?.resolve(answer);
	});
	worker.on('error', () => undefined);
	const opener: Opener = {
		open: (page) =>
			new Promise((resolve, reject) => {
				worker.ref();
				waiting.push({ resolve, reject });
				worker.postMessage(page, [page.sealed.buffer]);
			})
	};
	worker.on('exit', () => {
		if (running === opener) running = undefined;
		for (const { reject } of waiting) reject(new Error('the opening thread ended'));
	});
	return opener;
}

const nothing: PageText = { records: 0, json: new Uint8Array(), csv: undefined };

/** How a part is to be read: the columns of its table, which rows, and behind which place. */
export interface Reading {
	columns: readonly string[] | undefined;
	span: Span;
	after?: PlaceOfRow | undefined;
}

/** The texts of sealed pages, in their order. Throws when one does not open. */
export async function* openedInThread(
	{ place, pages }: SealedPages,
	key: KeyObject,
	{ columns, span, after }: Reading
): AsyncGenerator<ReadPage> {
	const underWay: UnderWay[] = [];
	for await (const rows of pages(after)) {
		running ??= startOpener();
		const wanted = rows.filter(({ at }) => !isOutside(span, at));
		const { at = '', id = '' } = rows.at(-1) ?? {};
		const around = { outside: rows.length - wanted.length, after: { at, id } };
		const page = packed(wanted, { key, place, columns });
		// Whoever would have to wait for the opener opens a page meanwhile.
		const isBehind = underWay.length >= pagesAhead && !underWay[0]?.isThere;
		const opened = wanted.length === 0 ? nothing : isBehind ? openedText(page) : running.open(page);
		underWay.push(itsTurn(opened, around));
		if (underWay.length > pagesAhead) yield await (underWay.shift() as UnderWay).text;
	}
	for (const { text } of underWay) yield await text;
}

function itsTurn(opened: PageText | Promise<PageText>, around: Omit<ReadPage, keyof PageText>): UnderWay {
	const text = Promise.resolve(opened).then((text) => ({ ...text, ...around }));
	const underWay: UnderWay = { text, isThere: false };
	// It is awaited in its turn; until then its failure is nobody's surprise.
	text.catch(() => undefined).finally(() => (underWay.isThere = true));
	return underWay;
}
