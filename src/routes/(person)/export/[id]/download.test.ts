import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { alice, as, bob } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import { letOpen, order, type Export } from '../../../../lib/server/exports/exports.ts';
import type { Person } from '../../../../lib/server/accounts/accounts.ts';
import { GET } from './+server';

const portal = portalForTest({ description: 'examples/classerium' });
const session = { id: 'session', provedAt: null };

async function made(person: Person): Promise<Export> {
	const ctx = as(portal.as(), person);
	const outcome = await order(ctx, person, { categories: [], language: 'en', sessionId: session.id }, 60_000);
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome;
}

async function download(
	person: Person,
	id: string,
	{ headers = {}, method = 'GET', query = '', sessionId = session.id }: Asked = {}
): Promise<Response> {
	const url = new URL(`http://localhost/export/${id}${query}`);
	const locals = { ctx: as(portal.as(), person), person, session: { ...session, id: sessionId } };
	const event = { locals, params: { id }, url, request: new Request(url, { headers, method }) };
	return GET(event as never);
}

interface Asked {
	headers?: Record<string, string>;
	method?: string;
	query?: string;
	sessionId?: string;
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

// The first export of a process starts its threads.
const starting = { timeout: 120_000 };

test(
	'a person downloads as often as they like, whole, from where it broke off, or the headers alone',
	starting,
	async () => {
		const person = await alice(portal.as());
		const { id, bytes, sha256 } = await made(person);
		const whole = await download(person, id);
		expect(whole.status).toBe(200);
		expect(Object.fromEntries(whole.headers)).toMatchObject({
			'content-length': String(bytes),
			'accept-ranges': 'bytes',
			'content-type': 'application/zip',
			etag: `"${sha256}"`
		});
		const all = await bytesOf(whole);
		expect(all).toHaveLength(bytes as number);

		const rest = await download(person, id, { headers: { range: 'bytes=1000-', 'if-range': `"${sha256}"` } });
		expect([rest.status, rest.headers.get('content-range')]).toEqual([
			206,
			`bytes 1000-${(bytes ?? 0) - 1}/${bytes}`
		]);
		expect((await bytesOf(rest)).equals(all.subarray(1000))).toBe(true);
		expect(
			(await download(person, id, { headers: { range: 'bytes=1-2', 'if-range': '"old"' } })).status
		).toBe(200);
		const beyond = await download(person, id, { headers: { range: `bytes=${bytes}-` } });
		expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes}`]);
		const head = await download(person, id, { method: 'HEAD' });
		expect([head.headers.get('content-length'), await bytesOf(head)]).toEqual([
			String(bytes),
			Buffer.alloc(0)
		]);
		expect((await download(person, id, { headers: { 'if-none-match': `"${sha256}"` } })).status).toBe(304);
	}
);

test('somebody else, another volume and a session that proved nothing get nothing', async () => {
	const [person, other] = [await alice(portal.as()), await bob(portal.as())];
	const { id } = await made(person);
	await expect(download(other, id)).rejects.toMatchObject({ status: 404 });
	await expect(download(person, id, { query: '?volume=2' })).rejects.toMatchObject({ status: 404 });
	const another = download(person, id, { sessionId: 'another' });
	await expect(another).rejects.toMatchObject({
		status: 303,
		location: expect.stringMatching(/^\/security\/prove/) as string
	});
	await letOpen(portal.as(), { personId: person.id, sessionId: 'another' }, id);
	expect((await download(person, id, { sessionId: 'another' })).status).toBe(200);
});

test('a download is over on the day that was named, also while nobody has removed it yet', async () => {
	const person = await alice(portal.as());
	const { id, expiresAt } = await made(person);
	const before = portal.clock.now();
	portal.clock.move(new Date(expiresAt ?? ''));
	await letOpen(portal.as(), { personId: person.id, sessionId: session.id }, id);
	await expect(download(person, id)).rejects.toMatchObject({ status: 404 });
	portal.clock.move(before);
});

const openFiles = (): string[] =>
	readdirSync('/proc/self/fd').flatMap((fd) => {
		try {
			return [readlinkSync(`/proc/self/fd/${fd}`)];
		} catch {
			return [];
		}
	});

test.runIf(existsSync('/proc/self/fd'))('whoever goes away in the middle leaves no file open', async () => {
	const person = await alice(portal.as());
	const { id } = await made(person);
	const reader = (await download(person, id)).body?.getReader();
	await reader?.read();
	await reader?.cancel();
	await download(person, id, { method: 'HEAD' });
	for (let tries = 0; tries < 50 && openFiles().some((path) => path.includes(id)); tries++) await pause(20);
	expect(openFiles().filter((path) => path.includes(id))).toEqual([]);
});
