// The export of a person with very many records: speed, memory, and what others feel of it meanwhile.
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { createDeflateRaw } from 'node:zlib';
import { lookUp } from '../../src/lib/server/accounts/accounts.ts';
import type { Context } from '../../src/lib/server/context.ts';
import * as exports from '../../src/lib/server/exports/exports.ts';
import { after, latencies, median, percentile } from './load.ts';
import { cookieOf, few, generated, many, within, type Crowd } from './people.ts';
import { startPortal, type Running } from './processes.ts';
import type { Bench } from './run.ts';

const rounds = 3;
const megabyte = 1_000_000;

interface Taken {
	records: number;
	bytes: number;
	/** Seconds of the first export of the process, which starts the building thread. */
	first: number;
	speeds: number[];
	deflateSpeeds: number[];
	growth: number;
	live: { rest: number; meanwhile: number };
}

export const bench: Bench = async () => {
	const [small, large] = [await exportsOf(few), await exportsOf(many)];
	const row = (title: string, of: (taken: Taken) => string, asked: string) => [
		title,
		of(small),
		of(large),
		asked
	];
	return [
		{
			title: 'Export of one person',
			columns: [
				'',
				...[small, large].map(({ records }) => `${records.toLocaleString('en')} records`),
				'asked'
			],
			rows: [
				row('in the files, MB', ({ bytes }) => (bytes / megabyte).toFixed(0), ''),
				row('seconds of the first of the process', ({ first }) => first.toFixed(1), ''),
				row('MB/s, until it was read back', ({ speeds }) => median(speeds).toFixed(1), ''),
				row(
					'deflate alone of the same bytes, MB/s',
					({ deflateSpeeds }) => median(deflateSpeeds).toFixed(1),
					''
				),
				row(
					'ratio',
					({ speeds, deflateSpeeds }) => (median(speeds) / median(deflateSpeeds)).toFixed(2),
					'≥ 0.50, aim 0.70'
				),
				row(
					'growth of the memory, MB',
					({ growth }) => (growth / megabyte).toFixed(0),
					'< 96, the same for both'
				),
				row('99th percentile of `/health/live` at rest, ms', ({ live }) => live.rest.toFixed(2), ''),
				row('meanwhile, ms', ({ live }) => live.meanwhile.toFixed(2), ''),
				row('ratio', ({ live }) => (live.meanwhile / live.rest).toFixed(1), '≤ 10')
			],
			note: 'Level 6. Medians of three turns after the first. Memory is that of the process that serves pages and builds, above what it had before its first export.'
		}
	];
};

async function exportsOf(crowd: Crowd): Promise<Taken> {
	const { folder } = generated(crowd);
	const portal = await startPortal(folder);
	try {
		return await within(folder, (ctx) => measure(ctx, portal));
	} finally {
		await portal.stop();
	}
}

async function measure(ctx: Context, portal: Running): Promise<Taken> {
	const giant = await lookUp(ctx, 'giant@example.com');
	if (!giant) throw new Error('the person with very many records is not there');
	const { personId } = giant;
	const live = `${portal.address}/health/live`;
	await latencies(live, [], after(2), 5);
	const rest = percentile(await latencies(live, [], after(5), 5), 99);
	const before = portal.memory() ?? Number.NaN;
	const taken: Taken = {
		records: 0,
		bytes: 0,
		first: 0,
		speeds: [],
		deflateSpeeds: [],
		growth: 0,
		live: { rest, meanwhile: 0 }
	};
	const watch = (memory: number) => (taken.growth = Math.max(taken.growth, memory - before));
	taken.first = (await ordered(ctx, portal, personId, watch)).seconds;
	for (let round = 0; round < rounds; round++) {
		const made = await ordered(ctx, portal, personId, watch);
		const files = await unpacked(ctx, personId, made.id);
		taken.records = made.records;
		taken.bytes = files.bytes;
		taken.speeds.push(files.bytes / megabyte / made.seconds);
		taken.deflateSpeeds.push(files.bytes / megabyte / (await deflateAlone(files.paths)));
		files.remove();
	}
	let building = true;
	const feeling = latencies(live, [], () => !building, 5);
	await ordered(ctx, portal, personId, () => undefined);
	building = false;
	taken.live.meanwhile = percentile(await feeling, 99);
	return taken;
}

interface Made {
	id: string;
	records: number;
	seconds: number;
}

/** Orders everything by the form, as the person would, and waits until it is ready. */
async function ordered(
	ctx: Context,
	{ address, memory }: Running,
	personId: string,
	watch: (memory: number) => void
): Promise<Made> {
	const known = (await exports.list(ctx, personId)).length;
	const categories = (await exports.choices(ctx, personId)).map(({ category }) => ['category', category]);
	// A proof counts for five minutes, which several exports may outlast.
	const headers = { origin: address, cookie: await cookieOf(ctx, personId), accept: 'text/html' };
	const begun = performance.now();
	const posted = fetch(`${address}/export`, {
		method: 'POST',
		headers,
		body: new URLSearchParams(categories),
		redirect: 'manual'
	});
	let status = 0;
	void posted.then((answer) => (status = answer.status));
	for (;;) {
		await pause(20);
		if (status >= 400) throw new Error('the export was refused: of a folder that is kept, ten a day');
		watch(memory() ?? Number.NaN);
		const all = await exports.list(ctx, personId);
		const [newest] = all;
		if (all.length > known && newest?.state === 'ready') {
			const seconds = (performance.now() - begun) / 1_000;
			await posted;
			return { id: newest.id, records: newest.records ?? 0, seconds };
		}
		if (newest?.state === 'failed') throw new Error('the export could not be built');
	}
}

/** The files of a finished export, laid out in a folder. */
async function unpacked(
	ctx: Context,
	personId: string,
	id: string
): Promise<{ paths: string[]; bytes: number; remove(): void }> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'));
	const zip = join(folder, 'export.zip');
	await pipeline(await exports.content(ctx, personId, id), createWriteStream(zip));
	execFileSync('python3', ['-m', 'zipfile', '-e', zip, join(folder, 'files')]);
	const entries = readdirSync(join(folder, 'files'), { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name));
	const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
	return { paths, bytes, remove: () => rmSync(folder, { recursive: true }) };
}

/** Seconds that zlib takes for the files at the level of the export, reading in big pieces and writing nowhere. */
async function deflateAlone(paths: readonly string[]): Promise<number> {
	const begun = performance.now();
	const nowhere = () => new Writable({ write: (_data, _encoding, done) => done() });
	for (const path of paths)
		await pipeline(
			createReadStream(path, { highWaterMark: 262_144 }),
			createDeflateRaw({ level: 6, memLevel: 9 }),
			nowhere()
		);
	return (performance.now() - begun) / 1_000;
}
