// A thread that opens sealed pages and writes them as text, so that reading, opening and deflating go on at once.
import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { SealedPages } from '../personal-data-contract.ts';
import { threadScript } from '../platform/threads.ts';
import { packed, type PageText, type PageToOpen } from './page-text.ts';

export type OpenerAnswer = PageText | { failed: string };

/** Pages before the opener, so that it never waits and memory stays bounded. */
const pagesAhead = 2;

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

/** The texts of sealed pages, in their order. Throws when one does not open. */
export async function* openedInThread(
	{ place, pages }: SealedPages,
	key: KeyObject,
	columns: readonly string[] | undefined
): AsyncGenerator<PageText> {
	const underWay: Promise<PageText>[] = [];
	for await (const rows of pages()) {
		running ??= startOpener();
		const text = running.open(packed(rows, { key, place, columns }));
		// It is awaited in its turn; until then its failure is nobody's surprise.
		text.catch(() => undefined);
		underWay.push(text);
		if (underWay.length > pagesAhead) yield await (underWay.shift() as Promise<PageText>);
	}
	for (const text of underWay) yield await text;
}
