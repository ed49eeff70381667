// The database goes away while people are there, and comes back. It needs a build.
import { renameSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { emptyPostgres } from '../support/empty-databases.ts';
import { mailboxOf } from '../support/mailbox.ts';
import { startPostgres } from '../support/postgres.ts';
import { startPortal } from '../support/running-portal.ts';
import { signedIn, visitorOf, type Answered } from '../support/visitor.ts';

const catalogue = (language: string) =>
	(
		JSON.parse(
			readFileSync(new URL(`../../src/lib/i18n/locales/${language}/errors.json`, import.meta.url), 'utf8')
		) as { page: Record<string, string> }
	).page;

/** Says in Korean that something broke here, and nothing that only a programmer understands. */
function expectApology({ status, text }: Answered, path: string): void {
	expect(status, path).toBeGreaterThanOrEqual(500);
	expect(text, path).toContain(catalogue('ko')['broken']);
	expect(text, path).not.toMatch(/node_modules|ECONN|at async|select /);
}

async function onPostgres() {
	const server = await startPostgres();
	onTestFinished(() => server.stop());
	const settings: Record<string, string> = {};
	for (const name of ['DATABASE', 'KEYS', 'ARCHIVE'])
		settings[`CANDOR_${name}_URL`] = (await emptyPostgres(server.url, name.toLowerCase())).url;
	const portal = await startPortal({ settings });
	onTestFinished(() => portal.stop());
	return { server, portal };
}

async function comesBack(path: string, get: (path: string) => Promise<Answered>): Promise<Answered> {
	for (let attempt = 0; attempt < 50; attempt += 1) {
		const answer = await get(path);
		if (answer.status === 200) return answer;
		await pause(200);
	}
	throw new Error(`${path} did not come back`);
}

test('a person is told so while the database is away, and goes on where they were when it is back', async () => {
	const { server, portal } = await onPostgres();
	const [minjun, stranger] = [await signedIn(portal, 'minjun'), visitorOf(portal)];
	expect((await minjun.get('/profile')).status).toBe(200);

	await server.halt();
	for (const path of ['/', '/profile', '/messages']) expectApology(await minjun.get(path), path);
	expectApology(await stranger.post('/sign-in', { identifier: 'minjun', password: 'x' }), 'a form');
	expect((await stranger.get('/health/ready')).status).toBe(503);
	expect((await stranger.get('/health/live')).status).toBe(200);
	await pause(1_500);
	await server.resume();

	await comesBack('/health/ready', stranger.get);
	expect((await comesBack('/profile', minjun.get)).text).toContain('minjun@example.com');
	await stranger.post('/recover', { identifier: 'minjun@example.com' });
	expect(await mailboxOf(portal).code('minjun@example.com')).toMatch(/^\d{6}$/);
}, 120_000);

test('a portal whose file was taken away says that it is not ready', async () => {
	const portal = await startPortal();
	onTestFinished(() => portal.stop());
	const visitor = visitorOf(portal);
	const file = join(portal.dataFolder, 'portal.db');
	expect((await visitor.get('/health/ready')).status).toBe(200);
	renameSync(file, `${file}.away`);
	expect((await visitor.get('/health/ready')).status).toBe(503);
	renameSync(`${file}.away`, file);
	expect((await visitor.get('/health/ready')).status).toBe(200);
}, 60_000);

test('keys that were taken away are told at the next start, which makes none anew', async () => {
	const portal = await startPortal();
	onTestFinished(() => portal.stop());
	const file = join(portal.dataFolder, 'keys.db');
	await expect(portal.restart(() => renameSync(file, `${file}.away`))).rejects.toThrow(
		/ended with code 2 .*CANDOR_KEYS_URL: the keys database is missing/s
	);
	await portal.restart(() => renameSync(`${file}.away`, file));
	await signedIn(portal, 'minjun');
}, 60_000);

test('the page for when nothing else can be made says it in every language', () => {
	const page = readFileSync(new URL('../../src/error.html', import.meta.url), 'utf8');
	for (const language of ['en', 'ko', 'es', 'ar'])
		for (const key of ['broken', 'broken-lead']) expect(page).toContain(catalogue(language)[key]);
});
