import { describe, expect, test } from 'vitest';
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

test('.env.example lists every setting', async () => {
	await expect(exampleFile()).toMatchFileSnapshot('../../../../.env.example');
});
