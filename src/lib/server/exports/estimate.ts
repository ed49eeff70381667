// Promise: before an export is ordered its person reads about how large it will be and how long it takes; asking costs little.
import type { Context } from '../context.ts';
import { countHeld, type Count, type Part } from '../personal-data-contract.ts';
import type { Settings } from '../platform/settings.ts';
import type { Built } from './build.ts';
import { deflated } from './building/deflating.ts';
import { textOf } from './page-text.ts';

export interface Estimate {
	records: number;
	/** Of all volumes together, as they are downloaded. */
	bytes: number;
	seconds: number;
	volumes: number;
	/** Categories whose source does not answer now: they are not counted in it. */
	unanswered: string[];
}

/** Until this machine has shown more: records a second, and packed bytes of a record with JSON and CSV. */
const slowMachine = 30_000;
const smallRecord = 50;
/** The index, schemas and lists, packed. */
const aroundBytes = 42_000;
/** The page of a category, packed: its frame, and each record that it shows. */
const pageBytes = 2_000;
const shownBytes = 40;
const shownAtMost = 5_000;
/** As much of a volume is left for them. */
const forData = 0.85;
/** Fewer records than that change no estimate. */
const worthSample = 1_000;
/** A build below that shows how long a thread takes to start, not how fast it is. */
const worthLearning = 2_000;

interface Learned {
	recordsASecond: number;
	/** Packed bytes of a record, by category. */
	recordBytes: Map<string, number>;
}

const learned = new WeakMap<Settings, Learned>();

function learnedBy(settings: Settings): Learned {
	const known = learned.get(settings) ?? { recordsASecond: slowMachine, recordBytes: new Map() };
	learned.set(settings, known);
	return known;
}

/** What a build showed about this machine and this data; averages, of nobody in particular. */
export function learn(settings: Settings, { records, packed }: Built, milliseconds: number): void {
	const known = learnedBy(settings);
	if (records >= worthLearning) known.recordsASecond = (records * 1_000) / milliseconds;
	for (const [category, { records, bytes }] of Object.entries(packed))
		if (records >= worthSample) known.recordBytes.set(category, bytes / records);
}

/** Packed bytes of a record as its first page has them; undefined where it has none. */
async function sampled(part: Part): Promise<number | undefined> {
	for await (const rows of part.pages()) {
		const columns = part.shape === 'table' ? part.fields.map(({ id }) => id) : undefined;
		const { json, csv, records } = textOf(rows, columns);
		const sizes = await Promise.all([json, csv ?? new Uint8Array()].map((text) => deflated(text, 6)));
		return sizes.reduce((sum, { length }) => sum + length, 0) / records;
	}
	return undefined;
}

/** Own data alone is sampled, once a category: a source outside is asked for an export and not for a guess. */
async function recordBytes(
	ctx: Context,
	personId: string,
	category: string,
	records: number
): Promise<number> {
	const known = learnedBy(ctx.settings).recordBytes;
	if (records < worthSample || known.has(category)) return known.get(category) ?? smallRecord;
	for (const contract of ctx.contracts.filter(({ outside }) => !outside))
		for (const part of await contract.collect(ctx, personId, new Set([category]))) {
			const bytes = part.source === 'portal' && part.sealed ? await sampled(part) : undefined;
			if (bytes !== undefined) known.set(category, bytes);
		}
	// Where there was nothing to sample, until a build has shown more.
	const bytes = known.get(category) ?? smallRecord;
	known.set(category, bytes);
	return bytes;
}

/** Of what is held; for these categories (all without them), in volumes of a size. A span of time can only make it less. */
export async function estimate(
	ctx: Context,
	personId: string,
	{
		categories,
		volumeBytes,
		held
	}: {
		categories?: readonly string[];
		volumeBytes?: number | undefined;
		/** Where it was counted already. */
		held?: readonly Count[];
	}
): Promise<Estimate> {
	const counts = held ?? (await countHeld(ctx, personId));
	const chosen = categories ? counts.filter(({ category }) => categories.includes(category)) : counts;
	const total = { records: 0, bytes: aroundBytes };
	for (const { category, records } of chosen) {
		total.records += records;
		total.bytes += records * (await recordBytes(ctx, personId, category, records));
		if (records > 0) total.bytes += pageBytes + Math.min(records, shownAtMost) * shownBytes;
	}
	return {
		records: total.records,
		bytes: Math.round(total.bytes),
		seconds: Math.ceil(total.records / learnedBy(ctx.settings).recordsASecond),
		volumes: volumeBytes ? Math.max(1, Math.ceil(total.bytes / (volumeBytes * forData))) : 1,
		unanswered: chosen.filter(({ unanswered }) => unanswered).map(({ category }) => category)
	};
}
