// Exports: of very many records against `zip -6` of the same files, five at once, and a small one until its last byte.
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { lookUp } from '../../src/lib/server/accounts/accounts.ts';
import type { Context } from '../../src/lib/server/context.ts';
import * as exports from '../../src/lib/server/exports/exports.ts';
import { after, latencies, median, percentile } from './load.ts';
import { cookieOf, generated, within, type Crowd } from './people.ts';
import { startPortal, type Running } from './processes.ts';
import type { Bench, Table } from './run.ts';

const rounds = 3;
const megabyte = 1_000_000;
const crowd = (giant: number): Crowd => ({ people: 200, giant });
/** Of the ones at once: long enough to be felt, short enough to be waited for. */
const atOnce = { exports: 5, records: 100_000 };

interface Taken {
	records: number;
	bytes: number;
	/** Seconds of the first export of the process, which starts the threads. */
	first: number;
	seconds: number[];
	zipped: { six: number[]; one: number[] };
	growth: number;
}

export const bench: Bench = async () => {
	const taken = [await exportsOf(10_000), await exportsOf(1_000_000)];
	return [speedTable(taken), await othersTable()];
};

function speedTable(taken: readonly Taken[]): Table {
	const row = (title: string, of: (one: Taken) => string, asked = '') => [title, ...taken.map(of), asked];
	const ratio = (one: Taken, against: number[]) => (median(one.seconds) / median(against)).toFixed(1);
	return {
		title: 'Export of one person: JSON, CSV and pages to read, against `zip` of the same files',
		columns: ['', ...taken.map(({ records }) => `${records.toLocaleString('en')} records`), 'asked'],
		rows: [
			row('in the files, MB', ({ bytes }) => (bytes / megabyte).toFixed(0)),
			row('seconds of the first of the process', ({ first }) => first.toFixed(1)),
			row('seconds, until it was read back', ({ seconds }) => median(seconds).toFixed(1)),
			row('records a second', ({ records, seconds }) => (records / median(seconds)).toFixed(0)),
			row('`zip -6`, seconds', ({ zipped }) => median(zipped.six).toFixed(1)),
			row('`zip -1`, seconds', ({ zipped }) => median(zipped.one).toFixed(1)),
			row('ratio to `zip -6`', (one) => ratio(one, one.zipped.six), 'at most 1.6, aim 1.2'),
			row('ratio to `zip -1`', (one) => ratio(one, one.zipped.one)),
			row(
				'growth of the memory, MB',
				({ growth }) => (growth / megabyte).toFixed(0),
				'< 96, the same for both'
			)
		],
		note: 'Level 6. Medians of three turns after the first, zip after each. Memory is that of the process that serves pages and builds, above what it had after some seconds of pages, before its first export.'
	};
}

async function exportsOf(records: number): Promise<Taken> {
	return withGiant(records, async (ctx, portal, personId) => {
		// One that has served nobody yet grows with its first pages, whatever else it does.
		const cookie = [await cookieOf(ctx, personId)];
		for (const page of ['/', '/data', '/export', '/activity'])
			await latencies(`${portal.address}${page}`, cookie, after(2), 5);
		const before = portal.memory() ?? Number.NaN;
		const taken: Taken = {
			...{ records: 0, bytes: 0, first: 0, seconds: [], growth: 0 },
			zipped: { six: [], one: [] }
		};
		const watch = (memory: number) => (taken.growth = Math.max(taken.growth, memory - before));
		taken.first = (await ordered(ctx, portal, personId, watch)).seconds;
		for (let round = 0; round < rounds; round++) {
			const made = await ordered(ctx, portal, personId, watch);
			taken.records = made.records;
			taken.seconds.push(made.seconds);
			const files = await unpacked(ctx, personId, made.id);
			taken.bytes = files.bytes;
			taken.zipped.six.push(zip(files.folder, '-6'));
			taken.zipped.one.push(zip(files.folder, '-1'));
			files.remove();
		}
		return taken;
	});
}

async function withGiant<Result>(
	records: number,
	measure: (ctx: Context, portal: Running, personId: string) => Promise<Result>
): Promise<Result> {
	const { folder } = generated(crowd(records));
	const portal = await startPortal(folder);
	try {
		return await within(folder, async (ctx) => {
			// A folder that is kept would come to the ten a day.
			await ctx.db.deleteFrom('export').execute();
			const giant = await lookUp(ctx, 'giant@example.com');
			if (!giant) throw new Error('the person with very many records is not there');
			return measure(ctx, portal, giant.personId);
		});
	} finally {
		await portal.stop();
	}
}

/** What others feel of five large ones, and how long somebody waits for a small one. */
async function othersTable(): Promise<Table> {
	const felt = await withGiant(atOnce.records, fiveAtOnce);
	const small = await withGiant(100, smallOne);
	const line = (title: string, measured: number, digits: number, asked = '') => [
		title,
		measured.toFixed(digits),
		asked
	];
	return {
		title: 'Exports beside other things',
		columns: ['', 'measured', 'asked'],
		rows: [
			line('99th percentile of the overview at rest, ms', felt.rest, 1),
			line('while five exports of 100,000 records are built, ms', felt.meanwhile, 1),
			line('ratio', felt.meanwhile / felt.rest, 2, 'at most 1.5'),
			line('the overview, median, ms', small.page, 1),
			line('an export of 100 records from the order to its last byte, ms', small.exported, 0),
			line('page times', small.exported / small.page, 1, 'at most 20')
		],
		note: 'One visitor who opens the overview every 20 ms, medians of three turns. The small one is ordered by the form and downloaded; median of nine after the first.'
	};
}

async function fiveAtOnce(ctx: Context, portal: Running, personId: string) {
	const cookie = await cookieOf(ctx, personId);
	const page = `${portal.address}/`;
	await latencies(page, [cookie], after(3), 20);
	await ordered(ctx, portal, personId, () => undefined);
	const felt = { rest: [] as number[], meanwhile: [] as number[] };
	for (let round = 0; round < rounds; round++) {
		await ctx.db.deleteFrom('export').execute();
		felt.rest.push(percentile(await latencies(page, [cookie], after(8), 20), 99));
		let building = true;
		const feeling = latencies(page, [cookie], () => !building, 20);
		await Promise.all(Array.from({ length: atOnce.exports }, () => posted(ctx, portal, personId)));
		while ((await exports.list(ctx, personId)).some(({ state }) => state === 'building')) await pause(250);
		building = false;
		felt.meanwhile.push(percentile(await feeling, 99));
	}
	return { rest: median(felt.rest), meanwhile: median(felt.meanwhile) };
}

async function smallOne(ctx: Context, portal: Running, personId: string) {
	const cookie = await cookieOf(ctx, personId);
	const page = median(await latencies(`${portal.address}/`, [cookie], after(4), 5));
	const times: number[] = [];
	for (let turn = 0; turn < 10; turn++) {
		const headers = { cookie };
		const begun = performance.now();
		const answer = await posted(ctx, portal, personId, cookie);
		const address = answer.headers.get('location') ?? '';
		await (await fetch(`${portal.address}${address}`, { headers })).arrayBuffer();
		times.push(performance.now() - begun);
		await ctx.db.deleteFrom('export').execute();
	}
	return { page, exported: median(times.slice(1)) };
}

/** The form, as the person sends it. */
async function posted(
	ctx: Context,
	{ address }: Running,
	personId: string,
	given?: string
): Promise<Response> {
	const categories = (await exports.choices(ctx, personId)).map(({ category }) => ['category', category]);
	// A proof counts for five minutes, which several exports may outlast.
	const cookie = given ?? (await cookieOf(ctx, personId));
	const answer = await fetch(`${address}/export`, {
		method: 'POST',
		headers: { origin: address, cookie, accept: 'text/html' },
		body: new URLSearchParams(categories),
		redirect: 'manual'
	});
	if (answer.status >= 400) throw new Error(`the export was refused: ${answer.status}`);
	return answer;
}

/** Orders everything by the form, and waits until it is ready. */
async function ordered(ctx: Context, portal: Running, personId: string, watch: (memory: number) => void) {
	const known = (await exports.list(ctx, personId)).length;
	const begun = performance.now();
	const answer = posted(ctx, portal, personId);
	let refused: unknown;
	answer.catch((problem: unknown) => (refused = problem));
	for (;;) {
		// Whoever asks all the time takes one of two cores away from what is measured.
		await pause(Math.min(250, Math.max(5, (performance.now() - begun) / 50)));
		if (refused) throw refused as Error;
		watch(portal.memory() ?? Number.NaN);
		const all = await exports.list(ctx, personId);
		const [newest] = all;
		if (all.length > known && newest?.state === 'ready') {
			const seconds = (performance.now() - begun) / 1_000;
			await answer;
			return { id: newest.id, records: newest.records ?? 0, seconds };
		}
		if (newest?.state === 'failed') throw new Error('the export could not be built');
	}
}

/** The files of a finished export, laid out in a folder. */
async function unpacked(ctx: Context, personId: string, id: string) {
	const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'));
	const archive = join(folder, 'export.zip');
	await pipeline(await exports.content(ctx, personId, id), createWriteStream(archive));
	const files = join(folder, 'files');
	execFileSync('python3', ['-m', 'zipfile', '-e', archive, files]);
	const entries = readdirSync(files, { recursive: true, withFileTypes: true });
	const bytes = entries
		.filter((entry) => entry.isFile())
		.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
	return { folder: files, bytes, remove: () => rmSync(folder, { recursive: true }) };
}

/** Seconds that Info-ZIP takes for the files. */
function zip(folder: string, level: string): number {
	const begun = performance.now();
	execFileSync('zip', ['-qr', level, `../at${level}.zip`, '.'], { cwd: folder });
	rmSync(join(folder, `../at${level}.zip`));
	return (performance.now() - begun) / 1_000;
}
