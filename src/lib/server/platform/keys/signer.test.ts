import { randomBytes } from 'node:crypto';
import { compactVerify, createLocalJWKSet } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { databaseForThisTest } from '../../../../../tests/support/databases.ts';
import { systemClock } from '../clock.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/open.ts';
import { keyringOf, parseMasterKeys } from './keyring.ts';
import { openSigner } from './signer.ts';
import { keysMigrations, type KeysSchema } from './tables.ts';

const keyring = keyringOf(parseMasterKeys(`1:${randomBytes(32).toString('base64')}`) as Map<number, never>);

async function emptyKeys() {
	const db = openDatabase<KeysSchema>(await databaseForThisTest('keys'));
	onTestFinished(() => db.destroy());
	await migrate(db as never, keysMigrations);
	return db;
}

const newSigner = async () => openSigner(await emptyKeys(), keyring, systemClock);

test('any JOSE tool checks a signature against the published keys', async () => {
	const signer = await newSigner();
	const jws = await signer.sign('candor-test+jws', { left: true });
	const keys = createLocalJWKSet(await signer.publicKeys());
	const { payload } = await compactVerify(jws, keys);
	expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ left: true });
	expect(JSON.stringify(await signer.publicKeys())).not.toContain('"d"');
});

test('processes that start at once sign with one key', async () => {
	const db = await emptyKeys();
	const start = () => openSigner(db, keyring, systemClock);
	const [first, second] = await Promise.all([start(), start()]);
	const jws = await first.sign('candor-test+jws', { one: 1 });
	for (const signer of [first, second, await start()])
		expect(await signer.read('candor-test+jws', jws)).toEqual({ one: 1 });
});

test('what was changed, cut, of another type, or signed by somebody else is not believed', async () => {
	const signer = await newSigner();
	const stranger = await newSigner();
	const jws = await signer.sign('candor-test+jws', { left: true });
	const [head, , signature] = jws.split('.');
	const other = Buffer.from('{"left":false}').toString('base64url');
	for (const wrong of [
		`${head}.${other}.${signature}`,
		jws.slice(0, -4),
		`${head}..${signature}`,
		'',
		'x.y.z'
	])
		expect(await signer.read('candor-test+jws', wrong), wrong).toBeUndefined();
	expect(await signer.read('candor-other+jws', jws)).toBeUndefined();
	expect(await stranger.read('candor-test+jws', jws)).toBeUndefined();
	const none = `${Buffer.from('{"alg":"none","typ":"candor-test+jws"}').toString('base64url')}.${other}.`;
	expect(await signer.read('candor-test+jws', none)).toBeUndefined();
});

test('a signature beside a file fits that file only', async () => {
	const signer = await newSigner();
	const jws = await signer.signDetached('candor-test+jws', Buffer.from('one'));
	expect(await signer.fits('candor-test+jws', jws, Buffer.from('one'))).toBe(true);
	expect(await signer.fits('candor-test+jws', jws, Buffer.from('two'))).toBe(false);
});
