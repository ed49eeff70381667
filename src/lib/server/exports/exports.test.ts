import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Context } from '../context.ts';
import { workOnce } from '../platform/work/work.ts';
import * as exports from './exports.ts';

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
