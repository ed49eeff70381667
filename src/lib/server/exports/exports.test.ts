import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync
} from 'node:fs';
import { getPriority, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import type { PersonalDataContract } from '../personal-data-contract.ts';
import { after, instant } from '../platform/clock.ts';
import { workOnce } from '../platform/work/work.ts';
import * as records from '../records/records.ts';
import type { ExportTable } from '../schema.ts';
import * as exports from './exports.ts';
import { insertExport, selectExport } from './queries.ts';
import { work } from './working.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const folder = mkdtempSync(join(tmpdir(), 'candor-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function unzipped(ctx: Context, personId: string, id: string): Promise<(path: string) => Buffer> {
	const pieces: Buffer[] = [];
	for await (const piece of await exports.content(ctx, personId, id)) pieces.push(piece);
	const zip = join(folder, `${id}.zip`);
	writeFileSync(zip, Buffer.concat(pieces));
	const to = join(folder, id);
	execFileSync('python3', [
		'-c',
		'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])',
		zip,
		to
	]);
	return (path) => readFileSync(join(to, path));
}

test('a person takes everything away, and every file is what the manifest says', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const made = await exports.order(
		as(ctx, person),
		person,
		{ categories: [], language: 'ko', sessionId: 's' },
		60_000
	);
	if ('refused' in made) throw new Error(made.refused);
	expect(made.state).toBe('ready');
	const file = await unzipped(ctx, person.id, made.id);
	const manifest = JSON.parse(file('manifest.json').toString()) as {
		complete: boolean;
		files: { path: string; sha256: string; bytes: number; records: number }[];
	};
	expect(manifest.complete).toBe(true);
	expect(manifest.files.length).toBeGreaterThan(3);
	// Classerium has a category that is called as the portal's own list of events.
	expect(new Set(manifest.files.map(({ path }) => path)).size).toBe(manifest.files.length);
	for (const { path, sha256, bytes } of manifest.files) {
		expect(file(path).length, path).toBe(bytes);
		expect(createHash('sha256').update(file(path)).digest('hex'), path).toBe(sha256);
	}
	const signature = file('manifest.jws').toString();
	expect(await ctx.signer.fits('candor-manifest+jws', signature, file('manifest.json'))).toBe(true);
	const page = file('index.html').toString();
	expect(page).toContain('lang="ko"');
	// Where each value came from is said in words, not in the codes of the JSON beside it.
	expect(page).not.toContain(': sign-up');
	expect(JSON.parse(file('activity.json').toString())).toMatchObject([{ kind: 'export-ordered' }]);
});

test('a finished export lies sealed on the disk, and only its person opens it', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx), await bob(ctx)];
	const made = await exports.order(
		as(ctx, person),
		person,
		{ categories: [], language: 'en', sessionId: 's' },
		60_000
	);
	if ('refused' in made) throw new Error(made.refused);
	expect(readFileSync(exports.pathOf(ctx, person.id, made.id)).includes('index.html')).toBe(false);
	expect(await exports.find(ctx, other.id, made.id)).toBeUndefined();
	expect(await exports.opens(ctx, { personId: person.id, sessionId: 's' }, made.id)).toBe(true);
	expect(await exports.opens(ctx, { personId: other.id, sessionId: 's' }, made.id)).toBe(false);
	portal.clock.move('2026-11-23T09:00:01.000Z');
	expect(await exports.opens(ctx, { personId: person.id, sessionId: 's' }, made.id)).toBe(false);
	portal.clock.move('2026-11-30T09:00:00.000Z');
	await workOnce(ctx);
	expect((await exports.find(ctx, person.id, made.id))?.state).toBe('expired');
	expect(() => readFileSync(exports.pathOf(ctx, person.id, made.id))).toThrow();
	portal.clock.move('2026-11-22T09:00:00.000Z');
});

test('an export of a category that does not exist is refused', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	expect(
		await exports.order(ctx, person, { categories: ['../secrets'], language: 'en', sessionId: 's' })
	).toEqual({ refused: 'unknown-category' });
});

const ordered = async (ctx: Context, person: Awaited<ReturnType<typeof alice>>, patience = 60_000) => {
	const choice = { categories: [], language: 'en', sessionId: 's' };
	const made = await exports.order(as(ctx, person), person, choice, patience);
	if ('refused' in made) throw new Error(made.refused);
	return made;
};

test('a size below 50 MB and a time that ends before it begins are refused', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const choice = { categories: [], language: 'en', sessionId: 's' };
	expect(await exports.order(ctx, person, { ...choice, volumeBytes: 49_999_999 })).toEqual({
		refused: 'volume-too-small'
	});
	expect(await exports.order(ctx, person, { ...choice, since: '2026-11-02', until: '2026-11-01' })).toEqual({
		refused: 'span-backwards'
	});
});

test('a time that ends in a year beyond all others is refused, and none is taken for empty', async () => {
	const ctx = portal.as();
	const person = { ...(await alice(ctx)), timeZone: 'America/New_York' };
	const choice = { categories: [], language: 'en', sessionId: 's', until: '9999-12-31' };
	expect(await exports.order(ctx, person, choice)).toEqual({ refused: 'not-date' });
});

const withState = (ctx: Context, id: string, change: Partial<ExportTable>) =>
	ctx.db.updateTable('export').set(change).where('id', '=', id).execute();

const filesOf = (ctx: Context, personId: string, id: string) =>
	readdirSync(dirname(exports.pathOf(ctx, personId, id))).filter((name) => name.startsWith(id));

test('whoever comes late to an export that is finished, or is another’s, leaves it as it is', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const made = await ordered(ctx, person);
	const row = (await selectExport(ctx, person.id, made.id)) as ExportTable;
	const before = readFileSync(exports.pathOf(ctx, person.id, made.id));
	const late = { ...row, state: 'building' as const, leasedUntil: '2026-11-22T08:00:00.000Z' };
	await work(ctx, person, late);
	expect(readFileSync(exports.pathOf(ctx, person.id, made.id)).equals(before)).toBe(true);
	await withState(ctx, made.id, { state: 'building', leasedUntil: '2026-11-22T09:05:00.000Z' });
	await work(ctx, person, late);
	expect(await selectExport(ctx, person.id, made.id)).toMatchObject({
		state: 'building',
		leasedUntil: '2026-11-22T09:05:00.000Z'
	});
	expect(filesOf(ctx, person.id, made.id)).toEqual([`${made.id}.sealed`]);
});

test('a person with several windows orders ten exports a day, no more', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const first = await ordered(ctx, person);
	const row = (await selectExport(ctx, person.id, first.id)) as ExportTable;
	for (let count = 2; count <= 9; count++)
		await insertExport(ctx, { ...row, id: ctx.ids.next(), state: 'expired', nextAttemptAt: null });
	const choice = { categories: ['portal.activity'], language: 'en', sessionId: 's' };
	const outcomes = await Promise.all([1, 2, 3].map(() => exports.order(as(ctx, person), person, choice, 0)));
	expect(outcomes.filter((outcome) => 'refused' in outcome)).toEqual([
		{ refused: 'too-many-exports' },
		{ refused: 'too-many-exports' }
	]);
});

test('what a process that died left of a cancelled export is gone once its lease has run out', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const id = await leftBehind(ctx, person);
	await exports.cancel(ctx, person.id, id);
	mkdirSync(dirname(exports.pathOf(ctx, person.id, id)), { recursive: true });
	writeFileSync(exports.pathOf(ctx, person.id, id), 'written by a process that died then');
	await workOnce(ctx);
	expect(filesOf(ctx, person.id, id)).toEqual([]);
	expect(await selectExport(ctx, person.id, id)).toMatchObject({ state: 'cancelled', nextAttemptAt: null });
});

test('a person ends an export at any moment, and nothing of it is left; nobody else ends it', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx), await bob(ctx)];
	const made = await ordered(ctx, person, 0);
	expect(made).toMatchObject({ state: 'building', progress: { phase: 'reading', done: 0 } });
	expect(await exports.cancel(ctx, other.id, made.id)).toEqual({ refused: 'export-unknown' });
	expect(await exports.cancel(ctx, person.id, made.id)).toEqual({ done: true });
	expect(await exports.progressOf(ctx, person.id, made.id)).toMatchObject({ state: 'cancelled' });
	expect(await exports.cancel(ctx, person.id, made.id)).toEqual({ refused: 'export-not-building' });
	// What is ordered next waits for the end of the other one, and so shows what is left of it.
	await ordered(ctx, person);
	const files = readdirSync(dirname(exports.pathOf(ctx, person.id, made.id)));
	expect(files.filter((name) => name.startsWith(made.id))).toEqual([]);
	const kinds = (await audit.page(ctx, person.id, undefined, 20)).map(({ kind }) => kind);
	expect(kinds).toContain('export-cancelled');
});

test('what was missing is fetched alone, and the first export says that it is whole now', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx), await bob(ctx)];
	const made = await ordered(ctx, person);
	expect(await exports.topUp(ctx, person, { id: made.id, sessionId: 's' })).toEqual({
		refused: 'nothing-missing'
	});
	const missing = { path: 'activity', category: 'portal.activity', source: 'portal', included: 0 };
	await ctx.db
		.updateTable('export')
		.set({ complete: 0, missing: JSON.stringify([{ ...missing, reasons: { 'source-failed': 1 } }]) })
		.where('personId', '=', person.id)
		.where('id', '=', made.id)
		.execute();
	expect(await exports.topUp(ctx, other, { id: made.id, sessionId: 's' })).toEqual({
		refused: 'export-unknown'
	});
	const added = await exports.topUp(as(ctx, person), person, { id: made.id, sessionId: 's' }, 60_000);
	if ('refused' in added) throw new Error(added.refused);
	expect(added).toMatchObject({ state: 'ready', complete: true, completes: made.id });
	const file = await unzipped(ctx, person.id, added.id);
	const manifest = JSON.parse(file('manifest.json').toString()) as { parts: { path: string }[] };
	expect(manifest.parts.map(({ path }) => path)).toEqual(['activity']);
	expect(await exports.find(ctx, person.id, made.id)).toMatchObject({
		complete: false,
		completedBy: added.id
	});
	expect((await exports.list(ctx, person.id)).map(({ completedBy }) => completedBy)).toEqual([
		undefined,
		added.id
	]);
	expect(await exports.topUp(ctx, person, { id: made.id, sessionId: 's' })).toEqual({
		refused: 'nothing-missing'
	});
	// Once the file of the other one is gone, it is fetched again.
	await withState(ctx, added.id, { state: 'expired' });
	expect((await exports.find(ctx, person.id, made.id))?.completedBy).toBeUndefined();
	const again = await exports.topUp(as(ctx, person), person, { id: made.id, sessionId: 's' }, 60_000);
	expect(again).toMatchObject({ state: 'ready', completes: made.id });
});

test('an estimate asks no source outside for a sample, and the portal’s own data once', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const asked: string[] = [];
	const keeper = (id: string): PersonalDataContract => ({
		...{ id, tables: [], count: async () => [], restrict: async () => undefined, keep: async () => [] },
		...(id === 'shop' && { outside: { source: id } }),
		collect: async () => [][asked.push(id)] ?? [],
		erase: async () => ({ destroyed: 0, done: true })
	});
	const given = { held: [{ category: 'invented', records: 5_000 }], categories: ['invented'] };
	const looking = { ...ctx, contracts: [keeper('shop'), keeper('own')] };
	for (let time = 0; time < 2; time++) await exports.estimate(looking, person.id, given);
	expect(asked).toEqual(['own']);
});

test.each([0, 900])(
	'an estimate of %i records is not far from the size that they turn out to have',
	async (count) => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const visits = Array.from({ length: count }, (_, index) => ({
			...{ category: 'visits', id: `visit-${index}`, origin: undefined },
			...{ at: instant(after(ctx.clock.now(), -index, 'minutes')), fields: { page: `/courses/${index}` } }
		}));
		expect(await records.put(ctx, person.id, visits)).not.toHaveProperty('refused');
		const { bytes } = await exports.estimate(ctx, person.id, {});
		const made = await ordered(ctx, person);
		expect(bytes / (made.bytes ?? 0)).toBeGreaterThan(0.6);
		expect(bytes / (made.bytes ?? 0)).toBeLessThan(1.7);
	}
);

test('an estimate grows with what is chosen, and tells into how many files it falls', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const all = await exports.estimate(ctx, person.id, {});
	const none = await exports.estimate(ctx, person.id, { categories: [] });
	expect(all.records).toBeGreaterThan(none.records);
	expect(all.bytes).toBeGreaterThan(none.bytes);
	expect(none).toMatchObject({ records: 0, seconds: 0, volumes: 1 });
	expect((await exports.estimate(ctx, person.id, { volumeBytes: 20_000 })).volumes).toBeGreaterThan(2);
});

test.runIf(platform() === 'linux')(
	'whoever builds exports leaves those who serve pages their turn',
	async () => {
		const ctx = portal.as();
		await ordered(ctx, await alice(ctx));
		const nicenessOf = (thread: string) => {
			// The name before it, in brackets, may hold anything; the 19th field is the 17th behind it.
			const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
			return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
		};
		expect(nicenessOf(String(process.pid))).toBe(getPriority());
		expect(readdirSync('/proc/self/task').map(nicenessOf)).toContain(10);
		await exports.threadOf(ctx.settings).stop();
	}
);

/** An export that a portal left while it was being made. */
async function leftBehind(ctx: Context, person: Awaited<ReturnType<typeof alice>>): Promise<string> {
	const { id } = await ordered(ctx, person, 0);
	await exports.threadOf(ctx.settings).stop();
	const leased = () =>
		ctx.db.selectFrom('export').select('leasedUntil').where('id', '=', id).executeTakeFirst();
	await expect.poll(async () => (await leased())?.leasedUntil).toBe(null);
	return id;
}

test('an export that a closing portal left goes on with the next one', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const id = await leftBehind(ctx, person);
	expect((await exports.find(ctx, person.id, id))?.state).toBe('building');
	await workOnce(ctx);
	expect((await exports.find(ctx, person.id, id))?.state).toBe('ready');
});

// A device of Linux on which no byte finds room.
test.skipIf(!existsSync('/dev/full'))(
	'where the disk is full the person reads so, and nothing half-made is left or offered',
	async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const id = await leftBehind(ctx, person);
		const folder = `${exports.pathOf(ctx, person.id, id)}.building`;
		mkdirSync(folder, { recursive: true });
		symlinkSync('/dev/full', join(folder, '1.volume'));
		await workOnce(ctx);
		const made = await exports.find(ctx, person.id, id);
		expect(made).toMatchObject({ state: 'failed', failure: 'no-room', volumes: [], bytes: null });
		expect(readdirSync(dirname(folder)).filter((name) => name.startsWith(id))).toEqual([]);
		expect((await audit.page(ctx, person.id, undefined, 5)).map(({ kind }) => kind)).toContain(
			'export-failed'
		);
	}
);
