// Promise: what lies in a system outside is erased there for as long as that takes, and is believed only when a count says 0.
import * as archive from '../../archive/archive.ts';
import type { Context } from '../../context.ts';
import { categoryOf } from '../../organisation/lookup.ts';
import type { OutsideSource } from '../../organisation/organisation.ts';
import { keptAfterLeaving } from '../../organisation/retention.ts';
import type { Count, Kept, Row } from '../../personal-data-contract.ts';
import { instant } from '../../platform/clock.ts';
import { SourceFailure, type Source } from '../../platform/sources/source.ts';
import type { CaseSourceTable, ErasureCaseTable } from '../../schema.ts';
import type { Farewell } from './case.ts';
import { selectSources, updateSource } from './queries.ts';

/** What each source holds of somebody; missing where it could not be asked. */
export type HeldOutside = ReadonlyMap<string, Count[]>;

interface Outside {
	source: Source;
	described: OutsideSource;
}

const totalOf = (counts: readonly Count[]): number => counts.reduce((sum, { records }) => sum + records, 0);

async function countsOf({ source, described }: Outside, externalId: string): Promise<Count[]> {
	const counts = await Promise.all(
		described.categories.map(async ({ category }) => ({
			category,
			records: await source.count(category, externalId)
		}))
	);
	return counts.filter(({ records }) => records > 0);
}

function outsideOf(ctx: Context, id: string): Outside | undefined {
	const source = ctx.sources.get(id);
	const described = ctx.organisation.sources.find((one) => one.id === id);
	return source && described && { source, described };
}

/** Counts in every described source, all at once. Before a transaction: others may be slow. */
export async function heldOutside(ctx: Context, externalId: string): Promise<HeldOutside> {
	const held = new Map<string, Count[]>();
	await Promise.all(
		ctx.organisation.sources.map(async ({ id }) => {
			const outside = outsideOf(ctx, id);
			const counts = outside && (await countsOf(outside, externalId).catch(unlessBroken));
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

async function rowsIn(
	ctx: Context,
	{ source }: Outside,
	category: string,
	externalId: string
): Promise<Row[]> {
	const rows: Row[] = [];
	for await (const page of source.read(category, externalId))
		for (const { person, ...row } of page)
			if (person === externalId) rows.push(row);
			else ctx.log.error({ source: source.id, category }, 'a source gave a row of somebody else');
	return rows;
}

/**
 * What the law keeps of it goes to the archive right before it is destroyed there. The key of the case makes the ids of the
 * entries: the person's own is gone by then, and this one lives until no source is waited for.
 */
async function keepOf(
	ctx: Context,
	outside: Outside,
	{ id, eraseAt }: ErasureCaseTable,
	{ externalId, personId = '' }: Farewell
): Promise<string> {
	const kept: Kept[] = [];
	for (const { category } of outside.described.categories) {
		const known = categoryOf(ctx.organisation, category);
		const law = known && keptAfterLeaving(ctx.organisation, known, new Date(eraseAt));
		const rows = law ? await rowsIn(ctx, outside, category, externalId) : [];
		if (!law || rows.length === 0) continue;
		kept.push({
			category,
			records: rows.length,
			...law,
			async *pages() {
				yield rows;
			}
		});
	}
	const key = await ctx.caseKeys.find(id);
	if (!key) throw new Error('the key of a case that goes on is gone');
	const leaver = { id: personId, externalId, lockedAt: eraseAt, outside: { source: outside.source.id, key } };
	await archive.keep(ctx, leaver, kept);
	return JSON.stringify(
		kept.map(({ category, records, ground, until }) => ({ category, records, ground, until }))
	);
}

/** One source: counted, kept, erased, counted again. Each step is written down, so that the next try goes on there. */
async function tryOne(
	ctx: Context,
	found: ErasureCaseTable,
	row: CaseSourceTable,
	farewell: Farewell
): Promise<Partial<CaseSourceTable>> {
	const outside = outsideOf(ctx, row.source);
	if (!outside) return { because: 'not-described' };
	const { externalId } = farewell;
	const held = await countsOf(outside, externalId);
	if (totalOf(held) > totalOf(heldIn(row))) await updateSource(ctx, row, { held: JSON.stringify(held) });
	if (row.held === null && held.length === 0) await updateSource(ctx, row, { held: '[]' });
	const canErase = outside.source.can.has('erase');
	if (held.length > 0 && row.kept === null)
		await updateSource(ctx, row, { kept: await keepOf(ctx, outside, found, farewell) });
	// Also where nothing was counted: a source may hold more of somebody than what it shows.
	if (canErase) await outside.source.erase(externalId);
	const left = canErase ? await countsOf(outside, externalId) : held;
	if (left.length === 0) return { state: 'erased', at: instant(ctx.clock.now()), because: null };
	return { because: canErase ? 'still-holds' : 'by-hand' };
}

/** What a source held when it was counted; nothing where it never could be. */
export const heldIn = ({ held }: Pick<CaseSourceTable, 'held'>): Count[] =>
	held === null ? [] : (JSON.parse(held) as Count[]);

/**
 * Tries every source that a case still waits for, once each: one that is down holds up no other. May run twice, and go on
 * where another process died. Answers how many are still waited for.
 */
export async function settle(ctx: Context, found: ErasureCaseTable, farewell: Farewell): Promise<number> {
	let waiting = 0;
	for (const row of await selectSources(ctx, found.id)) {
		if (row.state !== 'waiting') continue;
		const attempts = row.attempts + 1;
		const change = await tryOne(ctx, found, row, farewell).catch((error: unknown) => {
			if (!(error instanceof SourceFailure)) throw error;
			return { because: error.code };
		});
		await updateSource(ctx, row, { ...change, attempts });
		if (!('state' in change)) waiting += 1;
		const { source } = row;
		const said = { case: found.id, source, attempts, because: change.because };
		if ('state' in change) ctx.log.info(said, 'a source erased a person');
		else if (attempts === 1) ctx.log.warn(said, 'a source has not erased a person yet; it is tried again');
	}
	return waiting;
}

/**
 * The organisation says that a source which cannot erase by itself has been seen to. It is asked, and believed only where it is
 * not described any more. Refuses `not-waiting`, `still-holds` while it holds something of the person, and `source-down`.
 */
export async function declare(
	ctx: Context,
	row: CaseSourceTable,
	farewell: Farewell | undefined
): Promise<{ answered: true } | { refused: 'not-waiting' | 'still-holds' | 'source-down' }> {
	const outside = outsideOf(ctx, row.source);
	const at = instant(ctx.clock.now());
	if (outside && farewell) {
		const left = await countsOf(outside, farewell.externalId).catch(unlessBroken);
		if (!left) return { refused: 'source-down' };
		if (left.length > 0) return { refused: 'still-holds' };
	}
	const state = outside ? ('erased' as const) : ('declared' as const);
	return (await updateSource(ctx, row, { state, at, because: null }))
		? { answered: true }
		: { refused: 'not-waiting' };
}
