// What sealing, erasing and rotating cost, each beside the same without it.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { lookUp } from '../../src/lib/server/accounts/accounts.ts';
import { register } from '../../src/lib/server/accounts/registration.ts';
import type { Context } from '../../src/lib/server/context.ts';
import { openSqliteFile } from '../../src/lib/server/platform/database/sqlite.ts';
import { sqliteFileOf } from '../../src/lib/server/platform/database/open.ts';
import { open } from '../../src/lib/server/platform/keys/keys.ts';
import { put } from '../../src/lib/server/records/records.ts';
import * as withdrawal from '../../src/lib/server/withdrawal/withdrawal.ts';
import { erasureWork } from '../../src/lib/server/withdrawal/erasure.ts';
import { after, latencies, median, percentile } from './load.ts';
import { cookieOf, generated, isFull, somePeople, within, type Crowd } from './people.ts';
import { candorBeside, startPortal } from './processes.ts';
import type { Bench, Table } from './run.ts';

const people = isFull ? 10_000 : 300;
const recordsEach = 200;
/** Nobody of them needs more than a few records here: only their keys are turned. */
const keyHolders: Crowd = { people: isFull ? 1_000_000 : 20_000, giant: 1 };

export const bench: Bench = async () => [await erasingTable(), await sealingTable(), await rotationTable()];

async function erasingTable(): Promise<Table> {
	const plain = await erasing('devices', { model: 'Pixel 8', system: 'Android 16' });
	const archived = await erasing('agreements', { subject: 'terms', version: '2016' });
	const row = (title: string, { own, bare }: Erased) => [
		title,
		Math.round(own),
		Math.round(bare),
		(own / bare).toFixed(2)
	];
	return {
		title: 'Erasing people',
		columns: [
			`${people.toLocaleString('en')} people of ${recordsEach} records`,
			'rows/s',
			'bare `delete`, rows/s',
			'ratio',
			'asked'
		],
		rows: [
			[...row('nothing to keep', plain), '≥ 0.20'],
			[...row('an archive entry each', archived), 'printed']
		],
		note: 'From the account whose time is over to the signed certificate. Beside it: the same rows deleted by `delete from record where person_id = ?`, a transaction a person, with the same settings of SQLite.'
	};
}

/** What opening seals adds to the page that opens most of them: the page's time against the same without the opening. */
async function sealingTable(): Promise<Table> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'));
	const portal = await startPortal(folder);
	try {
		const { page, sealed } = await within(folder, async (ctx) => {
			const personId = await somebodyIn(ctx);
			const cookie = await cookieOf(ctx, personId);
			await latencies(`${portal.address}/profile`, [cookie], after(2));
			const page = median(await latencies(`${portal.address}/profile`, [cookie], after(4)));
			return { page, sealed: await openingMilliseconds(ctx, personId) };
		});
		return {
			title: 'A profile with all fields sealed',
			columns: ['', 'ms', 'asked'],
			rows: [
				['the page, one client', page.toFixed(2), ''],
				['of it: unwrapping the key and opening every value', sealed.toFixed(3), ''],
				['the page against itself unsealed', (page / (page - sealed)).toFixed(2), '≤ 1.25']
			],
			note: 'Medians. The opening is measured apart, in a process of its own, over the same rows.'
		};
	} finally {
		await portal.stop();
		rmSync(folder, { recursive: true });
	}
}

async function somebodyIn(ctx: Context): Promise<string> {
	const found = await lookUp(ctx, 'minjun@example.com');
	if (!found) throw new Error('the demonstration has nobody of that name');
	return found.personId;
}

/** Opens what the page opens: the values of the profile and the identifiers. */
async function openingMilliseconds(ctx: Context, personId: string): Promise<number> {
	const [values, identifiers] = await Promise.all([
		ctx.db.selectFrom('profileValue').select(['field', 'sealed']).where('personId', '=', personId).execute(),
		ctx.db.selectFrom('identifier').select(['kind', 'sealed']).where('personId', '=', personId).execute()
	]);
	const key = await ctx.keys.of(personId);
	const times: number[] = [];
	for (let round = 0; round < 2_000; round++) {
		const begun = performance.now();
		for (const { field, sealed } of values)
			open(key, { table: 'profile_value', column: 'sealed', row: field }, sealed);
		for (const { kind, sealed } of identifiers)
			open(key, { table: 'identifier', column: 'sealed', row: kind }, sealed);
		times.push(performance.now() - begun);
	}
	return median(times);
}

/** `candor keys rotate` while the portal serves. */
async function rotationTable(): Promise<Table> {
	const { folder } = generated(keyHolders);
	const masterKeys = join(folder, 'demonstration.key');
	const versions = readFileSync(masterKeys, 'utf8').trim().split('\n').length;
	writeFileSync(
		masterKeys,
		`${versions + 1}:${randomBytes(32).toString('base64')}\n${readFileSync(masterKeys, 'utf8')}`
	);
	const portal = await startPortal(folder);
	try {
		const cookies = await within(folder, async (ctx) =>
			Promise.all((await somePeople(ctx, 50)).map((id) => cookieOf(ctx, id)))
		);
		await latencies(portal.address, cookies, after(3));
		const rest = percentile(await latencies(portal.address, cookies, after(6)), 99);
		let running = true;
		const meanwhile = latencies(portal.address, cookies, () => !running);
		const begun = performance.now();
		const { moved } = (await candorBeside(folder, 'keys', 'rotate')) as { moved: number };
		const seconds = (performance.now() - begun) / 1_000;
		running = false;
		const busy = percentile(await meanwhile, 99);
		return {
			title: 'Rotating master keys while the portal serves',
			columns: ['', 'measured', 'asked'],
			rows: [
				['keys', moved.toLocaleString('en'), isFull ? '' : 'a million (`CANDOR_BENCH_FULL=1`)'],
				['keys/s, the start of the command included', Math.round(moved / seconds).toLocaleString('en'), ''],
				['99th percentile of the overview at rest, ms', rest.toFixed(1), ''],
				['meanwhile, ms', busy.toFixed(1), ''],
				['ratio', (busy / rest).toFixed(1), '≤ 3']
			]
		};
	} finally {
		await portal.stop();
	}
}

interface Erased {
	own: number;
	bare: number;
}

async function erasing(category: string, fields: Record<string, string>): Promise<Erased> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'));
	try {
		return await within(folder, async (ctx) => {
			const ids = await peopleWith(ctx, category, fields);
			const copy = join(folder, 'bare.db');
			await copyOf(sqliteFileOf(ctx.settings.databaseUrl), copy);
			const rows = people * recordsEach;
			return { own: rows / (await ownSeconds(ctx, ids)), bare: rows / bareSeconds(copy, ids) };
		});
	} finally {
		rmSync(folder, { recursive: true });
	}
}

async function peopleWith(ctx: Context, category: string, fields: Record<string, string>): Promise<string[]> {
	const ids: string[] = [];
	for (let number = 0; number < people; number++) {
		const name = `bench-${number}`;
		const identity = { role: 'student', language: 'ko', timeZone: 'Asia/Seoul', country: 'KR' };
		const made = await register(ctx, {
			externalId: name,
			...identity,
			bornOn: '2000-01-01',
			identifiers: { username: name }
		});
		if ('refused' in made) throw new Error(made.refused);
		const at = '2026-01-01T00:00:00.000Z';
		const records = Array.from({ length: recordsEach }, (_, id) => ({ category, id: `r-${id}`, at, fields }));
		const stored = await put(ctx, made.id, records);
		if ('refused' in stored || stored.problems.length) throw new Error('the records do not fit');
		ids.push(made.id);
	}
	return ids;
}

async function copyOf(from: string, to: string): Promise<void> {
	const source = new Database(from, { readonly: true });
	await source.backup(to);
	source.close();
}

async function ownSeconds(ctx: Context, ids: readonly string[]): Promise<number> {
	for (const id of ids) await withdrawal.request(ctx, { id, state: 'active' }, { graceDays: 0 });
	const begun = performance.now();
	while ((await erasureWork.run(ctx)) > 0);
	return (performance.now() - begun) / 1_000;
}

function bareSeconds(file: string, ids: readonly string[]): number {
	const database = openSqliteFile(file);
	const statement = database.prepare('delete from record where person_id = ?');
	const begun = performance.now();
	for (const id of ids) statement.run(id);
	const seconds = (performance.now() - begun) / 1_000;
	database.close();
	return seconds;
}
