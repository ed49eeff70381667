// Promise: an export is complete or says so; memory does not grow with the account; nothing unsealed touches the disk; and
// whoever kills a build loses what was read since the last slice, no more.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { Context } from '../context.ts';
import { collect, type Collected } from './building/collecting.ts';
import { Slices } from './building/slices.ts';
import { waitingPath, writeVolume, type Assembling, type Volume } from './building/volumes.ts';
import type { Job } from './job.ts';
import type { Missing } from './missing.ts';
import { unwatched, type Progress, type Watch } from './progress.ts';
import { sealedName, volumePath, workingFolder } from './places.ts';

export interface Built {
	/** Of the plain ZIPs together. */
	bytes: number;
	records: number;
	volumes: Volume[];
	/** Empty: everything that was asked for is there. */
	missing: Missing[];
	/** By category, how much its records take in the ZIPs. */
	packed: Record<string, { records: number; bytes: number }>;
}

function packedOf(parts: readonly Collected[]): Built['packed'] {
	const packed: Built['packed'] = {};
	for (const { part, lying } of parts) {
		const of = (packed[part.category] ??= { records: 0, bytes: 0 });
		for (const { stretch } of lying) {
			of.records += stretch.records;
			of.bytes += (stretch.json?.packed ?? 0) + (stretch.csv?.packed ?? 0);
		}
	}
	return packed;
}

const missingOf = (parts: readonly Collected[]): Missing[] =>
	parts.flatMap(({ part, expected, included, reasons }) =>
		Object.keys(reasons).length === 0
			? []
			: [
					{
						...{ path: part.path, category: part.category, source: part.source, included, reasons },
						...(expected !== undefined && { expected })
					}
				]
	);

async function assemble(ctx: Context, job: Job, assembling: Assembling, watch: Watch): Promise<Volume[]> {
	const { parts, last } = assembling;
	const done = parts.reduce((sum, { included, outside }) => sum + included + outside, 0);
	const volumes: Volume[] = [];
	for (let number = 1; number <= last; number++) {
		const tell = (phase: Progress['phase']) =>
			watch.tell({ phase, done, expected: done, volume: number, volumes: last });
		tell('writing');
		volumes.push(await writeVolume(ctx, job, { ...assembling, checking: () => tell('checking') }, number));
	}
	return volumes;
}

/** Finished volumes go to their places; whoever was killed on the way finds them there or here. */
async function putInPlace({ slices, last }: Assembling, job: Job): Promise<void> {
	for (let number = 1; number <= last; number++) {
		const waiting = waitingPath(slices, number);
		if (existsSync(waiting)) await rename(waiting, volumePath(job.path, number));
	}
}

/**
 * Builds the volumes of an export into sealed files, reads them back, and puts all of them in their places; goes on where an
 * earlier build of the same export ended. What it needs meanwhile lies in `workingFolder`, and stays there when it throws.
 */
export async function build(ctx: Context, job: Job, watch: Watch = unwatched): Promise<Built> {
	const key = await ctx.keys.of(job.personId);
	const slices = await Slices.open(workingFolder(job.path), key, `export-${job.exportId}`);
	const parts = await collect(ctx, job, { slices, key, watch });
	const last = Math.max(1, ...slices.all.map(({ volume }) => volume));
	const assembling: Assembling = {
		...{ slices, key, parts, last, signal: watch.signal, checking: () => undefined },
		sealedName: (number) => sealedName(job.exportId, number)
	};
	const volumes = await assemble(ctx, job, assembling, watch);
	await putInPlace(assembling, job);
	await slices.remove();
	return {
		bytes: volumes.reduce((sum, { bytes }) => sum + bytes, 0),
		records: volumes.reduce((sum, { records }) => sum + records, 0),
		volumes,
		missing: missingOf(parts),
		packed: packedOf(parts)
	};
}
