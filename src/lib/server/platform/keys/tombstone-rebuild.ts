// Promise: a file of tombstones that was lost is written anew, and never from a database that knows less than the file.
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { append, ChainBroken, start, syncFolder, type Entry, type Position } from './tombstone-file.ts';
import { entriesOf, headOf, type Tx } from './tombstone-rows.ts';

const entriesAtOnce = 1_000;

/** The highest number that any line of a file gives, whatever else may be wrong with it. */
export async function highestIn(file: string): Promise<number> {
	const opened = await open(file).catch(() => undefined);
	if (!opened) return 0;
	let highest = 0;
	for await (const line of opened.readLines())
		highest = Math.max(highest, Number(/^\{"number":(\d{1,15}),/.exec(line)?.[1] ?? 0));
	return highest;
}

/** Under the lock. The old file is kept as `putAsideAs`. */
export async function rebuild(
	tx: Tx,
	file: string,
	putAsideAs: string
): Promise<{ at: Position } | { refused: 'chain-broken' | 'file-knows-more' }> {
	const { number } = await headOf(tx);
	if ((await highestIn(file)) > number) return { refused: 'file-knows-more' };
	const fresh = `${file}.new`;
	await rm(fresh, { force: true });
	let at = start;
	try {
		let waiting: Entry[] = [];
		for await (const entry of entriesOf(tx)) {
			waiting.push(entry);
			if (waiting.length < entriesAtOnce) continue;
			at = await append(fresh, at, waiting);
			waiting = [];
		}
		at = await append(fresh, at, waiting);
	} catch (error) {
		await rm(fresh, { force: true });
		if (error instanceof ChainBroken) return { refused: 'chain-broken' };
		throw error;
	}
	if (await stat(file).catch(() => undefined)) await rename(file, putAsideAs);
	await rename(fresh, file);
	await syncFolder(dirname(file));
	return { at };
}
