// Databases with very many invented people. `CANDOR_BENCH_DATA=<folder>` keeps them for the next run.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start as startSession } from '../../src/lib/server/accounts/sessions.ts';
import type { Context } from '../../src/lib/server/context.ts';
import { readSettings } from '../../src/lib/server/platform/settings.ts';
import { openPortal } from '../../src/lib/server/portal.ts';
import { candor, demonstrationIn } from './processes.ts';

/** `CANDOR_BENCH_FULL=1` measures with a million people, as the promise says; it takes half an hour and 10 GB. */
export const isFull = process.env.CANDOR_BENCH_FULL === '1';

export interface Crowd {
	people: number;
	/** Records of one person more, `giant@example.com`. */
	giant: number;
}

export const few: Crowd = { people: 1_000, giant: 100_000 };
export const many: Crowd = { people: isFull ? 1_000_000 : 50_000, giant: 1_000_000 };

export interface Generated {
	folder: string;
	/** What making them took; undefined where they were there from an earlier run. */
	seconds: { all: number; giant: number } | undefined;
}

interface Told {
	seconds: number;
	spent: { giant: number };
}

const made = new Map<Crowd, Generated>();

/** The folder of a demonstration with so many people; made once. */
export function generated(crowd: Crowd): Generated {
	const before = made.get(crowd);
	if (before) return before;
	const kept = process.env.CANDOR_BENCH_DATA;
	const folder = kept
		? join(kept, `${crowd.people}-${crowd.giant}`)
		: mkdtempSync(join(tmpdir(), 'candor-bench-'));
	if (!kept) process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	const there = existsSync(join(folder, 'portal.db'));
	const words = ['--people', `${crowd.people}`, '--light', '--giant', `${crowd.giant}`];
	const told = there ? undefined : (candor(folder, 'generate', ...words) as Told);
	const result = { folder, seconds: told && { all: told.seconds, giant: told.spent.giant } };
	made.set(crowd, result);
	return result;
}

/** Works with the databases of a folder, beside the portal that serves them if there is one. */
export async function within<Result>(
	folder: string,
	work: (ctx: Context) => Promise<Result>,
	more: Record<string, string> = {}
): Promise<Result> {
	const settings = readSettings({ ...demonstrationIn(folder), ...more });
	if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
	const portal = await openPortal(settings);
	try {
		return await work(portal.contextFor('portal'));
	} finally {
		await portal.close();
	}
}

/** A fresh, proved session as a cookie. */
export async function cookieOf(ctx: Context, personId: string): Promise<string> {
	return `candor=${await startSession(ctx, personId, { userAgent: 'benchmark', address: '127.0.0.1' }, 'en')}`;
}

/** Ids of people, as evenly spread over all of them as chance has it. */
export async function somePeople(ctx: Context, count: number): Promise<string[]> {
	const rows = await ctx.db.selectFrom('person').select('personId').orderBy('personId').execute();
	const step = Math.max(1, Math.floor(rows.length / count));
	return rows
		.filter((_, index) => index % step === 0)
		.slice(0, count)
		.map(({ personId }) => personId);
}
