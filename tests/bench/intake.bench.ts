// How fast people are invented and records come in.
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../../src/lib/server/context.ts';
import { find } from '../../src/lib/server/accounts/people.ts';
import { few, generated, isFull, many, somePeople, within } from './people.ts';
import { candor } from './processes.ts';
import type { Bench, Table } from './run.ts';

const authors = 500;
const recordsEach = 100;

export const bench: Bench = async () => [generation(), await intake()];

function generation(): Table {
	const rows = [few, many].flatMap((crowd) => {
		const { seconds } = generated(crowd);
		if (!seconds) return [];
		const people = crowd.people / (seconds.all - seconds.giant);
		return [
			[
				crowd.people.toLocaleString('en'),
				Math.round(people),
				crowd.giant.toLocaleString('en'),
				Math.round(crowd.giant / seconds.giant)
			]
		];
	});
	return {
		title: 'Inventing people',
		columns: ['people', 'people/s', 'records of one person', 'records/s'],
		rows,
		note: `Keys, sealing and indexes included. Asked: a million people in at most 15 minutes, which is 1,111 people/s${isFull ? '' : ' (`CANDOR_BENCH_FULL=1` measures it)'}.`
	};
}

/** `candor import records`, twice: what is new, and the same again. */
async function intake(): Promise<Table> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'));
	try {
		candor(folder, 'generate', '--people', `${authors}`, '--light');
		const file = join(folder, 'records.ndjson');
		const ids = await within(folder, externalIds);
		await pipeline(Readable.from(linesFor(ids)), createWriteStream(file));
		const rate = () => {
			const begun = performance.now();
			candor(folder, 'import', 'records', file);
			return Math.round((authors * recordsEach) / ((performance.now() - begun) / 1_000));
		};
		return {
			title: 'Import of records',
			columns: [`${(authors * recordsEach).toLocaleString('en')} lines of NDJSON`, 'records/s'],
			rows: [
				['new', rate()],
				['the same again', rate()]
			],
			note: 'The start of the command included.'
		};
	} finally {
		rmSync(folder, { recursive: true });
	}
}

async function externalIds(ctx: Context): Promise<string[]> {
	const people = await Promise.all((await somePeople(ctx, authors)).map((id) => find(ctx, id)));
	return people.flatMap((person) => person?.externalId ?? []);
}

function* linesFor(ids: readonly string[]): Generator<string> {
	for (const [index, person] of ids.entries())
		for (let number = 0; number < recordsEach; number++) {
			const at = new Date(Date.UTC(2026, 0, 1, 0, index % 60, number)).toISOString();
			const device = { model: `Pixel ${number}`, system: 'Android 16', appVersion: `5.${number}.${index}` };
			yield `${JSON.stringify({ person, category: 'devices', id: `d-${index}-${number}`, at, ...device })}\n`;
		}
}
