// Promise: whoever has left stays away, also when an older database comes back: nothing opens before they are erased again.
import { selectStates } from './accounts/queries.ts';
import type { Context } from './context.ts';
import { markAs, markOf } from './platform/database/mark.ts';
import { truncateWriteAheadLog } from './platform/database/open.ts';
import type { Compared } from './platform/keys/tombstones.ts';
import { sweepCaseKeys } from './withdrawal/case/key-sweep.ts';
import { noteBroughtBack, reopen } from './withdrawal/case/reopening.ts';
import { eraseRows } from './withdrawal/withdrawal.ts';

/** In the portal database: up to which tombstone nobody of them is left in it. */
const markName = 'tombstones';
const page = 500;

const replayIt = '`candor restore` (without a folder) erases them again. Nothing was changed.';
const rebuildIt =
	'Give the right file back, or write it anew from the database: `candor restore --rebuild-tombstones --yes`.';

function linesFor(compared: Exclude<Compared, { agree: true }>, file: string): string[] {
	if ('missing' in compared)
		return [
			`CANDOR_TOMBSTONES: ${compared.missing.length} tombstones of ${file} are not in the keys database: it is older than they are. ${replayIt}`
		];
	const why = {
		lost: `there is no tombstone in ${file}, and the keys database has some.`,
		older: `${file} ends before line ${compared.line}, which the keys database has.`,
		changed: `line ${compared.line} of ${file} was changed, or one before it is missing.`,
		foreign: `line ${compared.line} of ${file} is of other databases.`
	}[compared.differs];
	return [`CANDOR_TOMBSTONES: ${why} Nothing was changed. ${rebuildIt}`];
}

const lookedThrough = async ({ db }: Context): Promise<number> =>
	Number((await markOf(db as never, markName)) ?? 0);

/** The people of these tombstones whom the portal database still has as if nothing had been. */
async function stillHere(ctx: Context, personIds: readonly string[]): Promise<string[]> {
	const found = await selectStates(ctx, personIds);
	// Whoever is being erased is due work already.
	return found.filter(({ state }) => state !== 'erasing').map(({ personId }) => personId);
}

async function* unlooked(ctx: Context): AsyncGenerator<{ personIds: string[]; upTo: number }> {
	let from = await lookedThrough(ctx);
	for (;;) {
		const tombstones = await ctx.keys.tombstones.list(from, page);
		from = tombstones.at(-1)?.number ?? from;
		if (tombstones.length) yield { personIds: tombstones.map(({ personId }) => personId), upTo: from };
		if (tombstones.length < page) return;
	}
}

/** A process died after it had written the file and before it could commit: what it was at goes on by itself. */
async function wereInterrupted(ctx: Context, missing: readonly { personId: string }[]): Promise<boolean> {
	for (let from = 0; from < missing.length; from += page) {
		const ids = missing.slice(from, from + page).map(({ personId }) => personId);
		const states = await selectStates(ctx, ids);
		if (states.length < ids.length || states.some(({ state }) => state !== 'erasing')) return false;
	}
	return true;
}

/**
 * Compares the tombstones of the keys database with the file outside, and the people of the portal database with both. The
 * lines for the operator where they do not agree; undefined where the portal may open.
 */
export async function notReplayed(ctx: Context): Promise<string[] | undefined> {
	const { tombstones } = ctx.keys;
	const compared = await tombstones.compare();
	if ('differs' in compared) return linesFor(compared, ctx.settings.tombstonesFile);
	if ('missing' in compared) {
		if (!(await wereInterrupted(ctx, compared.missing)))
			return linesFor(compared, ctx.settings.tombstonesFile);
		await tombstones.adopt();
	}
	let left = 0;
	for await (const { personIds, upTo } of unlooked(ctx)) {
		left += (await stillHere(ctx, personIds)).length;
		if (left === 0) await markAs(ctx.db as never, markName, String(upTo));
	}
	if (left === 0) {
		// Before their keys go: cases that an older portal database does not have any more.
		await reopen(ctx);
		await sweepCaseKeys(ctx);
		return undefined;
	}
	return [
		`CANDOR_DATABASE_URL: the portal database is older than the tombstones: ${left} people in it have left. ${replayIt}`
	];
}

/**
 * Erases again everybody of whom a tombstone tells: tombstone and key first, then the rows and files; systems outside that had not
 * erased them yet, or may have come back with everything else, are told by the worker. May run twice.
 * Answers the lines for the operator where file and database do not fit at all.
 */
export async function replay(
	ctx: Context,
	show: (done: number, of: number) => void
): Promise<{ tombstones: number; people: number } | { lines: string[] }> {
	const compared = await ctx.keys.tombstones.compare();
	if ('differs' in compared) return { lines: linesFor(compared, ctx.settings.tombstonesFile) };
	if ('missing' in compared)
		for (const { personId } of compared.missing) await noteBroughtBack(ctx, personId);
	const tombstones = await ctx.keys.tombstones.adopt();
	const { number } = await ctx.keys.tombstones.head();
	let people = 0;
	for await (const { personIds, upTo } of unlooked(ctx)) {
		for (const personId of await stillHere(ctx, personIds)) {
			await eraseRows(ctx, personId);
			people += 1;
		}
		await markAs(ctx.db as never, markName, String(upTo));
		show(upTo, number);
	}
	await reopen(ctx);
	await sweepCaseKeys(ctx);
	await truncateWriteAheadLog(ctx.db as never);
	return { tombstones, people };
}
