import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { lookUp } from '$lib/server/accounts/accounts';
import * as tokens from '$lib/server/tokens/tokens';
import * as disclosures from './disclosures/+server';
import * as disclosuresBatch from './disclosures[x+3a]batch/+server';
import * as recordsBatch from './records[x+3a]batch/+server';
import * as peopleBatch from './people[x+3a]batch/+server';
import * as person from './people/[externalId]/+server';
import * as incidents from './incidents/+server';
import * as supportLinks from './support-links/+server';
import { openApi } from './openapi';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

type Handler = (event: never) => Response | Promise<Response>;

interface Call {
	params?: Record<string, string>;
	body?: string | object;
	headers?: Record<string, string>;
	path?: string;
	scopes?: tokens.Scope[];
	address?: string;
}

async function call(
	handler: Handler,
	{
		params = {},
		body,
		headers = {},
		path = '/api/v1/x',
		scopes = [...tokens.scopes],
		address = '127.0.0.1'
	}: Call = {}
) {
	const ctx = portal.as();
	const made = await tokens.add(ctx, { name: 'crm', scopes });
	const token = 'token' in made ? made.token : '';
	const url = new URL(path, 'http://localhost:3000');
	const text = typeof body === 'string' ? body : body === undefined ? null : JSON.stringify(body);
	const request = new Request(url, {
		method: 'POST',
		body: text,
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }
	});
	const response = await handler({ request, url, params, locals: { ctx, address } } as never);
	return {
		status: response.status,
		type: response.headers.get('content-type'),
		allow: response.headers.get('allow'),
		text: await response.text()
	};
}

const rita = {
	role: 'reader',
	language: 'es',
	timeZone: 'Europe/Madrid',
	country: 'ES',
	identifiers: { email: 'rita@example.com' }
};
const put = (given: Call) => call(person.PUT, { params: { externalId: 'rita' }, ...given });

test('a system registers a person, once', async () => {
	expect(await put({ body: rita })).toMatchObject({ status: 201 });
	expect(JSON.parse((await put({ body: rita })).text)).toMatchObject({ done: 'unchanged' });
	expect(await lookUp(portal.as(), 'rita@example.com')).toBeTruthy();
});

test('whatever is wrong is told with a code and never with a value', async () => {
	const cases: [Call, number, string][] = [
		[{ body: '{bad' }, 400, 'not-json'],
		[{ body: rita, headers: { 'content-type': 'text/plain' } }, 415, 'content-type-wrong'],
		[{ body: rita, headers: { authorization: 'Bearer wrong' } }, 401, 'token-unknown'],
		[{ body: rita, scopes: ['records:write'] }, 403, 'scope-missing'],
		[{ body: { ...rita, secretNote: 'Rita’s secret' } }, 422, 'member-unknown'],
		[{ body: { ...rita, profile: { shelf: 'secret\0' } } }, 422, 'nul'],
		[{ body: 'x'.repeat(2_500_000) }, 413, 'too-large'],
		[{ body: rita, params: { externalId: 'rita@example.com' } }, 422, 'external-id-invalid'],
		[{ body: rita, params: { externalId: 'candor-canary' } }, 422, 'external-id-reserved'],
		[{ body: { ...rita, guardians: ['nobody'] } }, 422, 'guardian-unknown']
	];
	for (const [given, status, code] of cases) {
		const answer = await put(given);
		expect(answer).toMatchObject({ status, type: 'application/problem+json' });
		expect(JSON.parse(answer.text)).toMatchObject({ status, code });
		expect(answer.text).not.toMatch(/secret[^N]|rita@/);
	}
	expect(await call(person.fallback)).toMatchObject({ status: 405, allow: 'PUT, DELETE' });
});

test('the same key is answered once more, and refused with another body', async () => {
	const ctx = portal.as();
	const made = await tokens.add(ctx, { name: 'k', scopes: ['disclosures:write'] });
	const headers = { 'idempotency-key': 'once', authorization: `Bearer ${'token' in made ? made.token : ''}` };
	const body = { person: 'rita', partner: 'bindery', fields: ['loans.title'], purpose: 'lending' };
	const first = await call(disclosures.POST, { body, headers });
	expect(first.status).toBe(201);
	expect(await call(disclosures.POST, { body, headers })).toMatchObject({ status: 201, text: first.text });
	expect(await call(disclosures.POST, { body: { ...body, reference: 'other' }, headers })).toMatchObject({
		status: 422
	});
});

test('a disclosure that is not covered is refused field by field', async () => {
	const answer = await call(disclosures.POST, {
		body: { person: 'rita', partner: 'bindery', fields: ['loans.title', 'loans.dueOn'], purpose: 'lending' }
	});
	expect(answer.status).toBe(403);
	expect(JSON.parse(answer.text).fields).toEqual([{ field: 'loans.dueOn', code: 'field-not-covered' }]);
});

test('a batch is answered line by line', async () => {
	const body = [
		JSON.stringify({ ...rita, externalId: 'sven', identifiers: { email: 'sven@example.com' } }),
		'nope',
		JSON.stringify({ ...rita, externalId: 'tom' })
	].join('\n');
	const { status, text } = await call(peopleBatch.POST, {
		body,
		headers: { 'content-type': 'application/x-ndjson' }
	});
	expect(status).toBe(200);
	expect(
		text
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line))
	).toEqual([
		{ line: 1, done: 'added' },
		{ line: 2, refused: 'not-json' },
		{ line: 3, refused: 'identifier-taken', field: 'identifiers.email' }
	]);
});

const ndjson = { 'content-type': 'application/x-ndjson' };
const linesOf = ({ text }: { text: string }) =>
	text
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);

test('a batch under one key is taken once and answered alike; another body under it is refused', async () => {
	const ctx = portal.as();
	const made = await tokens.add(ctx, { name: 'batch', scopes: [...tokens.scopes] });
	const authorization = `Bearer ${'token' in made ? made.token : ''}`;
	const headers = { ...ndjson, authorization, 'idempotency-key': 'monday' };
	const loan = (id: string, title: string) =>
		JSON.stringify({ person: 'rita', category: 'loans', id, at: '2026-11-01', title, dueOn: '2026-12-01' });
	const body = [loan('1', 'A'), loan('2', 'B'), loan('1', 'C'), 'nope'].join('\n');

	const first = await call(recordsBatch.POST, { body, headers });
	expect(first.status).toBe(200);
	expect(linesOf(first).map(({ done, refused }) => done ?? refused)).toEqual([
		'added',
		'added',
		'replaced',
		'not-json'
	]);
	expect(await call(recordsBatch.POST, { body, headers })).toEqual(first);
	const again = await call(recordsBatch.POST, {
		body,
		headers: { ...headers, 'idempotency-key': 'tuesday' }
	});
	expect(linesOf(again).map(({ done }) => done)).toEqual(['replaced', 'replaced', 'replaced', undefined]);
	const other = await call(recordsBatch.POST, { body: loan('3', 'D'), headers });
	expect(other).toMatchObject({ status: 422, type: 'application/problem+json' });
	expect(
		(await call(recordsBatch.POST, { body: loan('3', 'D'), headers: { ...ndjson, authorization } })).status
	).toBe(200);
	const tokenId = 'id' in made ? made.id : '';
	const hash = createHash('sha256').update(body).digest('hex');
	await tokens.begin(ctx, tokenId, 'running', `POST /api/v1/x\n${hash}`);
	const running = await call(recordsBatch.POST, {
		body,
		headers: { ...headers, 'idempotency-key': 'running' }
	});
	expect(running.status).toBe(409);
	const kept = await ctx.db.selectFrom('idempotentAnswer').select('answer').execute();
	expect(JSON.stringify(kept)).not.toMatch(/rita|"A"/);
});

test('a token for some addresses is refused from another', async () => {
	const ctx = portal.as();
	const made = await tokens.add(ctx, { name: 'erp', scopes: ['people:write'], networks: ['10.0.0.0/8'] });
	const headers = { authorization: `Bearer ${'token' in made ? made.token : ''}` };
	const from = (address: string) => put({ body: rita, headers, address });
	expect(JSON.parse((await from('192.0.2.1')).text)).toMatchObject({
		status: 403,
		code: 'address-not-allowed'
	});
	expect(await from('10.9.8.7')).toMatchObject({ status: 200 });
});

test('erasing at once needs its own scope and a reason; otherwise the grace period runs, once', async () => {
	const remove = (given: Call) =>
		call(person.DELETE, { params: { externalId: 'sven' }, path: '/api/v1/people/sven', ...given });
	expect(
		await remove({ path: '/api/v1/people/sven?grace=none', scopes: ['people:write'], body: { reason: 'x' } })
	).toMatchObject({ status: 403 });
	expect(await remove({ path: '/api/v1/people/sven?grace=none' })).toMatchObject({ status: 422 });
	const made = await tokens.add(portal.as(), { name: 'erp', scopes: ['people:write'] });
	const authorization = `Bearer ${'token' in made ? made.token : ''}`;
	const once = { headers: { authorization, 'idempotency-key': 'sven-leaves' }, body: { reason: 'asked' } };
	const first = await remove(once);
	expect(first.status).toBe(202);
	const { claimCode, ...rest } = JSON.parse(first.text) as Record<string, string>;
	expect(claimCode).toMatch(/^(?:[A-Z0-9]{4}-){4}[A-Z0-9]{4}$/);
	for (const again of [await remove(once), await remove({})])
		expect({ status: again.status, body: JSON.parse(again.text) as object }).toEqual({
			status: 202,
			body: rest
		});
	expect(await remove({ params: { externalId: 'nobody' } })).toMatchObject({ status: 404 });
});

test('a support link is made for one person and one page', async () => {
	expect(await call(supportLinks.POST, { body: { person: 'rita', page: '/export' } })).toMatchObject({
		status: 201
	});
	expect(await call(supportLinks.POST, { body: { person: 'rita', page: '/staff' } })).toMatchObject({
		status: 422
	});
});

test('every reference of the published document resolves within it', () => {
	const document = JSON.parse(JSON.stringify(openApi('http://localhost:3000'))) as Record<string, never>;
	for (const [, path] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g))
		expect(
			path?.split('/').reduce<Record<string, never> | undefined>((value, name) => value?.[name], document)
		).toBeTypeOf('object');
});

test('the gate answers with the row, or with a code and a sentence per field', async () => {
	const body = { person: 'rita', partner: 'bindery', fields: ['loans.title'], purpose: 'lending' };
	const released = await call(disclosures.POST, { body });
	expect(released.status).toBe(201);
	expect(JSON.parse(released.text)).toEqual({
		id: expect.any(String) as string,
		at: '2026-11-22T09:00:00.000Z',
		recorded: 'released',
		basis: expect.any(String) as string,
		country: expect.any(String) as string,
		consentVersion: null,
		released: ['loans.title'],
		partner: 'bindery',
		purpose: 'lending',
		refused: []
	});
	const both = { ...body, fields: ['loans.title', 'loans.dueOn'] };
	const refused = await call(disclosures.POST, { body: both });
	expect(JSON.parse(refused.text)).toMatchObject({
		status: 403,
		code: 'disclosure-refused',
		detail: expect.stringContaining('the description does not let this partner have it') as string
	});
	const partly = await call(disclosures.POST, { body: { ...both, partial: true } });
	expect([partly.status, JSON.parse(partly.text)]).toMatchObject([
		201,
		{ released: ['loans.title'], refused: [{ field: 'loans.dueOn', code: 'field-not-covered' }] }
	]);
	const past = await call(disclosures.POST, { body: { ...body, at: '2026-01-01T09:00:00Z' } });
	expect(JSON.parse(past.text)).toMatchObject({ recorded: 'afterwards' });
	expect(await call(disclosures.POST, { body: { ...body, at: '2027-01-01T09:00:00Z' } })).toMatchObject({
		status: 422
	});
	const lines = [body, { ...body, purpose: 'selling' }, { ...body, person: 'nobody' }, both];
	const batch = await call(disclosuresBatch.POST, {
		body: lines.map((line) => JSON.stringify(line)).join('\n'),
		headers: ndjson
	});
	expect(linesOf(batch)).toMatchObject([
		{ line: 1, done: 'added', recorded: 'released', released: ['loans.title'] },
		{ line: 2, refused: 'disclosure-refused', fields: [{ code: 'purpose-unknown' }] },
		{ line: 3, refused: 'person-unknown' },
		{ line: 4, refused: 'disclosure-refused', fields: [{ field: 'loans.dueOn' }] }
	]);
});

test('a system records a breach, whose clock runs from when it was known; without the scope it records nothing', async () => {
	const breach = {
		what: { es: 'Se copió una lista.' },
		knownAt: '2026-11-22T08:00:00+01:00',
		fields: ['card'],
		affected: { people: ['rita', 'nobody'] }
	};
	const made = await call(incidents.POST, { body: breach });
	expect(made).toMatchObject({ status: 201 });
	expect(JSON.parse(made.text)).toEqual({
		id: expect.any(String),
		authorityDueAt: '2026-11-25T07:00:00.000Z',
		unknown: ['nobody']
	});
	expect(await call(incidents.POST, { body: breach, scopes: ['people:write'] })).toMatchObject({
		status: 403
	});
	const wrong = await call(incidents.POST, { body: { ...breach, fields: ['shoes'] } });
	expect(wrong).toMatchObject({ status: 422 });
	expect(JSON.parse(wrong.text)).toMatchObject({ code: 'field-unknown' });
	expect(await call(incidents.POST, { body: { ...breach, affected: {} } })).toMatchObject({ status: 422 });
	expect(await call(incidents.POST, { body: { ...breach, knownAt: 'yesterday' } })).toMatchObject({
		status: 422
	});
});
