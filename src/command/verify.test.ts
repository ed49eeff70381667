import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { ZipArchive } from 'archiver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alice } from '../../tests/support/people.ts';
import { portalForTest } from '../../tests/support/portal-for-test.ts';
import * as audit from '../lib/server/audit/audit.ts';
import { auditWork } from '../lib/server/audit/tree/positions.ts';
import { headsFile } from '../lib/server/audit/tree/heads.ts';
import { verifyAudit } from './verify-audit.ts';
import { verifyVolumes } from './verify-export.ts';
import { verifyFile } from './verify-file.ts';
import { processEnvironment } from '../../tests/support/process-environment.ts';

const portal = portalForTest();
const folder = mkdtempSync(join(tmpdir(), 'candor-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
function fileWith(content: string | Buffer, name = `${++made}.txt`): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

const keys = async () => (await portal.as().signer.publicKeys()).keys;
const problems = async (path: string) => (await verifyFile(path, await keys())).problems;

const certificate = () =>
	portal
		.as()
		.signer.sign('candor-certificate+jws', { format: 'candor-certificate/1', sub: 'case', version: 1 });

describe('a certificate', () => {
	test('is known and fits', async () => {
		const verdict = await verifyFile(fileWith(`${await certificate()}\n`), await keys());
		expect(verdict).toMatchObject({ kind: 'certificate', problems: [] });
		expect(verdict.says[0]).toContain('case');
	});

	test('that was changed, cut, signed by somebody else or not signed at all does not fit', async () => {
		const jws = await certificate();
		const [head, payload, signature] = jws.split('.');
		const other = Buffer.from(JSON.stringify({ sub: 'another' })).toString('base64url');
		for (const text of [
			`${head}.${other}.${signature}`,
			jws.slice(0, -9),
			`${head}.${payload}`,
			head as string,
			'{"format":"candor-certificate/1"}',
			'',
			'{"format":"something/1"}',
			'hello'
		])
			expect(await problems(fileWith(text)), text).toHaveLength(1);
		expect((await verifyFile(fileWith(jws), [])).problems).toHaveLength(1);
	});
});

describe('an export', () => {
	const files = { 'data/visits.json': '[{"id":1}]\n', 'index.html': '<!doctype html>' };
	type Files = Record<string, string>;
	let whole: Files;

	beforeAll(async () => {
		const manifest = JSON.stringify({
			format: 'candor-export/1',
			person: 'somebody',
			created: '2026-11-22T09:00:00.000Z',
			files: Object.entries(files).map(([path, text]) => ({
				path,
				bytes: text.length,
				sha256: createHash('sha256').update(text).digest('hex')
			}))
		});
		const jws = await portal.as().signer.signDetached('candor-manifest+jws', Buffer.from(manifest));
		whole = { ...files, 'manifest.json': manifest, 'manifest.jws': jws };
	});

	async function zipOf(entries: readonly (readonly [string, string])[]): Promise<string> {
		const path = join(folder, `${++made}.zip`);
		const archive = new ZipArchive();
		const written = createWriteStream(path);
		archive.pipe(written);
		for (const [name, text] of entries) archive.append(text, { name });
		await archive.finalize();
		await finished(written);
		return path;
	}
	const zipWith = (change: Files = {}, without = '') =>
		zipOf(Object.entries({ ...whole, ...change }).filter(([name]) => name !== without));

	test('is known and fits', async () => {
		expect(await verifyFile(await zipWith(), await keys())).toMatchObject({ kind: 'export', problems: [] });
	});

	test('with a changed, lacking, further or doubled file does not fit, and says which', async () => {
		expect(await problems(await zipWith({ 'data/visits.json': '[{"id":2}]\n' }))).toEqual([
			'data/visits.json was changed.'
		]);
		expect(await problems(await zipWith({}, 'index.html'))).toEqual(['index.html is missing.']);
		expect(await problems(await zipWith({ 'more.json': '[]' }))).toEqual([
			'more.json is not named in the manifest.'
		]);
		const doubled = [...Object.entries(whole), ['index.html', files['index.html']] as const];
		expect(await problems(await zipOf(doubled))).toEqual(['index.html stands in the ZIP twice.']);
	});

	test('with something that its directory does not name, or with a folder, does not fit', async () => {
		const zip = readFileSync(await zipWith());
		const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
		const directory = zip.readUInt32LE(end + 16);
		const forged = Buffer.from('<h1>forged</h1>');
		const header = Buffer.alloc(30);
		header.writeUInt32LE(0x04034b50, 0);
		header.writeUInt16LE(20, 4);
		header.writeUInt32LE(crc32(forged), 14);
		for (const at of [18, 22]) header.writeUInt32LE(forged.length, at);
		header.writeUInt16LE('index.html'.length, 26);
		const hidden = Buffer.concat([header, Buffer.from('index.html'), forged]);
		const more = ['The ZIP holds more than its directory names.'];
		const tail = Buffer.from(zip.subarray(directory));
		tail.writeUInt32LE(directory + hidden.length, end - directory + 16);
		const before = Buffer.concat([zip.subarray(0, directory), hidden, tail]);
		expect(await problems(fileWith(before))).toEqual(more);
		const between = Buffer.concat([zip.subarray(0, end), hidden, zip.subarray(end)]);
		expect(await problems(fileWith(between))).not.toEqual([]);
		const commented = Buffer.concat([zip, hidden]);
		commented.writeUInt16LE(hidden.length, end + 20);
		expect(await problems(fileWith(commented))).toEqual(more);
		// Another name before the content than in the directory.
		const renamed = Buffer.from(zip);
		renamed.write('x', 30);
		expect(await problems(fileWith(renamed))).toEqual(more);
		expect(await problems(await zipOf([...Object.entries(whole), ['folder/', '']]))).toEqual([
			'folder/ is not named in the manifest.'
		]);
	});

	test('whose manifest was changed, or is not signed, does not fit', async () => {
		const changed = (whole['manifest.json'] as string).replace('somebody', 'another');
		expect(await problems(await zipWith({ 'manifest.json': changed }))).toHaveLength(1);
		expect(await problems(await zipWith({}, 'manifest.jws'))).toHaveLength(1);
		expect(await problems(await zipWith({}, 'manifest.json'))).toHaveLength(1);
	});

	test('that was cut or spoilt does not fit', async () => {
		const zip = readFileSync(await zipWith());
		expect(await problems(fileWith(zip.subarray(0, zip.length - 30)))).toEqual([
			'The ZIP is broken or was cut.'
		]);
		const spoilt = Buffer.from(zip);
		spoilt[52] = (spoilt[52] as number) ^ 255;
		expect(await problems(fileWith(spoilt))).not.toEqual([]);
	});

	test('of several volumes is whole when each is there once, and says which is not', async () => {
		const volume = async (number: number, of = 'one', change: Files = {}) => {
			const manifest = JSON.stringify({
				...(JSON.parse(whole['manifest.json'] as string) as object),
				export: of,
				volume: { number, last: 2 },
				complete: false,
				parts: [
					{ path: 'data/visits', expected: 3, included: 1, complete: false, missing: { 'source-failed': 0 } }
				]
			});
			const jws = await portal.as().signer.signDetached('candor-manifest+jws', Buffer.from(manifest));
			return zipOf(Object.entries({ ...whole, 'manifest.json': manifest, 'manifest.jws': jws, ...change }));
		};
		const [first, second, other] = [await volume(1), await volume(2), await volume(2, 'other')];
		const check = async (...paths: string[]) => verifyVolumes(paths, await keys());
		const verdict = await check(first, second);
		expect(verdict.problems).toEqual([]);
		expect(verdict).not.toHaveProperty('notGiven');
		expect(await verifyFile(second, await keys())).toMatchObject({ problems: [], notGiven: [1] });
		expect(verdict.says.join(' ')).toContain('volume 2 of 2');
		expect(verdict.says.join(' ')).toContain('data/visits is incomplete: 1 of 3 records (source-failed)');
		expect((await check(first, first)).problems).toEqual([
			'Volume 1 of 2 is there 2 times.',
			'Volume 2 of 2 is missing.'
		]);
		expect((await check(first, other)).problems).toEqual(['These volumes are of several exports.']);
		const spoilt = await volume(2, 'one', { 'index.html': '<!doctype' });
		expect((await check(first, spoilt)).problems).toEqual([`${basename(spoilt)}: index.html was changed.`]);
	});

	test('that its person has locked is opened by them first', async () => {
		const [problem] = await problems(fileWith('age-encryption.org/v1\n-> scrypt'));
		expect(problem).toContain('locked with a passphrase');
	});

	test('is checked by its manifest alone too, with the files that lie beside it', async () => {
		const path = fileWith(whole['manifest.json'] as string, 'manifest.json');
		expect(await problems(path)).toHaveLength(1);
		fileWith(whole['manifest.jws'] as string, 'manifest.jws');
		expect(await verifyFile(path, await keys())).toMatchObject({ kind: 'manifest', problems: [] });
		fileWith('<!doctype', 'index.html');
		expect(await problems(path)).toEqual(['index.html was changed.']);
		expect(existsSync(join(dirname(path), 'data'))).toBe(false);
	});
});

test('a proof of activity is known and fits; a changed one says which event', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	for (let index = 0; index < 3; index++) await audit.record(ctx, person.id, 'session-started', { index });
	while ((await auditWork.run(ctx)) > 0);
	const text = (await Array.fromAsync(audit.proof(ctx, person.id))).join('');
	expect(await verifyFile(fileWith(text), await keys())).toMatchObject({
		kind: 'activity-proof',
		problems: []
	});
	expect(await problems(fileWith(text.replace('"index":1', '"index":7')))).toEqual(['Event 2 was changed.']);
	expect(await problems(fileWith(text.slice(0, -20)))).toHaveLength(1);
});

test('the audit says in sentences what is wrong', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	for (let index = 0; index < 3; index++) await audit.record(ctx, person.id, 'session-started', { index });
	while ((await auditWork.run(ctx)) > 0);
	expect((await verifyAudit(ctx, undefined)).problems).toEqual([]);
	await ctx.db
		.updateTable('auditEvent')
		.set({ kind: 'other' })
		.where('personId', '=', person.id)
		.where('number', '=', 2)
		.execute();
	expect((await verifyAudit(ctx, undefined)).problems).toEqual([
		`Event 2 of ${person.id} was changed after it was written.`
	]);
	rmSync(headsFile(portal.settings));
	expect((await verifyAudit(ctx, undefined)).says.join(' ')).toContain('outside the database');
});

// The command opens embedded databases of its own: once is enough.
const onceTest = test.runIf(process.env.CANDOR_TEST_ENGINE !== 'postgres');

onceTest('the command ends with 0, 1 and 2, and answers machines in JSON', { timeout: 120_000 }, async () => {
	const jwks = fileWith(JSON.stringify(await portal.as().signer.publicKeys()), 'jwks.json');
	const jws = await certificate();
	const env = { ...processEnvironment, CANDOR_DATA: join(folder, 'data'), CANDOR_DEMONSTRATION: '1' };
	const candor = (...words: string[]) => {
		const { status, stdout, stderr } = spawnSync(
			join(process.cwd(), 'node_modules/.bin/node'),
			['src/command/candor.ts', 'verify', ...words],
			{ encoding: 'utf8', env }
		);
		return { status, stdout, stderr };
	};
	const good = candor(fileWith(jws), '--keys', jwks, '--json');
	expect(good).toMatchObject({ status: 0, stderr: '' });
	expect(JSON.parse(good.stdout)).toMatchObject({ kind: 'certificate', fits: true });
	expect(candor(fileWith(jws))).toMatchObject({ status: 1, stdout: '' });
	expect(candor('nothing.jws')).toMatchObject({ status: 2 });
	expect(candor(fileWith(jws), '--keys', fileWith('no keys'))).toMatchObject({ status: 2 });
	expect(candor('audit')).toMatchObject({ status: 0 });
});
