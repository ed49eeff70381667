import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as agents from './agent/[agent]/+server';
import * as one from './data-rights-request/[id]/+server';
import * as all from './data-rights-request/+server';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const id = 'permission-slip';

beforeAll(() => {
	const file = join(portal.dataFolder, 'agents.json');
	const verify_key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
	writeFileSync(file, JSON.stringify([{ id, name: 'Permission Slip', verify_key }]));
	portal.settings.drpAgentsFile = file;
	portal.settings.drpBusinessId = 'library';
});

const signed = (given: object = {}) => {
	const message = Buffer.from(
		JSON.stringify({
			'agent-id': id,
			'business-id': 'library',
			'issued-at': '2026-11-22T08:59:00.000Z',
			'expires-at': '2026-11-22T09:09:00.000Z',
			'drp.version': '1.0',
			...given
		})
	);
	return Buffer.concat([sign(null, message, privateKey), message]).toString('base64');
};

async function call(
	handler: (event: never) => Response | Promise<Response>,
	{
		body,
		token,
		type = 'text/plain',
		params = {}
	}: { body?: string; token?: string; type?: string; params?: object }
) {
	const headers = { 'content-type': type, ...(token && { authorization: `Bearer ${token}` }) };
	const request = new Request('http://localhost:3000/drp/v1', {
		method: 'POST',
		headers,
		...(body && { body })
	});
	const response = await handler({ request, params, locals: { ctx: portal.as() } } as never);
	return { status: response.status, text: await response.text(), allow: response.headers.get('allow') };
}
let nonce = 0;
const pair = async () =>
	(
		JSON.parse(
			(await call(agents.POST, { body: signed({ nonce: ++nonce }), params: { agent: id } })).text
		) as { token: string }
	).token;

describe('an agent', () => {
	test('pairs, and is told nothing but 403 when something is wrong', async () => {
		const token = await pair();
		expect(await call(agents.GET, { token, params: { agent: id } })).toMatchObject({
			status: 200,
			text: '{}'
		});
		const nothing = { status: 403, text: '' };
		expect(await call(agents.GET, { token, params: { agent: 'other' } })).toMatchObject(nothing);
		expect(await call(agents.GET, { token: 'no', params: { agent: id } })).toMatchObject(nothing);
		for (const body of ['', '%%%', signed({ 'business-id': 'x', nonce: ++nonce })])
			expect(await call(agents.POST, { body, params: { agent: id } })).toMatchObject(nothing);
		expect(
			await call(agents.POST, {
				body: signed({ nonce: ++nonce }),
				type: 'application/json',
				params: { agent: id }
			})
		).toMatchObject(nothing);
	});

	test('asks, looks and takes back, each with the protocol’s own answers', async () => {
		const token = await pair();
		const asked = await call(all.POST, {
			token,
			body: signed({ exercise: 'deletion', email: 'x@example.com', nonce: ++nonce })
		});
		expect(asked.status).toBe(200);
		const { request_id } = JSON.parse(asked.text) as { request_id: string };
		const params = { id: request_id };
		expect(JSON.parse((await call(one.GET, { token, params })).text)).toMatchObject({
			status: 'in_progress'
		});
		const revoked = await call(one.DELETE, { token, params, body: signed({ reason: 'changed mind' }) });
		expect(JSON.parse(revoked.text)).toMatchObject({ request_id, status: 'revoked' });
		expect(await call(one.GET, { token, params: { id: 'no-such' } })).toMatchObject({
			status: 403,
			text: ''
		});
		const late = await call(all.POST, {
			token,
			body: signed({ exercise: 'access', 'expires-at': '2026-11-22T09:00:00.000Z' })
		});
		expect([late.status, JSON.parse(late.text)]).toEqual([
			400,
			{ code: '400', message: 'too-late', fatal: true }
		]);
		expect((await call(all.POST, { token, body: 'x', type: 'application/json' })).status).toBe(415);
		expect((await call(all.POST, { body: signed({ exercise: 'access', nonce: ++nonce }) })).status).toBe(403);
		expect(await call(all.fallback, {})).toMatchObject({ status: 405, allow: 'POST' });
	});

	test('finds nothing where the organisation takes no agents', async () => {
		const business = portal.settings.drpBusinessId;
		portal.settings.drpBusinessId = undefined;
		expect((await call(agents.POST, { body: signed(), params: { agent: id } })).status).toBe(404);
		portal.settings.drpBusinessId = business;
	});
});
