import { beforeEach, expect, test } from 'vitest';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '$lib/server/accounts/accounts';
import { positionWork } from '$lib/server/contact-changes/positions';
import { workOnce } from '$lib/server/platform/work/work';
import * as preferences from '$lib/server/preferences/preferences';
import * as tokens from '$lib/server/tokens/tokens';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import * as batch from './may-contact[x+3a]batch/+server';
import * as one from './people/[externalId]/may-contact/+server';
import * as changes from './preferences/changes/+server';

const portal = portalForTest({ description: 'examples/classting' });
type Handler = (event: never) => Response | Promise<Response>;
const now = '2026-11-22T09:00:00.000Z';

let person: Person;
let other: Person;
beforeEach(async () => {
	person = await alice(portal.as(), { role: 'student' });
	other = await bob(portal.as(), { role: 'student' });
});

interface Asking {
	externalId?: string;
	query?: string;
	body?: string | Buffer;
	scope?: tokens.Scope;
	type?: string;
}

async function ask(
	handler: Handler,
	{ externalId = '', query = '', body, scope = 'contact:read', type = 'application/x-ndjson' }: Asking = {}
) {
	const made = await tokens.add(portal.as(), { name: 'campaigns', scopes: [scope] });
	const url = new URL(`http://localhost:3000/api/v1/x${query}`);
	const headers = { authorization: `Bearer ${'token' in made ? made.token : ''}`, 'content-type': type };
	const request = new Request(url, {
		headers,
		...(body !== undefined && { method: 'POST', body: new Uint8Array(Buffer.from(body)) })
	});
	const locals = { ctx: portal.as(), address: '127.0.0.1' };
	const response = await handler({ request, url, params: { externalId }, locals } as never);
	return { status: response.status, text: await response.text() };
}

const mayContact = async (who: Person, topic = 'events') => {
	const { text } = await ask(one.GET, {
		externalId: who.externalId,
		query: `?channel=email&topic=${topic}`
	});
	return JSON.parse(text) as unknown;
};
const decide = (allowed: boolean) =>
	preferences.set(portal.as(), person, [{ channel: 'email', topic: 'events', allowed }], { origin: 'page' });

test('a campaign tool hears whether, why and since when, and a refusal at once', async () => {
	expect(await mayContact(person)).toEqual({ allowed: false, because: 'default', since: null });
	await decide(true);
	expect(await mayContact(person)).toEqual({ allowed: true, because: 'decided', since: now });
	await decide(false);
	expect(await mayContact(person)).toEqual({ allowed: false, because: 'decided', since: now });
	expect(await mayContact(person, 'account')).toEqual({ allowed: true, because: 'essential', since: null });
	expect(await mayContact({ ...person, externalId: 'nobody' })).toEqual({
		allowed: false,
		because: 'person-unknown',
		since: null
	});
});

test('nobody hears anything without the scope or half a question', async () => {
	const query = '?channel=email&topic=events';
	const asked = { externalId: person.externalId, query };
	expect((await ask(one.GET, { ...asked, scope: 'records:write' })).status).toBe(403);
	expect((await ask(batch.POST, { body: '{}', scope: 'records:write' })).status).toBe(403);
	expect((await ask(changes.GET, { scope: 'records:write' })).status).toBe(403);
	for (const half of ['', '?channel=email', '?topic=events'])
		expect(await ask(one.GET, { ...asked, query: half })).toMatchObject({ status: 422 });
});

test('a batch is answered line by line, and a bad line holds up no other', async () => {
	await decide(true);
	const line = (who: string, topic = 'events') => JSON.stringify({ person: who, channel: 'email', topic });
	const body = Buffer.concat([
		Buffer.from(`${line(person.externalId)}\n{bad\n\n[]\n${line(other.externalId)}\n`),
		Buffer.from([0xff, 0x0a]),
		Buffer.from(`{"person":"a","channel":7,"topic":"events"}\n{"person":"a","channel":"email"}\n`),
		Buffer.from(`${line(person.externalId, '\0\ud800')}\n${line('nobody')}`)
	]);
	const { status, text } = await ask(batch.POST, { body });
	expect(status).toBe(200);
	expect(
		text
			.trim()
			.split('\n')
			.map((answer) => JSON.parse(answer) as unknown)
	).toEqual([
		{ line: 1, allowed: true, because: 'decided', since: now },
		{ line: 2, refused: 'not-json' },
		{ line: 4, refused: 'not-object' },
		{ line: 5, allowed: false, because: 'default', since: null },
		{ line: 6, refused: 'not-utf8' },
		{ line: 7, refused: 'not-text', field: 'channel' },
		{ line: 8, refused: 'required', field: 'topic' },
		{ line: 9, allowed: false, because: 'no-such-choice', since: null },
		{ line: 10, allowed: false, because: 'person-unknown', since: null }
	]);
	expect(await ask(batch.POST, { body: '' })).toEqual({ status: 200, text: '' });
	expect((await ask(batch.POST, { body: '{}', type: 'text/plain' })).status).toBe(415);
	expect((await ask(batch.POST, { body: '{}\n'.repeat(10_001) })).status).toBe(413);
});

test('a copy is kept right by following the changes', async () => {
	const follow = async (after: number, limit = 100) => {
		await workOnce({ ...portal.as(), work: [positionWork] });
		const { status, text } = await ask(changes.GET, { query: `?after=${after}&limit=${limit}` });
		return {
			status,
			...(JSON.parse(text) as Awaited<ReturnType<typeof preferences.following>> & { next: number })
		};
	};
	let { next } = await follow(0, 1000);
	await decide(true);
	await decide(false);
	const answers = [{ channel: 'email', topic: 'events', allowed: false, because: 'decided', since: now }];
	const about = { person: person.externalId, channel: 'email', topic: 'events', at: now, answers };
	expect(await follow(next)).toEqual({
		status: 200,
		changes: [
			{ position: next + 1, ...about },
			{ position: next + 2, ...about }
		],
		next: next + 2,
		more: false
	});
	expect(await follow(next, 1)).toMatchObject({ next: next + 1, more: true });
	next += 2;
	await withdrawal.pause(portal.as(), other.id, true);
	const paused = await follow(next);
	expect(paused).toMatchObject({ changes: [{ person: other.externalId, channel: null, topic: null }] });
	expect(JSON.stringify(paused)).toContain('paused');
	expect(await follow(next + 50)).toMatchObject({ status: 410, code: 'changes-gone' });
	for (const query of ['?after=-1', '?after=x', '?limit=0', '?limit=1001', '?after=1e3'])
		expect((await ask(changes.GET, { query })).status).toBe(422);
});
