import { beforeEach, expect, test } from 'vitest';
import { alice, as, bob, mina } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '$lib/server/accounts/accounts';
import * as audit from '$lib/server/audit/audit';
import * as preferences from '$lib/server/preferences/preferences';
import * as tokens from '$lib/server/tokens/tokens';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import * as route from './people/[externalId]/preferences/+server';

const portal = portalForTest({ description: 'examples/classting' });

let person: Person;
let other: Person;
beforeEach(async () => {
	person = await alice(portal.as(), { role: 'student' });
	other = await bob(portal.as(), { role: 'student' });
});

const no = { channel: 'email', topic: 'events', allowed: false };
const yes = { ...no, allowed: true };

interface Telling {
	who?: Pick<Person, 'externalId'>;
	scopes?: tokens.Scope[];
	headers?: Record<string, string>;
	token?: string;
}

const tokenFor = async (scopes: tokens.Scope[]) => {
	const made = await tokens.add(portal.as(), { name: 'crm', scopes });
	return 'token' in made ? made.token : '';
};

async function tell(
	body: unknown,
	{ who = person, scopes = ['contact:write'], headers, token }: Telling = {}
) {
	const url = new URL(`http://localhost:3000/api/v1/people/${who.externalId}/preferences`);
	const request = new Request(url, {
		method: 'PUT',
		body: JSON.stringify(body),
		headers: {
			authorization: `Bearer ${token ?? (await tokenFor(scopes))}`,
			'content-type': 'application/json',
			...headers
		}
	});
	const locals = { ctx: portal.as(), address: '127.0.0.1' };
	const params = { externalId: who.externalId };
	const response = (await route.PUT({ request, url, params, locals } as never)) as Response;
	return {
		status: response.status,
		replayed: response.headers.get('idempotent-replayed'),
		...((await response.json()) as { code?: string; changed?: number; field?: string })
	};
}

const answer = (who = person) => preferences.mayContact(portal.as(), who, 'email', 'events');
const history = (who = person) => preferences.history(portal.as(), who.id, undefined, 20);

test('what somebody told another system counts at once, with its way, and nobody else is touched', async () => {
	expect(await tell(yes)).toMatchObject({ status: 200, changed: 1 });
	expect(await answer()).toMatchObject({ allowed: true, because: 'decided' });
	expect(await tell(yes)).toMatchObject({ status: 200, changed: 0 });
	expect(await tell(no)).toMatchObject({ status: 200, changed: 1 });
	expect(await answer()).toMatchObject({ allowed: false, because: 'decided' });
	expect(await history()).toMatchObject([
		{ ...no, origin: 'api', words: null },
		{ ...yes, origin: 'api' }
	]);
	expect((await audit.page(portal.as(), person.id, undefined, 1))[0]?.kind).toBe('preferences-changed-api');
	expect(await history(other)).toEqual([]);
});

test('several are written as one, or none of them', async () => {
	const essential = { channel: 'email', topic: 'account', allowed: false };
	expect(await tell({ changes: [yes, essential] })).toMatchObject({ status: 422, code: 'essential-topic' });
	expect(await tell({ changes: [yes, { ...yes, topic: 'none' }] })).toMatchObject({
		status: 422,
		code: 'no-such-choice'
	});
	expect(await tell({ changes: [yes, no] })).toMatchObject({ status: 422, code: 'choice-twice' });
	for (const body of [{ changes: [] }, {}, [], { ...yes, allowed: 'yes' }, { changes: [yes], allowed: true }])
		expect((await tell(body)).status).toBe(422);
	expect(await history()).toEqual([]);
	const rows = await preferences.grid(portal.as(), person);
	const changes = rows.flatMap(({ topic, cells }) =>
		cells
			.filter(({ locked }) => !locked)
			.map(({ channel, chosen }) => ({ channel, topic: topic.id, allowed: !chosen }))
	);
	expect(changes.length).toBeGreaterThan(1);
	expect(await tell({ changes })).toMatchObject({ status: 200, changed: changes.length });
	expect(new Set((await history()).map(({ changeSet }) => changeSet)).size).toBe(1);
});

test('nothing is written without the scope, or about somebody who is not there', async () => {
	for (const scopes of [['contact:read'], ['people:write', 'requests:write']] as tokens.Scope[][])
		expect(await tell(no, { scopes })).toMatchObject({ status: 403, code: 'scope-missing' });
	expect(await tell(no, { token: 'candor_wrong' })).toMatchObject({ status: 401 });
	expect(await tell(no, { who: { externalId: 'nobody' } })).toMatchObject({
		status: 404,
		code: 'person-unknown'
	});
	expect(await history()).toEqual([]);
});

test('the same key is the same write', async () => {
	const token = await tokenFor(['contact:write']);
	const given = { token, headers: { 'idempotency-key': 'one' } };
	expect(await tell(yes, given)).toMatchObject({ status: 200, changed: 1, replayed: null });
	await preferences.set(as(portal.as(), person), person, [no], { origin: 'page' });
	expect(await tell(yes, given)).toMatchObject({ status: 200, changed: 1, replayed: 'true' });
	expect(await answer()).toMatchObject({ allowed: false });
	expect(await tell(no, given)).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
});

test('a yes is taken of nobody who is leaving or waits for consent, and a no of both', async () => {
	const child = await mina(portal.as());
	expect(child.state).toBe('awaiting-consent');
	await withdrawal.request(as(portal.as(), person), person);
	for (const [who, code] of [
		[child, 'awaiting-consent'],
		[person, 'person-leaving']
	] as const) {
		expect(await tell(yes, { who })).toMatchObject({ status: 409, code });
		expect(await history(who)).toEqual([]);
		expect(await tell(no, { who })).toMatchObject({ status: 200 });
	}
	await withdrawal.cancel(as(portal.as(), person), person);
	expect(await tell(yes)).toMatchObject({ status: 200, changed: 1 });
	expect(await tell(no)).toMatchObject({ status: 200, changed: 1 });
});
