// What sealing, erasing and rotating cost, each beside the same without it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { register } from '../../src/lib/server/accounts/registration.ts';
import type { Context } from '../../src/lib/server/context.ts';
import { openSqliteFile } from '../../src/lib/server/platform/database/sqlite.ts';
import { sqliteFileOf } from '../../src/lib/server/platform/database/open.ts';
import { put } from '../../src/lib/server/records/records.ts';
import * as withdrawal from '../../src/lib/server/withdrawal/withdrawal.ts';
import { erasureWork } from '../../src/lib/server/withdrawal/erasure.ts';
import { isFull, within } from './people.ts';
import type { Bench } from './run.ts';

const people = isFull ? 10_000 : 300;
const recordsEach = 200;

export const bench: Bench = async () => {
	const plain = await erasing('devices', { model: 'Pixel 8', system: 'Android 16' });
	const archived = await erasing('agreements', { subject: 'terms', version: '2016' });
	const row = (title: string, { own, bare }: Erased) => [
		title,
		Math.round(own),
		Math.round(bare),
		(own / bare).toFixed(2)
	];
	return [
		{
			title: 'Erasing people',
			columns: [
				`${people.toLocaleString('en')} people of ${recordsEach} records`,
				'rows/s',
				'bare `delete`, rows/s',
				'ratio'
			],
			rows: [
				[...row('nothing to keep', plain), '≥ 0.20'].slice(0, 4),
				row('an archive entry each', archived)
			],
			note: 'From the locked account to the signed certificate. Asked with nothing to keep: at least 0.20; with an archive entry each it is printed. Beside it: the same rows deleted by `delete from record where person_id = ?` in a transaction a person, with the same settings of SQLite.'
		}
	];
};

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
