import { Decrypter, type Identity } from 'age-encryption';
import { createDecipheriv, createHash, scryptSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test, vi } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { entriesOf } from '../../../../tests/support/zip.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { workOnce } from '../platform/work/work.ts';
import * as exports from './exports.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const passphrase = 'the walrus sings on Tuesdays';

/** Opens what a passphrase sealed, as the format says; the library's own derivation takes ten seconds. */
const identityOf = (passphrase: string): Identity => ({
	unwrapFileKey: ([stanza]) => {
		const [type, salt = '', rounds] = stanza?.args ?? [];
		expect([type, rounds]).toEqual(['scrypt', '18']);
		const label = Buffer.from('age-encryption.org/v1/scrypt');
		const options = { N: 2 ** Number(rounds), r: 8, p: 1, maxmem: 2 ** 29 };
		const salted = Buffer.concat([label, Buffer.from(salt, 'base64')]);
		const key = scryptSync(passphrase, salted, 32, options);
		const body = Buffer.from(stanza?.body ?? []);
		const cipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 });
		cipher.setAuthTag(body.subarray(16));
		return Buffer.concat([cipher.update(body.subarray(0, 16)), cipher.final()]);
	}
});

async function made(ctx: Context, person: Person): Promise<exports.Export> {
	const choice = { categories: ['portal.activity'], language: 'en', sessionId: 's' };
	const outcome = await exports.order(as(ctx, person), person, choice, 60_000);
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome;
}

const whole = async (ctx: Context, personId: string, id: string): Promise<Buffer> =>
	Buffer.concat(await Array.fromAsync(await exports.content(ctx, personId, id)));

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
		expect(await exports.lock(ctx, person.id, before.id, passphrase)).toEqual({ done: true });

		const after = (await exports.find(ctx, person.id, before.id)) as exports.Export;
		const sealed = await whole(ctx, person.id, before.id);
		expect(after).toMatchObject({ locked: true, bytes: sealed.length });
		expect(after.volumes[0]?.sha256).toBe(createHash('sha256').update(sealed).digest('hex'));
		expect(exports.fileName(ctx, after)).toMatch(/\.zip\.age$/);
		expect(sealed.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
		// Any range of it is a range of the same file: it was made once.
		const piece = await Array.fromAsync(await exports.content(ctx, person.id, before.id, 100, 200));
		expect(Buffer.concat(piece)).toEqual(sealed.subarray(100, 200));

		const decrypter = new Decrypter();
		decrypter.addIdentity(identityOf(passphrase));
		const opened = Buffer.from(await decrypter.decrypt(sealed));
		expect(opened.equals(plain)).toBe(true);
		expect(entriesOf(opened).has('manifest.json')).toBe(true);

		const folder = dirname(exports.pathOf(ctx, person.id, before.id));
		expect(readdirSync(folder).filter((name) => name.startsWith(before.id))).toEqual([
			`${before.id}.age.sealed`
		]);
		expect(readFileSync(`${folder}/${before.id}.age.sealed`).includes('age-encryption.org')).toBe(false);
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
	const { lock } = await import('./keeping.ts');
	const outcomes = await Promise.all([
		exports.lock(ctx, person.id, id, passphrase),
		lock(ctx, person.id, id, 'the carpenter weeps on Sundays')
	]);
	expect(outcomes).toContainEqual({ done: true });
	expect(outcomes).toContainEqual({ refused: 'export-locked' });
	const isWhole = async () => {
		const hash = createHash('sha256').update(await whole(ctx, person.id, id));
		return hash.digest('hex') === (await exports.find(ctx, person.id, id))?.volumes[0]?.sha256;
	};
	expect(await isWhole()).toBe(true);
	const path = exports.pathOf(ctx, person.id, id);
	const left = () => readdirSync(dirname(path)).filter((name) => name.startsWith(id));
	expect(left()).toEqual([`${id}.age.sealed`]);
	// As if the process had died before it removed it.
	writeFileSync(path, 'not encrypted');
	await workOnce(ctx);
	expect(left()).toEqual([`${id}.age.sealed`]);
	expect(await isWhole()).toBe(true);
});

test('a weak passphrase, somebody else and a lock that breaks off change nothing', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx), await bob(ctx)];
	const { id } = await made(ctx, person);
	expect(await exports.lock(ctx, person.id, id, 'short')).toEqual({ problem: 'password-too-short' });
	expect(await exports.lock(ctx, other.id, id, passphrase)).toEqual({ refused: 'export-unknown' });
	const broken = { ...ctx, keys: { ...ctx.keys, of: () => Promise.reject(new Error('broken off')) } };
	await expect(exports.lock(broken as never, person.id, id, passphrase)).rejects.toThrow('broken off');
	expect(await exports.find(ctx, person.id, id)).toMatchObject({ locked: false, state: 'ready' });
	expect((await whole(ctx, person.id, id)).subarray(0, 2).toString()).toBe('PK');
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
	await workOnce(ctx);
	expect((await exports.find(ctx, person.id, id))?.state).toBe('expired');
	expect(existsSync(exports.pathOf(ctx, person.id, id))).toBe(false);
	portal.clock.move('2026-11-22T09:00:00.000Z');
});
