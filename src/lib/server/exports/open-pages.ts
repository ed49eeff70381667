// Thread: opens sealed pages of an export. It knows neither the databases nor the portal, and so is small.
import { parentPort } from 'node:worker_threads';
import type { OpenerAnswer } from './opener.ts';
import { openedText, type PageToOpen } from './page-text.ts';

function answer(page: PageToOpen): OpenerAnswer {
	try {
		return openedText(page);
	} catch (error) {
		return { failed: error instanceof Error ? error.name : 'unknown' };
	}
}

parentPort?.on('message', (page: PageToOpen) => {
	const text = answer(page);
	const pieces = 'failed' in text ? [] : [text.json.buffer, ...(text.csv ? [text.csv.buffer] : [])];
	parentPort?.postMessage(text, pieces as ArrayBuffer[]);
});
