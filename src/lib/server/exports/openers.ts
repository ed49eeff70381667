// Threads that open sealed pages and write them as text, so that reading, opening and deflating go on at once.
import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { SealedPages } from '../personal-data-contract.ts';
import { threadScript } from '../platform/threads.ts';
import { packed, type PageText, type PageToOpen } from './page-text.ts';

export type OpenerAnswer = PageText | { failed: string };

interface Opener {
	open(page: PageToOpen): Promise<PageText>;
	stop(): Promise<unknown>;
}

const openers = 1;
/** Pages that each opener has before it, so that it never waits and memory stays bounded. */
const pagesAhead = 3;

const gone = () => new Error('an opening thread ended');

function startOpener(): Opener {
	const worker = new Worker(threadScript('lib/server/exports/open-pages.ts'), {
		resourceLimits: { maxYoungGenerationSizeMb: 8 }
	});
	let ended = false;
	const waiting: { resolve(text: PageText): void; reject(error: Error): void }[] = [];
	worker.on('message', (answer: OpenerAnswer) => {
		const first = waiting.shift();
		if ('failed' in answer) first?.reject(new Error(answer.failed));
		else first?.resolve(answer);
	});
	worker.on('error', () => undefined);
	worker.on('exit', () => {
		ended = true;
		for (const { reject } of waiting) reject(gone());
	});
	return {
		open: (page) =>
			new Promise((resolve, reject) => {
				if (ended) return reject(gone());
				waiting.push({ resolve, reject });
				worker.postMessage(page, [page.sealed.buffer]);
			}),
		stop: () => worker.terminate()
	};
}

/** The texts of sealed pages, in their order. Throws when one does not open. */
export async function* openedInThreads(
	{ place, pages }: SealedPages,
	key: KeyObject,
	columns: readonly string[] | undefined
): AsyncGenerator<PageText> {
	const threads = Array.from({ length: openers }, startOpener);
	const underWay: Promise<PageText>[] = [];
	let page = 0;
	try {
		for await (const rows of pages()) {
			const text = (threads[page++ % openers] as Opener).open(packed(rows, { key, place, columns }));
			// It is awaited in its turn; until then its failure is nobody's surprise.
			text.catch(() => undefined);
			underWay.push(text);
			if (underWay.length > openers * pagesAhead) yield await (underWay.shift() as Promise<PageText>);
		}
		for (const text of underWay) yield await text;
	} finally {
		await Promise.all(threads.map((thread) => thread.stop()));
	}
}
