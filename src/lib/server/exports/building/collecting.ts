// Everything that was asked for is read once into slices: what an earlier build of the same export has read stays read.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../../context.ts';
import type { Part, Shortfall } from '../../personal-data-contract.ts';
import type { Job } from '../job.ts';
import { reasonsOf, type Missing, type PartRead } from '../missing.ts';
import type { Progress, Watch } from '../progress.ts';
import { Filling } from './filling.ts';
import { readFiles, readRows } from './reading.ts';
import type { Lying, Slices } from './slices.ts';

/** A part as it was read: where it lies, and what of it is missing. */
export interface Collected extends PartRead {
	part: Part;
	lying: readonly Lying[];
	reasons: Missing['reasons'];
}

async function partsOf(
	ctx: Context,
	{ personId, categories, language, only }: Job,
	signal: AbortSignal
): Promise<Part[]> {
	const chosen = categories && new Set(categories);
	const parts: Part[] = [];
	for (const contract of ctx.contracts)
		parts.push(...(await contract.collect(ctx, personId, chosen, language, signal)));
	return only ? parts.filter(({ path }) => only.includes(path)) : parts;
}

export function collected(part: Part, lying: readonly Lying[]): Collected {
	const stretches = lying.map(({ stretch }) => stretch);
	const sum = (of: 'records' | 'outside') => stretches.reduce((sum, stretch) => sum + stretch[of], 0);
	const rows = stretches.at(-1)?.rows;
	const leftOut = new Map<Shortfall, number>();
	for (const [why, count] of [...(rows?.leftOut ?? []), ...stretches.flatMap(({ lost }) => lost)])
		leftOut.set(why, (leftOut.get(why) ?? 0) + count);
	const read: PartRead = {
		expected: stretches[0]?.expected,
		included: sum('records'),
		outside: sum('outside'),
		leftOut,
		leftOutRows: rows?.leftOut.reduce((sum, [, count]) => sum + count, 0) ?? 0,
		reason: rows?.reason
	};
	return { part, lying, ...read, reasons: reasonsOf(read) };
}

/** Tells how far it is, and how long it takes on: as fast as it went so far. */
function teller(watch: Watch, parts: readonly Part[], filling: Filling) {
	const begun = performance.now();
	const expected = parts.reduce((sum, { expected }) => sum + (expected ?? 0), 0);
	let done = 0;
	let fresh = 0;
	return (category: string, rows: number, wasThere = false): void => {
		done += rows;
		if (!wasThere) fresh += rows;
		const seconds = (performance.now() - begun) / 1_000;
		const left = fresh > 0 && seconds > 1 ? (seconds * Math.max(0, expected - done)) / fresh : undefined;
		const progress: Progress = { phase: 'reading', done, expected, category, volume: filling.volume };
		watch.tell({ ...progress, ...(left !== undefined && { secondsLeft: Math.ceil(left) }) });
	};
}

/** What an earlier build read and is held no more: a volume that was finished with it would tell of rows that no other one has. */
async function forgetGone(slices: Slices, parts: readonly Part[]): Promise<void> {
	const held = new Set(parts.map(({ path }) => path));
	const read = new Set(slices.all.flatMap(({ stretches }) => stretches.map(({ part }) => part)));
	for (const path of read) if (!held.has(path)) await slices.forget(path);
}

/** Reads every part of a job into slices. Throws when the portal's own data does not read, or with the watch's signal. */
export async function collect(
	ctx: Context,
	job: Job,
	{ slices, key, watch }: { slices: Slices; key: KeyObject; watch: Watch }
): Promise<Collected[]> {
	const parts = await partsOf(ctx, job, watch.signal);
	await forgetGone(slices, parts);
	const filling = new Filling(slices, job);
	const tell = teller(watch, parts, filling);
	for (const part of parts) {
		await goOn(part);
		if (slices.of(part.path).at(-1)?.stretch.whole) continue;
		const before = slices.of(part.path);
		const there = new Set(before.flatMap(({ stretch }) => stretch.files.map(({ path }) => path)));
		const last = before.at(-1)?.stretch;
		// Files that could not be had are asked for again, and counted again where they still can't.
		await slices.forgetLost(part.path);
		const reading = {
			...{ part, key, span: job.span ?? {}, signal: watch.signal, after: last?.after },
			read: (rows: number) => tell(part.category, rows)
		};
		filling.begin(part);
		if (!last?.rows) filling.rowsRead(await readRows(filling, reading));
		await readFiles(filling, reading, there);
		filling.end();
	}
	await filling.settle();
	return parts.map((part) => collected(part, slices.of(part.path)));

	/** Counts what is there already; a part that can't be taken up in its middle begins again. */
	async function goOn(part: Part): Promise<void> {
		watch.signal.throwIfAborted();
		const last = slices.of(part.path).at(-1)?.stretch;
		if (last && !last.whole && !last.rows && !last.after) await slices.forget(part.path);
		const there = collected(part, slices.of(part.path));
		tell(part.category, there.included + there.outside, true);
	}
}
