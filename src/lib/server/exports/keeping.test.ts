import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test, vi } from 'vitest';
import { openedWith } from '../../../../tests/support/passphrase.ts';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { entriesOf } from '../../../../tests/support/zip.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { sealingStream } from '../platform/keys/sealed-file.ts';
import { workOnce } from '../platform/work/work.ts';
import * as exports from './exports.ts';
import { lockedPathOf, sealedName } from './places.ts';
import { updateExport } from './queries.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const passphrase = 'the walrus sings on Tuesdays';

async function made(ctx: Context, person: Person): Promise<exports.Export> {
	const choice = { categories: ['portal.activity'], language: 'en', sessionId: 's' };
	const outcome = await exports.order(as(ctx, person), person, choice, 60_000);
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome;
}

const whole = async (ctx: Context, personId: string, id: string): Promise<Buffer> =>
	Buffer.concat(await Array.fromAsync(await exports.content(ctx, personId, id)));

const folderOf = (ctx: Context, personId: string) => dirname(exports.pathOf(ctx, personId, 'none'));

const left = (ctx: Context, personId: string, id: string): string[] =>
	readdirSync(folderOf(ctx, personId)).filter((name) => name.startsWith(id));

// The first export of a process starts its threads.
const starting = { timeout: 120_000 };

test(
	'a download locked with a passphrase opens with it in age, and nothing else of it is left',
	starting,
	async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const before = await made(ctx, person);
		const plain = await whole(ctx, person.id, before.id);
		expect(await exports.lock(ctx, person.id, before.id, passphrase)).toEqual({ locked: true });

		const after = (await exports.find(ctx, person.id, before.id)) as exports.Export;
		const sealed = await whole(ctx, person.id, before.id);
		expect(after).toMatchObject({ locked: true, bytes: sealed.length });
		expect(after.volumes[0]?.sha256).toBe(createHash('sha256').update(sealed).digest('hex'));
		expect(exports.fileName(ctx, after)).toMatch(/\.zip\.age$/);
		expect(sealed.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
		// Any range of it is a range of the same file: it was made once.
		const piece = await Array.fromAsync(await exports.content(ctx, person.id, before.id, 100, 200));
		expect(Buffer.concat(piece)).toEqual(sealed.subarray(100, 200));

		const opened = await openedWith(passphrase, sealed);
		expect(opened.equals(plain)).toBe(true);
		expect(entriesOf(opened).has('manifest.json')).toBe(true);

		expect(left(ctx, person.id, before.id)).toEqual([`${before.id}.age.sealed`]);
		expect(readFileSync(lockedPathOf(ctx, person.id, before.id)).includes('age-encryption.org')).toBe(false);
		const events = await audit.page(ctx, person.id, undefined, 10);
		expect(events.map(({ kind }) => kind)).toContain('export-locked');
		expect(JSON.stringify(events)).not.toContain('walrus');
		expect(await exports.lock(ctx, person.id, before.id, passphrase)).toEqual({ refused: 'export-locked' });
	}
);

test('two processes that lock at once: one passphrase counts, and its file is whole', starting, async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const { id } = await made(ctx, person);
	vi.resetModules();
	const { lock } = await import('./locking.ts');
	const outcomes = await Promise.all([
		exports.lock(ctx, person.id, id, passphrase),
		lock(ctx, person.id, id, 'the carpenter weeps on Sundays')
	]);
	expect(outcomes).toContainEqual({ locked: true });
	expect(outcomes).toContainEqual({ refused: 'export-locked' });
	const isWhole = async () => {
		const hash = createHash('sha256').update(await whole(ctx, person.id, id));
		return hash.digest('hex') === (await exports.find(ctx, person.id, id))?.volumes[0]?.sha256;
	};
	expect(await isWhole()).toBe(true);
	expect(left(ctx, person.id, id)).toEqual([`${id}.age.sealed`]);
	// As if the process had died before it removed it; and being asked to keep it longer changes nothing about that.
	writeFileSync(exports.pathOf(ctx, person.id, id), 'not encrypted');
	await exports.prolong(ctx, person.id, id);
	await workOnce(ctx);
	expect(left(ctx, person.id, id)).toEqual([`${id}.age.sealed`]);
	expect(await isWhole()).toBe(true);
});

test('a weak passphrase, somebody else and a lock that breaks off change nothing', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx), await bob(ctx)];
	const { id } = await made(ctx, person);
	expect(await exports.lock(ctx, person.id, id, 'short')).toEqual({ problem: 'password-too-short' });
	expect(await exports.lock(ctx, other.id, id, passphrase)).toEqual({ refused: 'export-unknown' });
	const broken = { ...ctx, keys: { ...ctx.keys, of: () => Promise.reject(new Error('broken off')) } };
	expect(await exports.lock(broken as never, person.id, id, passphrase)).toEqual({ refused: 'lock-failed' });
	const unchanged = { locked: false, locking: false, state: 'ready' };
	expect(await exports.find(ctx, person.id, id)).toMatchObject(unchanged);
	expect((await whole(ctx, person.id, id)).subarray(0, 2).toString()).toBe('PK');
});

const megabytes = 16;

/** As large as one that takes a while. */
async function makeLarge(ctx: Context, personId: string, id: string): Promise<void> {
	const noise = Readable.from(Array.from({ length: megabytes }, () => randomBytes(1_000_000)));
	const sealing = sealingStream(await ctx.keys.of(personId), sealedName(id));
	await pipeline(noise, sealing, createWriteStream(exports.pathOf(ctx, personId, id)));
}

const isLocked = async (ctx: Context, personId: string, id: string) =>
	(await exports.find(ctx, personId, id))?.locked;

test('a large download is locked beside the pages, its person reads so, and has it as it was until then', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const { id } = await made(ctx, person);
	await makeLarge(ctx, person.id, id);
	const before = await whole(ctx, person.id, id);
	expect(await exports.lock(ctx, person.id, id, passphrase, 0)).toEqual({ locked: false });
	expect(await exports.find(ctx, person.id, id)).toMatchObject({ locked: false, locking: true });
	expect(await exports.progressOf(ctx, person.id, id)).toMatchObject({ state: 'ready', locking: true });
	expect(await exports.lock(ctx, person.id, id, passphrase)).toEqual({ refused: 'export-locked' });
	const begun = () => left(ctx, person.id, id).find((name) => name.endsWith('.partial'));
	await expect.poll(begun, { timeout: 20_000 }).toBeDefined();
	const written = () => statSync(join(folderOf(ctx, person.id), begun() ?? '')).size;
	// This thread stands still from here until half of it was written: it has no part in that.
	const half = (megabytes * 1_000_000) / 2;
	const still = new Int32Array(new SharedArrayBuffer(4));
	for (let look = 0; look < 1_000 && written() < half; look++) Atomics.wait(still, 0, 0, 20);
	expect(written()).toBeGreaterThan(half);
	expect(await isLocked(ctx, person.id, id)).toBe(false);
	expect((await whole(ctx, person.id, id)).equals(before)).toBe(true);
	await expect.poll(() => isLocked(ctx, person.id, id), { timeout: 20_000 }).toBe(true);
	const opened = await openedWith(passphrase, await whole(ctx, person.id, id));
	expect(opened.equals(before)).toBe(true);
}, 60_000);

test('a portal that closes while it locks leaves the download as it was', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const { id } = await made(ctx, person);
	await makeLarge(ctx, person.id, id);
	const locking = exports.lock(ctx, person.id, id, passphrase, 60_000);
	await expect.poll(() => left(ctx, person.id, id).length, { timeout: 20_000 }).toBe(2);
	await exports.threadOf(ctx.settings).stop();
	expect(await locking).toEqual({ refused: 'lock-failed' });
	expect(left(ctx, person.id, id)).toEqual([`${id}.sealed`]);
	expect(await exports.find(ctx, person.id, id)).toMatchObject({ locked: false, locking: false });
}, 60_000);

test('what a process held and began that died while it locked is let go and removed', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const { id } = await made(ctx, person);
	const dead = { leasedUntil: '2026-11-22T09:01:00.000Z', nextAttemptAt: '2026-11-22T09:00:00.000Z' };
	await updateExport(ctx, { personId: person.id, id }, 'ready', dead);
	for (const begun of ['', '.01.partial'])
		writeFileSync(`${lockedPathOf(ctx, person.id, id)}${begun}`, 'half of it');
	await workOnce(ctx);
	expect(left(ctx, person.id, id)).toHaveLength(3);
	expect((await exports.find(ctx, person.id, id))?.locking).toBe(true);
	expect(await exports.lock(ctx, person.id, id, passphrase)).toEqual({ refused: 'export-locked' });

	portal.clock.move('2026-11-22T09:01:00.001Z');
	expect((await exports.find(ctx, person.id, id))?.locking).toBe(false);
	await workOnce(ctx);
	expect(left(ctx, person.id, id)).toEqual([`${id}.sealed`]);
	expect(await exports.lock(ctx, person.id, id, passphrase)).toEqual({ locked: true });
	portal.clock.move('2026-11-22T09:00:00.000Z');
});

test('a download is kept longer as often as its person asks, within bounds, and goes on its new day', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx), await bob(ctx)];
	const { id } = await made(ctx, person);
	expect(await exports.prolong(ctx, other.id, id)).toEqual({ refused: 'export-unknown' });
	expect(await exports.prolong(ctx, person.id, id)).toEqual({ expiresAt: '2026-12-06T09:00:00.000Z' });
	portal.clock.move('2026-11-30T09:00:00.000Z');
	await workOnce(ctx);
	expect((await exports.find(ctx, person.id, id))?.state).toBe('ready');
	for (let time = 1; time < exports.prolongedAtMost; time++) await exports.prolong(ctx, person.id, id);
	expect(await exports.prolong(ctx, person.id, id)).toEqual({ refused: 'prolonged-enough' });
	portal.clock.move('2026-12-20T09:00:00.001Z');
	expect(await exports.prolong(ctx, person.id, id)).toEqual({ refused: 'export-not-ready' });
	expect(await exports.lock(ctx, person.id, id, passphrase)).toEqual({ refused: 'export-not-ready' });
	await workOnce(ctx);
	expect((await exports.find(ctx, person.id, id))?.state).toBe('expired');
	expect(existsSync(exports.pathOf(ctx, person.id, id))).toBe(false);
	portal.clock.move('2026-11-22T09:00:00.000Z');
});
