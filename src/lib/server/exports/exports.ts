// Promise: a person takes away everything that is held, when they want, as a ZIP that is complete or says so.
import type { Person } from '../accounts/people.ts';
import { allow, isAllowed, type Prover } from '../accounts/step-up/step-up.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { countHeld, type Count } from '../personal-data-contract.ts';
import { after, endOfDay, instant, startOfDay } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { openSealedFile } from '../platform/keys/sealed-file.ts';
import type { ExportTable } from '../schema.ts';
import { toExport, type Export } from './made.ts';
import { missingIn } from './missing.ts';
import { lockedPathOf, pathOf, removeFiles, sealedName } from './places.ts';
import type { Progress } from './progress.ts';
import {
	countSince,
	insertExport,
	selectCompleting,
	selectExport,
	selectExports,
	selectVolumes,
	selectVolumesOf,
	updateExport
} from './queries.ts';
import { endBuild, work } from './working.ts';

export { build, type Built } from './build.ts';
export { encrypt } from './encrypting.ts';
export { estimate, type Estimate } from './estimate.ts';
export type { Job } from './job.ts';
export { prolong, prolongedAtMost } from './keeping.ts';
export { lock } from './locking.ts';
export { fileName, type Export } from './made.ts';
export type { Missing } from './missing.ts';
export type { Answer, Ending, Equipment, Failure, LockOrder, Order, Question, Signature } from './orders.ts';
export { pathOf } from './places.ts';
export type { Progress } from './progress.ts';
export { threadOf } from './thread.ts';
export { exportWork } from './working.ts';

/** How many a day (STANDARDS §7.6). */
const perDay = 10;

/** Nothing smaller is cut: an account of a few gigabytes would fall into hundreds of pieces. */
export const smallestVolume = 50_000_000;

/** What can be chosen: each holding with its number of entries. */
export const choices = (ctx: Context, personId: string): Promise<Count[]> => countHeld(ctx, personId);

export interface Choice {
	/** All where it is empty. */
	categories: readonly string[];
	language: string;
	sessionId: string;
	/** Days of the person's time zone, both within: `2026-11-01`. */
	since?: string | undefined;
	until?: string | undefined;
	/** How large a volume may become; one file without it. */
	volumeBytes?: number | undefined;
}

type Refusal = 'too-many-exports' | 'unknown-category' | 'volume-too-small' | 'span-backwards' | 'not-date';

const spanOf = (
	{ timeZone }: Pick<Person, 'timeZone'>,
	{ since, until }: Pick<Choice, 'since' | 'until'>
) => ({
	since: since ? instant(startOfDay(since, timeZone)) : null,
	// The first instant that is not within any more.
	until: until ? instant(after(endOfDay(until, timeZone), 1 / 1_000, 'seconds')) : null
});

/** Instants are compared as text: one of another length stands before or behind all of them. */
const isComparable = (at: string | null): boolean => at === null || at.length === 24;

async function tooMany(ctx: Context, personId: string): Promise<boolean> {
	const dayAgo = instant(after(ctx.clock.now(), -1, 'days'));
	return (await countSince(ctx, personId, dayAgo)) >= perDay;
}

/**
 * Orders an export and builds it at once, off the main thread. Resolves when it is ready, has failed, or after `patience`
 * milliseconds with the export still building: the person is then written to. This session may open the result for a day.
 * Refuses `too-many-exports` beyond ten a day, `unknown-category`, `volume-too-small` below 50 MB, `span-backwards`, and
 * `not-date` for a day beyond the year 9999.
 */
export async function order(
	ctx: Context,
	person: Person,
	choice: Choice,
	patience = 8_000
): Promise<Export | { refused: Refusal }> {
	const held = await choices(ctx, person.id);
	const known = new Set(held.map(({ category }) => category));
	if (choice.categories.some((category) => !known.has(category))) return { refused: 'unknown-category' };
	if (choice.volumeBytes !== undefined && choice.volumeBytes < smallestVolume)
		return { refused: 'volume-too-small' };
	if (choice.since && choice.until && choice.until < choice.since) return { refused: 'span-backwards' };
	const span = spanOf(person, choice);
	if (!isComparable(span.since) || !isComparable(span.until)) return { refused: 'not-date' };

	const wanted = new Set(choice.categories);
	const expected = held
		.filter(({ category }) => wanted.size === 0 || wanted.has(category))
		.reduce((sum, { records }) => sum + records, 0);
	const { language, volumeBytes = null } = choice;
	// Whoever chose each of them chose everything.
	const categories = known.size === wanted.size ? [] : choice.categories;
	const given = { categories: categories.join(' '), language, volumeBytes, ...span };
	const row = newExport(ctx, person.id, { ...given, completes: null }, expected);
	return begin(ctx, person, row, choice.sessionId, patience);
}

/**
 * Orders an export of only what another one lacks. Refuses `export-unknown`, `nothing-missing` where nothing is or another
 * one has fetched it, `too-many-exports`.
 */
export async function topUp(
	ctx: Context,
	person: Person,
	{ id, sessionId }: { id: string; sessionId: string },
	patience = 8_000
): Promise<Export | { refused: 'export-unknown' | 'nothing-missing' | 'too-many-exports' }> {
	const [first, row] = [await find(ctx, person.id, id), await selectExport(ctx, person.id, id)];
	if (!first || !row) return { refused: 'export-unknown' };
	if (first.missing.length === 0 || first.completedBy) return { refused: 'nothing-missing' };

	const missing = missingIn(row.missing);
	const categories = [...new Set(missing.map(({ category }) => category))].join(' ');
	const { language, volumeBytes, since, until } = row;
	const expected = missing.reduce((sum, { expected }) => sum + (expected ?? 0), 0);
	const given = { categories, language, volumeBytes, since, until, completes: id };
	return begin(ctx, person, newExport(ctx, person.id, given, expected), sessionId, patience);
}

async function begin(
	ctx: Context,
	person: Person,
	row: ExportTable,
	sessionId: string,
	patience: number
): Promise<Export | { refused: 'too-many-exports' }> {
	const isOrdered = await transaction(ctx, async (ctx) => {
		// Counted while nobody else orders for this person; whose erasure has begun is told so by the event.
		await audit.holdPerson(ctx, person.id);
		if (await tooMany(ctx, person.id)) return false;
		await insertExport(ctx, row);
		await audit.record(ctx, person.id, row.completes ? 'export-topped-up' : 'export-ordered');
		return true;
	});
	if (!isOrdered) return { refused: 'too-many-exports' };
	await allow(ctx, { personId: person.id, sessionId }, `export:${row.id}`);
	let waited = true;
	const tooLong = new Promise<void>((resolve) => setTimeout(resolve, patience).unref()).then(() => {
		waited = false;
	});
	await Promise.race([work(ctx, person, row, () => waited), tooLong]);
	return (await find(ctx, person.id, row.id)) as Export;
}

type Given = Pick<ExportTable, 'categories' | 'language' | 'since' | 'until' | 'volumeBytes' | 'completes'>;

function newExport(ctx: Context, personId: string, given: Given, expected: number): ExportTable {
	const now = ctx.clock.now();
	const none = { readyAt: null, expiresAt: null, bytes: null, records: null, sha256: null, complete: null };
	const progress: Progress = { phase: 'reading', done: 0, expected, volume: 1 };
	// Claimed by this very process from the start: should it die, the lease runs out and the work is found again.
	const due = { nextAttemptAt: instant(now), leasedUntil: instant(after(now, 5, 'minutes')), attempts: 1 };
	return {
		...{ personId, id: ctx.ids.next(), state: 'building', createdAt: instant(now) },
		...none,
		...{ failure: null, missing: null, progress: JSON.stringify(progress), locked: 0, prolonged: 0 },
		...given,
		...due
	};
}

/**
 * Ends an export that is being built, wherever that is; nothing of it is left. Refuses `export-unknown`, and
 * `export-not-building` for one that is ready, has failed or was cancelled.
 */
export async function cancel(
	ctx: Context,
	personId: string,
	id: string
): Promise<{ done: true } | { refused: 'export-unknown' | 'export-not-building' }> {
	const row = await selectExport(ctx, personId, id);
	if (!row) return { refused: 'export-unknown' };
	// Due once the lease of whoever builds it has run out: what they left when they died is gone then.
	const nextAttemptAt = instant(ctx.clock.now());
	const change = { state: 'cancelled' as const, progress: null, nextAttemptAt };
	const cancelled = await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return false;
		if (!(await updateExport(ctx, row, 'building', change))) return false;
		await audit.record(ctx, personId, 'export-cancelled');
		return true;
	});
	if (!cancelled) return { refused: 'export-not-building' };
	endBuild(id);
	await removeFiles(ctx, personId, id);
	return { done: true };
}

/** The person's twenty newest exports, newest first. */
export async function list(ctx: Context, personId: string): Promise<Export[]> {
	const rows = await selectExports(ctx, personId);
	const volumes = Map.groupBy(await selectVolumesOf(ctx, personId), ({ exportId }) => exportId);
	return rows.map((row) => toExport(ctx, row, volumes.get(row.id) ?? [], rows));
}

export async function find(ctx: Context, personId: string, id: string): Promise<Export | undefined> {
	const row = await selectExport(ctx, personId, id);
	if (!row) return undefined;
	const completing = row.complete === 0 ? await selectCompleting(ctx, personId) : [];
	return toExport(ctx, row, await selectVolumes(ctx, personId, id), completing);
}

/** How far an export is; undefined for one that is not there. */
export async function progressOf(
	ctx: Context,
	personId: string,
	id: string
): Promise<Pick<Export, 'state' | 'progress' | 'locking'> | undefined> {
	const row = await selectExport(ctx, personId, id);
	return row && toExport(ctx, row, [], []);
}

/** Whether this session may open the export without proving again: for a day after it did. */
export const opens = (ctx: Context, prover: Prover, id: string): Promise<boolean> =>
	isAllowed(ctx, prover, `export:${id}`, 24);

/** Lets this session open the export for a day; after a fresh proof. */
export const letOpen = (ctx: Context, prover: Prover, id: string): Promise<void> =>
	allow(ctx, prover, `export:${id}`);

/** The bytes of a finished volume, as they are downloaded, from `start` up to and without `end`. */
export async function content(
	ctx: Context,
	personId: string,
	id: string,
	start = 0,
	end = Infinity,
	volume = 1
): Promise<AsyncGenerator<Buffer>> {
	const locked = (await selectExport(ctx, personId, id))?.locked === 1;
	const path = (locked ? lockedPathOf : pathOf)(ctx, personId, id, volume);
	return openSealedFile(path, await ctx.keys.of(personId), sealedName(id, volume, locked), start, end);
}
