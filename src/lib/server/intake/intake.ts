// Promise: what an organisation brings in is read a line at a time, in constant memory; each line is answered, in order.
import type { Context } from '../context.ts';
import type { Line } from './lines.ts';
import type { Outcome } from './outcome.ts';
import { putBlocks } from './blocks.ts';
import { putGuardians, putPeople, type PeopleBatch } from './people.ts';
import { putDisclosures, putRecords } from './rows.ts';

export { csvLines, ndjsonLines, type Bytes, type Line } from './lines.ts';
export type { Outcome } from './outcome.ts';
export { disclosureShape, personBody, personShape, recordShape, checkShape } from './shapes.ts';

/** Small enough that a page waits no longer than some tens of milliseconds for the database meanwhile. */
const batchLines = 100;
const recordLines = 500;

async function* batches(lines: AsyncIterable<Line>, size: number): AsyncGenerator<Line[]> {
	let batch: Line[] = [];
	for await (const line of lines) {
		batch.push(line);
		if (batch.length < size) continue;
		yield batch;
		batch = [];
	}
	if (batch.length) yield batch;
}

/**
 * Puts people in: new ones are registered, known ones brought up to date, the same again changes nothing. Guardians may
 * come later than their wards; a line may thus be answered twice, the second time for its guardians (`guardian-unknown`).
 * Refuses by line with the codes of the shape, and `role-unknown`, `language-unknown`, `time-zone-unknown`,
 * `country-unknown`, `field-unknown`, `identifier-…`, `external-id-invalid`,
 * `external-id-reserved`, `person-erased`, `person-leaving`.
 */
export async function* people(ctx: Context, lines: AsyncIterable<Line>): AsyncGenerator<Outcome> {
	const wards: PeopleBatch['wards'] = [];
	for await (const batch of batches(lines, batchLines)) {
		const put = await putPeople(ctx, batch);
		wards.push(...put.wards);
		yield* put.outcomes;
	}
	yield* await putGuardians(ctx, wards);
}

/** Stores records: the same person, category and id again replaces. */
export async function* records(ctx: Context, lines: AsyncIterable<Line>): AsyncGenerator<Outcome> {
	for await (const batch of batches(lines, recordLines)) yield* await putRecords(ctx, batch);
}

/** Takes over a carrier's list of addresses that told it to stop; the same again changes nothing. Refuses `address-invalid`. */
export async function* blocks(ctx: Context, lines: AsyncIterable<Line>): AsyncGenerator<Outcome> {
	for await (const batch of batches(lines, batchLines)) yield* await putBlocks(ctx, batch);
}

/** Writes disclosures into the ledgers; the same again changes nothing, unless no instant is given and `run` is another one. */
export async function* disclosures(
	ctx: Context,
	lines: AsyncIterable<Line>,
	{ run }: { run?: string } = {}
): AsyncGenerator<Outcome> {
	for await (const batch of batches(lines, recordLines)) yield* await putDisclosures(ctx, batch, { run });
}
