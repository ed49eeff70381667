// Promise: what stood beside a switch when somebody used it can be read for as long as the choice can (GDPR Art. 7(1)).
import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import type { Change } from './ledger.ts';
import { insertWords } from './queries.ts';

/** The organisation's own words, as the person saw them. */
export interface Shown {
	language: string;
	text: string;
}

/** What stood beside the switch of a change. */
export type ShownBeside = (change: Change) => Shown;

/** Keeps the words, the same ones once; answers their id. */
export async function keepWords(ctx: Context, { language, text }: Shown): Promise<string> {
	const id = createHash('sha256').update(`${language}\0${text}`).digest('hex');
	await insertWords(ctx, { id, language, text });
	return id;
}
