import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZipArchive } from 'archiver';
import { afterAll, expect, test } from 'vitest';
import { alice, as, bob } from '../../tests/support/people.ts';
import { portalForTest } from '../../tests/support/portal-for-test.ts';
import type { Person } from '../lib/server/accounts/accounts.ts';
import type { Context } from '../lib/server/context.ts';
import * as exports from '../lib/server/exports/exports.ts';
import * as preferences from '../lib/server/preferences/preferences.ts';
import { set, values } from '../lib/server/profile/profile.ts';
import * as records from '../lib/server/records/records.ts';
import { rowsIn } from './export-rows.ts';
import { takeAll, whoseOf } from './import-export.ts';
import { verifyVolumes } from './verify-export.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const other = portalForTest({ description: 'examples/classting' });
const folder = mkdtempSync(join(tmpdir(), 'candor-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function exported(ctx: Context, person: Person): Promise<string> {
	const choice = { categories: [], language: 'en', sessionId: 's' };
	const made = await exports.order(as(ctx, person), person, choice, 60_000);
	if ('refused' in made) throw new Error(made.refused);
	const path = join(folder, `${made.id}.zip`);
	writeFileSync(path, Buffer.concat(await Array.fromAsync(await exports.content(ctx, person.id, made.id))));
	return path;
}

async function aliceWithData(ctx: Context): Promise<Person> {
	const person = await alice(ctx);
	await set(ctx, person, { name: 'Alice "{[" 앨리스' }, 'sign-up');
	const visit = (id: string) => ({ category: 'visits', id, at: '2026-11-20', fields: { page: '/"}]' } });
	await records.put(ctx, person.id, ['one', 'two'].map(visit));
	const { topic, cells } = (await preferences.grid(ctx, person)).find(
		({ topic }) => !topic.essential
	) as never;
	const [{ channel }] = cells as [{ channel: 'email' }];
	const topicId = (topic as { id: string }).id;
	for (const allowed of [false, true, false])
		await preferences.set(ctx, person, [{ channel, topic: topicId, allowed }], { origin: 'page' });
	return person;
}

// The first export of a process starts its threads.
const starting = { timeout: 120_000 };

test(
	'an export comes into another account as far as it fits, and the second time changes nothing',
	starting,
	async () => {
		const ctx = portal.as();
		const zip = await exported(ctx, await aliceWithData(ctx));
		const keys = (await ctx.signer.publicKeys()).keys;
		expect((await verifyVolumes([zip], keys)).problems).toEqual([]);
		const person = await bob(ctx);
		const first = new Map((await takeAll(ctx, person, [zip])).map((taken) => [taken.path, taken]));
		expect(first.get('data/visits')).toMatchObject({ taken: 2, replaced: 0, left: {} });
		expect(first.get('data/identity')).toMatchObject({ taken: 1 });
		expect(first.get('data/contact')?.left).toMatchObject({ 'email: field-is-identifier': 1 });
		expect(first.get('messages/preferences')).toMatchObject({ taken: 1, left: { 'chosen-anew': 2 } });
		expect(first.get('activity')?.left).toHaveProperty('of-its-portal');
		expect((await values(ctx, person)).get('name')?.value).toBe('Alice "{[" 앨리스');

		const again = new Map((await takeAll(ctx, person, [zip])).map((taken) => [taken.path, taken]));
		expect(again.get('data/visits')).toMatchObject({ taken: 0, replaced: 2 });
		expect(again.get('data/identity')).toMatchObject({ taken: 0, unchanged: 1 });
		expect(again.get('messages/preferences')).toMatchObject({ taken: 0, unchanged: 1 });
	}
);

test('what another portal does not know is told by name, and nothing is dropped silently', async () => {
	const zip = await exported(portal.as(), await aliceWithData(portal.as()));
	const taken = new Map(
		(await takeAll(other.as(), await bob(other.as()), [zip])).map((one) => [one.path, one])
	);
	expect(taken.get('data/identity')?.left).toEqual({ 'category-unknown': 1 });
	expect(taken.get('data/visits')).toMatchObject({ taken: 2, left: { 'page: field-unknown': 2 } });
});

test('an export of this portal says whose it is, and that it is somebody else’s', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx), await bob(ctx)];
	const zip = await exported(ctx, person);
	const of = { person: person.id, organisation: { id: 'classerium' }, language: 'en', complete: true };
	expect(await whoseOf(ctx, person, zip)).toMatchObject({ ...of, somebodyElse: false });
	expect(await whoseOf(ctx, other, zip)).toMatchObject({ ...of, somebodyElse: true });
	// Signed by keys of another portal, whoever the id may be here.
	const stranger = { ...ctx, signer: { ...ctx.signer, fits: async () => false } };
	expect(await whoseOf(stranger, other, zip)).toMatchObject({ somebodyElse: false });
});

test('files that are not taken are counted', async () => {
	const content = JSON.stringify({
		...{ format: 'candor-export/1', person: 'somebody', created: '2026-11-22T09:00:00.000Z' },
		files: ['files/a.png', 'files/b.json'].map((path) => ({ path, bytes: 1, sha256: '', records: 0 }))
	});
	const path = join(folder, 'files.zip');
	const archive = new ZipArchive();
	archive.append(content, { name: 'manifest.json' });
	await archive.finalize();
	writeFileSync(path, Buffer.concat(await Array.fromAsync(archive as AsyncIterable<Buffer>)));
	const taken = await takeAll(portal.as(), await bob(portal.as()), [path]);
	expect(taken).toMatchObject([{ path: 'files', taken: 0, left: { 'file-not-taken': 2 } }]);
});

test('rows are found whole however the file is cut into pieces', async () => {
	const rows = [{ a: '}]"\\', b: [1, { c: '한{' }] }, {}, { d: null }];
	const bytes = Buffer.from(`[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
	for (const size of [1, 2, 3, 7, bytes.length]) {
		async function* pieces() {
			for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
		}
		expect(await Array.fromAsync(rowsIn(pieces())), String(size)).toEqual(rows);
	}
});
