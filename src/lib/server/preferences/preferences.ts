// Promise: one ledger for every way to opt out or in; what it says last counts, and opting out is never the harder way.
// The face of preferences: what pages, commands and other domains may ask for.
import type { Context } from '../context.ts';
import { selectChanges } from './queries.ts';
import type { Change } from './ledger.ts';

export { mayContact, mayStillGo } from './answers/answers.ts';
export { ask, mostQuestions, type Question, type Reply } from './answers/asking.ts';
export { sentences } from './answers/sentences.ts';
export { mayAllStillGo } from './answers/leaving.ts';
export {
	block,
	blocksOf,
	liftStrangerStop,
	stopStranger,
	unblock,
	type Block,
	type BlockReason,
	obstaclesOf
} from './blocks/blocks.ts';
export { following, type ChangedAnswers } from './changes/changes.ts';
export { set, stopAllMarketing } from './changing.ts';
export { startChannel, stopChannel } from './channels.ts';
export { situationOf, type Answer, type Because, type Contactable } from './contact.ts';
export { grid, type Cell, type GridRow } from './grid.ts';
export type { Change } from './ledger.ts';
export type { Origin } from './origins.ts';
export { reconfirmationWork } from './reconfirmation/asking.ts';
export { askedOf, confirm, type Asked } from './reconfirmation/confirming.ts';
export { decisionWork } from './reconfirmation/telling-decisions.ts';
export { report } from './reporting.ts';
export { stop } from './stopping.ts';
export { undo, undoable, undoableOf } from './undoing.ts';
export { makeUnsubscribeUrl, readUnsubscribeToken, type WayOut } from './unsubscribe.ts';

export interface HistoryEntry extends Change {
	id: string;
	origin: string;
	changeSet: string;
	at: string;
	/** What stood beside the switch, and in which language; null where nothing was shown. */
	words: string | null;
	language: string | null;
}

/** Every change, newest first, a page at a time; `before` is the id of the last one seen. */
export async function history(
	ctx: Context,
	personId: string,
	before: string | undefined,
	limit: number
): Promise<HistoryEntry[]> {
	const rows = await selectChanges(ctx, personId, before, limit);
	return rows.map((row) => ({ ...row, allowed: row.allowed === 1 }));
}
