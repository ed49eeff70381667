import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as objections from '../objections/objections.ts';
import { answers } from '../objections/purposes.ts';
import * as signal from '../objections/signal.ts';
import { dueWork } from '../requests/due.ts';
import * as requests from '../requests/requests.ts';
import { drpCalls, drpChanges, drpEnds } from './callbacks.ts';
import * as drp from './drp.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const start = '2026-11-22T09:00:00.000Z';
const keys: Record<string, KeyObject> = {};
const business = 'classerium';

beforeAll(() => {
	const file = join(portal.dataFolder, 'agents.json');
	const entries = ['permission-slip', 'other-agent'].map((id) => {
		const { publicKey, privateKey } = generateKeyPairSync('ed25519');
		keys[id] = privateKey;
		const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
		return { id, name: `Agent ${id}`, verify_key: raw.toString('base64'), web_url: 'https://agent.example' };
	});
	writeFileSync(file, JSON.stringify(entries));
	portal.settings.drpAgentsFile = file;
	portal.settings.drpBusinessId = business;
});

/** libsodium's combined mode. */
const signed = (value: object, by: string | KeyObject = 'permission-slip') => {
	const message = Buffer.from(JSON.stringify(value));
	const key = typeof by === 'string' ? (keys[by] as KeyObject) : by;
	return Buffer.concat([sign(null, message, key), message]).toString('base64');
};
let numbers = 0;
const stamp = (given: object = {}) => ({
	'agent-id': 'permission-slip',
	'business-id': business,
	'issued-at': '2026-11-22T08:59:00.000Z',
	'expires-at': '2026-11-22T09:09:00.000Z',
	'drp.version': '1.0',
	'agent-request-id': `number ${++numbers}`,
	...given
});
const asking = (given: object = {}) => stamp({ exercise: 'access', regime: 'ccpa', ...given });

async function paired(id = 'permission-slip'): Promise<drp.Agent> {
	const outcome = await drp.pair(portal.as(), id, signed(stamp({ 'agent-id': id }), id));
	return (await drp.authenticate(portal.as(), `Bearer ${outcome?.token}`)) as drp.Agent;
}
const ask = async (given: object) =>
	(await drp.exercise(portal.as(), await paired(), signed(asking(given)))) as drp.StatusObject;

describe('pairing', () => {
	test('gives a token, kept as a hash, for the key of the directory', async () => {
		const outcome = await drp.pair(portal.as(), 'permission-slip', signed(stamp()));
		expect(outcome).toMatchObject({ 'agent-id': 'permission-slip', token: expect.any(String) });
		expect(await drp.authenticate(portal.as(), `Bearer ${outcome?.token}`)).toMatchObject({
			id: 'permission-slip'
		});
		const stored = await portal.as().db.selectFrom('drpToken').selectAll().execute();
		expect(JSON.stringify(stored)).not.toContain(outcome?.token as string);
		expect(await drp.authenticate(portal.as(), 'Bearer nonsense')).toBeUndefined();
		expect(await drp.authenticate(portal.as(), null)).toBeUndefined();
	});

	test('gives none for a stranger, another key, another name, another business, or the same words again', async () => {
		const { privateKey: strange } = generateKeyPairSync('ed25519');
		const pair = (id: string, body: string) => drp.pair(portal.as(), id, body);
		expect(await pair('nobody', signed(stamp({ 'agent-id': 'nobody' })))).toBeUndefined();
		expect(await pair('permission-slip', signed(stamp(), strange))).toBeUndefined();
		expect(await pair('permission-slip', signed(stamp(), 'other-agent'))).toBeUndefined();
		expect(await pair('permission-slip', signed(stamp({ 'agent-id': 'other-agent' })))).toBeUndefined();
		expect(await pair('permission-slip', signed(stamp({ 'business-id': 'somebody-else' })))).toBeUndefined();
		const body = signed(stamp());
		expect(await pair('permission-slip', body)).toBeDefined();
		expect(await pair('permission-slip', body)).toBeUndefined();
	});
});

describe('an agent', () => {
	test.each([
		['not-base64', () => '%%%'],
		['signature-wrong', () => Buffer.from('short').toString('base64')],
		['signature-wrong', () => signed(asking(), 'other-agent')],
		['agent-wrong', () => signed(asking({ 'agent-id': 'other-agent' }))],
		['business-wrong', () => signed(asking({ 'business-id': 'somebody-else' }))],
		['not-yet', () => signed(asking({ 'issued-at': '2026-11-22T09:00:01.000Z' }))],
		['too-late', () => signed(asking({ 'expires-at': '2026-11-22T09:00:00.000Z' }))],
		['window-too-long', () => signed(asking({ 'expires-at': '2026-11-23T09:00:00.000Z' }))],
		['fields-wrong', () => signed({ exercise: 'access' })],
		['request-wrong', () => signed(asking({ exercise: 'everything' }))],
		['request-wrong', () => signed(asking({ 'drp.version': '0.9' }))],
		['request-wrong', () => signed(asking({ status_callback: 'file:///etc/passwd' }))]
	])('is refused with %s', async (refused, body) => {
		expect(await drp.exercise(portal.as(), await paired(), body())).toEqual({ refused });
	});

	test('is refused when the same words come again', async () => {
		const body = signed(asking());
		expect(await drp.exercise(portal.as(), await paired(), body)).toHaveProperty('request_id');
		expect(await drp.exercise(portal.as(), await paired(), body)).toEqual({ refused: 'replayed' });
	});

	test('is refused when the same words come again with the last letter spelt otherwise', async () => {
		let body = signed(asking());
		while (!body.endsWith('=')) body = signed(asking({ pad: 'x'.repeat(++numbers % 3) }));
		const [, letter = '', padding = ''] = /(.)(=+)$/.exec(body) ?? [];
		const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
		const other = body.slice(0, -1 - padding.length) + letters[letters.indexOf(letter) + 1] + padding;
		expect(Buffer.from(other, 'base64')).toEqual(Buffer.from(body, 'base64'));
		expect(await drp.exercise(portal.as(), await paired(), body)).toHaveProperty('request_id');
		expect(await drp.exercise(portal.as(), await paired(), other)).toEqual({ refused: 'not-base64' });
	});

	test('neither sees nor takes back what another one asked', async () => {
		const { request_id: id } = await ask({ email: 'nobody@example.com' });
		const other = await paired('other-agent');
		expect(await drp.status(portal.as(), other, id)).toEqual({ refused: 'not-yours' });
		expect(await drp.revoke(portal.as(), other, id, signed({ reason: 'x' }, 'other-agent'))).toEqual({
			refused: 'not-yours'
		});
		expect(await drp.status(portal.as(), other, 'no-such-thing')).toEqual({ refused: 'not-yours' });
	});
});

describe('what is asked in the name of Alice', () => {
	const known = async (given: object = {}) => {
		const person = await alice(portal.as(), { country: 'US', region: 'CA', timeZone: 'America/Los_Angeles' });
		const row = await ask({ email: `${person.externalId}@example.com`, email_verified: true, ...given });
		return { person, row };
	};
	const standing = async (row: drp.StatusObject) =>
		(await drp.status(portal.as(), await paired(), row.request_id)) as drp.StatusObject;

	test('waits for her word, though the agent says that all is verified', async () => {
		const { person, row } = await known({ exercise: 'deletion' });
		expect(row).toMatchObject({
			received_at: start,
			status: 'in_progress',
			reason: 'need_user_verification',
			user_verification_url: `http://localhost:3000/requests/${row.request_id}`
		});
		const found = await requests.find(portal.as(), person.id, row.request_id);
		expect(found?.request).toMatchObject({ kind: 'erasure', state: 'waiting-for-proof', channel: 'agent' });
		await requests.confirm(as(portal.as(), person), person.id, row.request_id);
		expect(await standing(row)).toMatchObject({ status: 'in_progress' });
		expect(await standing(row)).not.toHaveProperty('reason');
		await requests.decide(
			portal.as('staff:lee'),
			{ id: 'lee', name: 'Lee', role: 'officer' },
			{ personId: person.id, requestId: row.request_id },
			{ decision: 'refused', reasons: 'Not you.', ground: 'not-identified' }
		);
		expect(await standing(row)).toMatchObject({ status: 'denied', reason: 'insuf_verification' });
	});

	test('reads the same as what is asked in the name of nobody', async () => {
		const { row } = await known();
		const other = await ask({ email: 'nobody@example.com', email_verified: true });
		const like = (one: drp.StatusObject) => ({
			...one,
			request_id: '',
			agent_request_id: '',
			user_verification_url: one.user_verification_url?.replace(one.request_id, '')
		});
		expect(like(other)).toEqual(like(row));
		expect(other.agent_request_id).toMatch(/^number/);
		portal.clock.move('2027-02-22T09:00:00.000Z');
		expect(await drp.status(portal.as(), (await agentLater()) as drp.Agent, other.request_id)).toMatchObject({
			status: 'expired'
		});
		portal.clock.move(start);
	});

	test('is due on the same day wherever she lives, and ends on it, with or without her', async () => {
		const given = { email: 'seoul@example.com' };
		const person = await alice(portal.as(), { country: 'KR', timeZone: 'Asia/Seoul', identifiers: given });
		const known = await ask(given);
		const unknown = await ask({ email: 'nobody@example.com' });
		const own = await requests.find(portal.as(), person.id, known.request_id);
		expect(own?.request.dueAt).toBe('2026-12-22T14:59:59.999Z');
		expect(known.expected_by).toBe(unknown.expected_by);
		for (const [day, status] of [
			['2026-12-22', 'in_progress'],
			['2026-12-23', 'expired']
		]) {
			portal.clock.move(`${day}T20:00:00.000Z`);
			while (await dueWork.run(portal.as()));
			const agent = (await agentLater()) as drp.Agent;
			for (const { request_id: id } of [known, unknown])
				expect(await drp.status(portal.as(), agent, id)).toMatchObject({
					status,
					reason: 'need_user_verification'
				});
			expect((await requests.find(portal.as(), person.id, known.request_id))?.request.decision).toBe(
				'unproved'
			);
		}
		portal.clock.move(start);
	});

	test('counts at once where it is an opt-out, also of what she allowed, and says so to her alone', async () => {
		const email = 'opted@example.com';
		const person = await alice(portal.as(), { identifiers: { email } });
		const other = await bob(portal.as());
		const meant = signal.purposesOf(portal.as().organisation);
		expect(meant.length).toBeGreaterThan(0);
		const [allowed = ''] = meant;
		await objections.choose(as(portal.as(), person), person, { purpose: allowed, allowed: true });
		const row = await ask({ email, exercise: 'access' });
		expect([...(await objections.of(portal.as(), person.id))]).toEqual([]);
		const optOut = await ask({ email, exercise: 'sale:opt-out' });
		const unknown = await ask({ email: 'nobody@example.com', exercise: 'sale:opt-out' });
		expect((await objections.of(portal.as(), person.id)).size).toBe(meant.length);
		for (const purpose of meant)
			expect((await answers(portal.as(), person)).get(purpose)).toMatchObject({
				allowed: false,
				because: 'asked-by-agent',
				since: start
			});
		expect((await objections.of(portal.as(), other.id)).size).toBe(0);
		const kinds = (await audit.page(portal.as(), person.id, undefined, 20)).map(({ kind }) => kind);
		expect(kinds.filter((kind) => kind === 'purpose-off-by-agent')).toHaveLength(meant.length);
		const like = (one: drp.StatusObject) => ({ ...one, request_id: '', agent_request_id: '' });
		expect(like(unknown)).toEqual(like(optOut));
		expect(row.status).toBe('in_progress');
	});

	test('an opt-out needs no proof, opting in again is not an agent’s to do', async () => {
		const { person, row } = await known({ exercise: 'sale:opt-out' });
		expect(row).not.toHaveProperty('reason');
		expect((await requests.find(portal.as(), person.id, row.request_id))?.request.state).toBe('open');
		expect(await ask({ exercise: 'sale:opt-in' })).toMatchObject({
			status: 'denied',
			reason: 'claim_not_covered'
		});
	});

	test('is taken back by its agent', async () => {
		const { person, row } = await known();
		const revoked = await drp.revoke(
			portal.as(),
			await paired(),
			row.request_id,
			signed({ reason: 'changed mind' })
		);
		expect(revoked).toMatchObject({ status: 'revoked' });
		expect((await requests.find(portal.as(), person.id, row.request_id))?.request.decision).toBe('revoked');
		expect(await standing(row)).toMatchObject({ status: 'revoked' });
	});

	test('and each change is told to the address that the agent gave, which no description can turn inwards', async () => {
		const told: unknown[] = [];
		const server = createServer((request, response) => {
			let body = '';
			request.on('data', (chunk: Buffer) => (body += chunk.toString()));
			request.on('end', () => {
				told.push(JSON.parse(body));
				response.writeHead(told.length > 1 ? 200 : 503).end();
			});
		}).listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		const status_callback = `http://127.0.0.1:${(server.address() as AddressInfo).port}/status`;
		const { person, row } = await known({ status_callback });
		await requests.disown(as(portal.as(), person), person.id, row.request_id, 'not-mine');
		const run = async (ctx: Context) => {
			while (await drpChanges.run(ctx));
			while (await drpCalls.run(ctx));
		};
		await run(portal.as());
		expect(told).toEqual([]);
		portal.settings.privateWebhooks = true;
		for (const later of ['09:00:10', '09:06:00', '10:00:00']) {
			portal.clock.move(`2026-11-22T${later}.000Z`);
			await run(portal.as());
		}
		portal.settings.privateWebhooks = false;
		portal.clock.move(start);
		server.close();
		expect(told).toHaveLength(2);
		expect(told.at(-1)).toMatchObject({
			request_id: row.request_id,
			status: 'denied',
			reason: 'suspected_fraud'
		});
	});
});

/** Signed for another time than the tests begin at. */
async function agentLater(): Promise<drp.Agent | undefined> {
	const now = portal.clock.now().getTime();
	const given = {
		'issued-at': new Date(now - 1_000).toISOString(),
		'expires-at': new Date(now + 60_000).toISOString()
	};
	const outcome = await drp.pair(portal.as(), 'permission-slip', signed(stamp(given)));
	return drp.authenticate(portal.as(), `Bearer ${outcome?.token}`);
}

test('what is final is dropped after sixty days, and not before seven', async () => {
	const { request_id: id } = await ask({ exercise: 'sale:opt-in' });
	const isThere = async () =>
		(await portal.as().db.selectFrom('drpRequest').select('id').where('id', '=', id).executeTakeFirst()) !==
		undefined;
	portal.clock.move('2027-01-20T09:00:00.000Z');
	await drpEnds.run(portal.as());
	expect(await isThere()).toBe(true);
	portal.clock.move('2027-01-22T09:00:00.000Z');
	await drpEnds.run(portal.as());
	expect(await isThere()).toBe(false);
	portal.clock.move(start);
});
