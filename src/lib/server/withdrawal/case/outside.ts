// Promise: what lies in a system outside is erased there for as long as that takes, and is believed only when nothing is counted and nothing to be seen.
import type { Context } from '../../context.ts';
import type { Count } from '../../personal-data-contract.ts';
import { instant } from '../../platform/clock.ts';
import { SourceFailure, type Within } from '../../platform/sources/source.ts';
import type { CaseSourceTable, ErasureCaseTable } from '../../schema.ts';
import { countsOf, HeldUp, inLine, isThereAnew, leftIn, lookFirst, outsideOf } from './asking.ts';
import type { Farewell } from './case.ts';
import { keep } from './keeping.ts';
import { selectSources, updateSource } from './queries.ts';

/** What each source holds of somebody; missing where it could not be asked. */
export type HeldOutside = ReadonlyMap<string, Count[]>;

const totalOf = (counts: readonly Count[]): number => counts.reduce((sum, { records }) => sum + records, 0);

/** Counts in every described source, all at once. Before a transaction: others may be slow. */
export async function heldOutside(ctx: Context, externalId: string): Promise<HeldOutside> {
	const held = new Map<string, Count[]>();
	await Promise.all(
		ctx.organisation.sources.map(async ({ id }) => {
			const outside = outsideOf(ctx, id);
			const counts = outside && (await countsOf(outside, externalId, inLine).catch(unlessBroken));
			if (counts) held.set(id, counts);
		})
	);
	return held;
}

function unlessBroken(error: unknown): undefined {
	if (!(error instanceof SourceFailure)) throw error;
}

/** A row for every described source: each is waited for, also one that is not known to hold anything. */
export const waitingFor = (
	ctx: Context,
	caseId: string,
	{ since, held }: { since: string; held: HeldOutside }
): CaseSourceTable[] =>
	ctx.organisation.sources.map(({ id: source }) => {
		const counted = held.get(source);
		return {
			caseId,
			source,
			state: 'waiting',
			at: since,
			held: counted ? JSON.stringify(counted) : null,
			kept: null,
			because: null,
			attempts: 0
		};
	});

/** One source: counted, kept, erased, counted and looked at again. Each step is written down, so that the next try goes on there. */
async function tryOne(
	ctx: Context,
	row: CaseSourceTable,
	{ found, farewell, within }: Trying
): Promise<Partial<CaseSourceTable>> {
	const outside = outsideOf(ctx, row.source);
	if (!outside) return { because: 'not-described' };
	const { externalId } = farewell;
	const mustBeGone = async () => {
		if (await isThereAnew(ctx, farewell)) throw new HeldUp('signed-up-anew');
	};
	await mustBeGone();
	const held = await countsOf(outside, externalId, within);
	if (totalOf(held) > totalOf(heldIn(row))) await updateSource(ctx, row, { held: JSON.stringify(held) });
	if (row.held === null && held.length === 0) await updateSource(ctx, row, { held: '[]' });
	const seen = await lookFirst(ctx, outside, externalId, { known: row.because === 'foreign', within });
	const kept = await keep(ctx, outside, { found, farewell, row, held, seen, within });
	if (kept !== undefined) await updateSource(ctx, row, { kept });
	const canErase = outside.source.can.has('erase');
	await mustBeGone();
	// Also where nothing was counted: a source may hold more of somebody than what it shows.
	if (canErase) await outside.source.erase(externalId, within);
	const left = canErase ? await leftIn(outside, externalId, within) : [...held, ...seen];
	if (left.length === 0) return { state: 'erased', at: instant(ctx.clock.now()), because: null };
	return { because: canErase ? 'still-holds' : 'by-hand' };
}

/** What a source held when it was counted; nothing where it never could be. */
export const heldIn = ({ held }: Pick<CaseSourceTable, 'held'>): Count[] =>
	held === null ? [] : (JSON.parse(held) as Count[]);

interface Trying {
	found: ErasureCaseTable;
	farewell: Farewell;
	/** Less than the source's own budget, where others wait in line. */
	within?: Within;
}

/** Whether it ended; why not is written down, and said where that is new. */
async function settleOne(ctx: Context, row: CaseSourceTable, trying: Trying): Promise<void> {
	const attempts = row.attempts + 1;
	const change = await tryOne(ctx, row, trying).catch((error: unknown) => {
		if (error instanceof HeldUp) return { because: error.because };
		if (!(error instanceof SourceFailure)) throw error;
		return { because: error.code };
	});
	await updateSource(ctx, row, { ...change, attempts });
	const said = { case: row.caseId, source: row.source, attempts, because: change.because };
	if ('state' in change) ctx.log.info(said, 'a source erased a person');
	else if (change.because !== row.because && handled.has(change.because ?? ''))
		ctx.log.error(said, 'a person is not erased in a source before somebody has looked');
	else if (attempts === 1) ctx.log.warn(said, 'a source has not erased a person yet; it is tried again');
}

/** Nothing of these comes right by waiting. */
const handled = new Set(['foreign', 'not-kept', 'too-large', 'signed-up-anew', 'key-lost']);

/**
 * Tries every source that a case still waits for, once each and all at once: one that is down holds up no other. May run twice,
 * and go on where another process died.
 */
export async function settle(ctx: Context, trying: Trying): Promise<void> {
	const waiting = (await selectSources(ctx, trying.found.id)).filter(({ state }) => state === 'waiting');
	const settled = await Promise.allSettled(waiting.map((row) => settleOne(ctx, row, trying)));
	for (const one of settled) if (one.status === 'rejected') throw one.reason;
}

/** Nobody knows any more under which name they were told of: whoever erased them there by hand says so (`declare`). */
export async function keyLost(ctx: Context, waiting: readonly CaseSourceTable[]): Promise<void> {
	const because = 'key-lost';
	for (const row of waiting) {
		if (row.because === because) continue;
		await updateSource(ctx, row, { because });
		ctx.log.error({ case: row.caseId, source: row.source, because }, 'a case has lost its key');
	}
}

/**
 * The organisation says that somebody was seen to in a source by hand. It is asked, and believed on its word alone (`declared`)
 * where it can't be: it is not described any more, the key of the case was lost, or the same person came back and has rows there.
 * Refuses `not-waiting`, `still-holds` while it holds something of the person, and `source-down`.
 */
export async function declare(
	ctx: Context,
	row: CaseSourceTable,
	farewell: Farewell | undefined
): Promise<{ answered: true } | { refused: 'not-waiting' | 'still-holds' | 'source-down' }> {
	const outside = outsideOf(ctx, row.source);
	const at = instant(ctx.clock.now());
	const isAsked = outside && farewell && !(await isThereAnew(ctx, farewell));
	if (isAsked) {
		const left = await leftIn(outside, farewell.externalId).catch(unlessBroken);
		if (!left) return { refused: 'source-down' };
		if (left.length > 0) return { refused: 'still-holds' };
	}
	const state = isAsked ? ('erased' as const) : ('declared' as const);
	return (await updateSource(ctx, row, { state, at, because: null }))
		? { answered: true }
		: { refused: 'not-waiting' };
}
