import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exampleFile, readSettings } from './settings.ts';

const real = {
	ORIGIN: 'https://privacy.example.com',
	CANDOR_DESCRIPTION: '/etc/candor',
	CANDOR_MASTER_KEYS: '1:x',
	NODE_ENV: 'production'
};

const problems = (env: Record<string, string>) => {
	const read = readSettings(env);
	return 'problems' in read ? read.problems.map(({ name }) => name) : [];
};

describe('without any setting', () => {
	test('the demonstration opens', () => {
		expect(readSettings({})).toMatchObject({ demonstration: true, origin: 'http://localhost:3000' });
		expect(readSettings({ CANDOR_DESCRIPTION: 'examples/classerium', CANDOR_DATA: 'x' })).toMatchObject({
			demonstration: true
		});
	});

	test('in production, what a real portal needs is asked for, all at once', () => {
		expect(problems({ NODE_ENV: 'production' })).toEqual([
			'CANDOR_DESCRIPTION',
			'ORIGIN',
			'CANDOR_MASTER_KEYS'
		]);
	});
});

test('any setting of a real portal ends the demonstration', () => {
	expect(problems({ CANDOR_SMTP_URL: 'smtp://localhost' })).toContain('CANDOR_MASTER_KEYS');
	expect(problems({ CANDOR_DESCRIPTION: '/etc/candor' })).toContain('ORIGIN');
});

test('a real portal reads its settings', () => {
	expect(readSettings(real)).toMatchObject({ demonstration: false, descriptionFolder: '/etc/candor' });
});

test.each([
	['a setting that does not exist', { CANDOR_NONSENSE: '1' }, 'CANDOR_NONSENSE'],
	['one that a later version brings', { CANDOR_STORAGE_URL: 'file:x' }, 'CANDOR_STORAGE_URL'],
	['an empty one', { CANDOR_DATA: '' }, 'CANDOR_DATA'],
	['one of the wrong form', { CANDOR_DATABASE_URL: 'mysql://x' }, 'CANDOR_DATABASE_URL'],
	['a gateway without a sender', { CANDOR_SMS_URL: 'twilio+https://a:b@sms.example.com' }, 'CANDOR_SMS_URL'],
	['a secret that can be guessed', { CANDOR_SMS_SECRET: 'secret' }, 'CANDOR_SMS_SECRET'],
	['an origin with a path', { ORIGIN: 'https://example.com/privacy' }, 'ORIGIN'],
	[
		'keys beside what they seal',
		{ CANDOR_DATABASE_URL: 'sqlite:x', CANDOR_KEYS_URL: 'sqlite:x' },
		'CANDOR_KEYS_URL'
	],
	['a moved clock in a real portal', { CANDOR_CLOCK_FILE: '/tmp/now' }, 'CANDOR_CLOCK_FILE'],
	['two ways to give the keys', { CANDOR_MASTER_KEYS_FILE: '/run/keys' }, 'CANDOR_MASTER_KEYS']
])('%s stops the start by its name', (_, given, name) => {
	expect(problems({ ...real, ...given })).toContain(name);
});

test('a problem never repeats the value', () => {
	expect(
		JSON.stringify(readSettings({ ...real, CANDOR_DATABASE_URL: 'mysql://secret-password' }))
	).not.toContain('secret-password');
});

describe('the key that signs mails', () => {
	const dkim = { CANDOR_DKIM_DOMAIN: 'example.com', CANDOR_DKIM_SELECTOR: 'candor' };
	const fileOf = (content: string) => {
		const folder = mkdtempSync(join(tmpdir(), 'candor-dkim-'));
		onTestFinished(() => rmSync(folder, { recursive: true }));
		writeFileSync(join(folder, 'key.pem'), content);
		return join(folder, 'key.pem');
	};
	const pem = { type: 'pkcs8', format: 'pem' } as const;
	const rsa = (bits: number) =>
		generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export(pem).toString();
	const problemOf = (env: Record<string, string>) => {
		const read = readSettings({ ...real, ...env });
		return 'problems' in read ? read.problems.map(({ name, problem }) => `${name} ${problem}`) : [];
	};

	test.each([
		['RSA', () => rsa(2_048)],
		['Ed25519', () => generateKeyPairSync('ed25519').privateKey.export(pem).toString()]
	])('is taken as %s', (_, make) => {
		const key = make();
		const read = readSettings({ ...real, ...dkim, CANDOR_DKIM_KEY_FILE: fileOf(key) });
		expect(read).toMatchObject({ dkim: { domain: 'example.com', selector: 'candor', key } });
	});

	test('is refused where it is short, of another kind, no key, or not there', () => {
		const problem = (content: string) => problemOf({ ...dkim, CANDOR_DKIM_KEY_FILE: fileOf(content) }).join();
		const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem).toString();
		expect(problem(rsa(1_024))).toMatch(/^CANDOR_DKIM_KEY_FILE .* neither RSA of at least 2048 bits/);
		expect(problem(elliptic)).toMatch(/neither RSA of at least 2048 bits nor Ed25519/);
		expect(problem('no key')).toMatch(/holds no private key/);
		expect(problemOf({ ...dkim, CANDOR_DKIM_KEY_FILE: '/nowhere/key.pem' }).join()).toMatch(/cannot be read/);
	});

	test('needs its domain and its name', () => {
		expect(problems({ ...real, CANDOR_DKIM_KEY_FILE: fileOf(rsa(2_048)) })).toEqual([
			'CANDOR_DKIM_DOMAIN',
			'CANDOR_DKIM_SELECTOR'
		]);
		expect(problems({ ...real, ...dkim })).toEqual(['CANDOR_DKIM_KEY_FILE']);
		expect(problems({ ...real, ...dkim, CANDOR_DKIM_DOMAIN: 'example.com; d=other' })).toContain(
			'CANDOR_DKIM_DOMAIN'
		);
	});
});

test('.env.example lists every setting', async () => {
	await expect(exampleFile()).toMatchFileSnapshot('../../../../.env.example');
});
