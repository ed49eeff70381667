// What a request to leave means for everybody else: nothing new goes out from that moment, and nothing at all moves once it is locked.
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob, password } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { findByExternalId, recovery, signIn, type Person } from '$lib/server/accounts/accounts';
import * as sessions from '$lib/server/accounts/sessions';
import * as preferences from '$lib/server/preferences/preferences';
import * as tokens from '$lib/server/tokens/tokens';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import * as disclosures from './disclosures/+server';
import * as recordsBatch from './records[x+3a]batch/+server';
import * as person from './people/[externalId]/+server';
import * as supportLinks from './support-links/+server';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const device = { userAgent: 'test', address: '127.0.0.1' };

let leaver: Person;
let other: Person;
beforeEach(async () => {
	[leaver, other] = [await alice(portal.as()), await bob(portal.as())];
});

type Handler = (event: never) => Response | Promise<Response>;

async function call(handler: Handler, body: object | undefined, externalId = '', type = 'application/json') {
	const ctx = portal.as();
	const made = await tokens.add(ctx, { name: 'crm', scopes: [...tokens.scopes] });
	const headers = { authorization: `Bearer ${'token' in made ? made.token : ''}`, 'content-type': type };
	const url = new URL('http://localhost:3000/api/v1/x');
	const request = new Request(url, { method: 'POST', body: body ? JSON.stringify(body) : null, headers });
	const event = { request, url, params: { externalId }, locals: { ctx, address: '127.0.0.1' } };
	const response = await handler(event as never);
	return { status: response.status, ...(JSON.parse((await response.text()) || '{}') as { code?: string }) };
}

const pass = ({ externalId }: Person) =>
	call(disclosures.POST, {
		person: externalId,
		partner: 'bindery',
		fields: ['loans.title'],
		purpose: 'lending'
	});
const borrow = ({ externalId }: Person) =>
	call(
		recordsBatch.POST,
		{
			person: externalId,
			category: 'loans',
			id: randomUUID(),
			at: '2026-11-01',
			title: 'Z',
			dueOn: '2026-12-01'
		},
		'',
		'application/x-ndjson'
	);
const link = ({ externalId }: Person) => call(supportLinks.POST, { person: externalId, page: '/export' });
const put = ({ externalId, role, language, timeZone, country }: Person) =>
	call(person.PUT, { role, language, timeZone, country, identifiers: {} }, externalId);

const enter = ({ externalId }: Person) =>
	signIn(portal.as(), { identifier: externalId, password, device, language: null });
const invited = async (somebody: Person) => {
	const ctx = portal.as();
	const now = (await findByExternalId(ctx, somebody.externalId)) as Person;
	return preferences.mayContact(ctx, now, 'email', 'readings');
};
const sentTo = async ({ id }: Person, template: string) =>
	(
		await portal
			.as()
			.db.selectFrom('outbox')
			.select('id')
			.where('personId', '=', id)
			.where('template', '=', template)
			.execute()
	).length;

/** As the end of the grace period leaves it, before anything is destroyed. */
const lock = ({ id }: Person) =>
	portal.as().db.updateTable('person').set({ state: 'erasing' }).where('personId', '=', id).execute();

describe('from the moment of the request', () => {
	test('Alice gets no advertising though she wanted it, and again when she stays', async () => {
		for (const somebody of [leaver, other])
			await preferences.set(
				as(portal.as(), somebody),
				somebody,
				[{ channel: 'email', topic: 'readings', allowed: true }],
				{ origin: 'page' }
			);
		expect(await invited(leaver)).toMatchObject({ allowed: true });
		await withdrawal.request(as(portal.as(), leaver), leaver);
		expect(await invited(leaver)).toMatchObject({ allowed: false, because: 'leaving' });
		expect(await invited(other)).toMatchObject({ allowed: true });
		await withdrawal.cancel(as(portal.as(), leaver), leaver);
		expect(await invited(leaver)).toMatchObject({ allowed: true });
	});

	test('nothing of hers is passed on, and Bob’s is', async () => {
		expect(await pass(leaver)).toMatchObject({ status: 201 });
		await withdrawal.request(as(portal.as(), leaver), leaver);
		expect(await pass(leaver)).toMatchObject({ status: 403 });
		expect(await pass(other)).toMatchObject({ status: 201 });
	});

	test('she can still sign in, and support can still send her a link', async () => {
		await withdrawal.request(as(portal.as(), leaver), leaver);
		expect(await enter(leaver)).toHaveProperty('secretId');
		expect(await link(leaver)).toMatchObject({ status: 201 });
	});
});

describe('once the account is locked', () => {
	test('Alice’s session ends, she signs in no more, and a code is never sent', async () => {
		const entered = await enter(leaver);
		const secretId = 'secretId' in entered ? entered.secretId : '';
		expect(await sessions.read(portal.as(), secretId)).toHaveProperty('person');
		await lock(leaver);
		expect(await sessions.read(portal.as(), secretId)).toBeUndefined();
		expect(await enter(leaver)).toEqual({ refused: 'wrong-credentials' });
		const before = await sentTo(leaver, 'recovery-code');
		const asked = { identifier: leaver.externalId, address: '127.0.0.1' };
		expect(await recovery.begin(portal.as(), asked)).toHaveProperty('flow');
		expect(await sentTo(leaver, 'recovery-code')).toBe(before);
		expect(await enter(other)).toHaveProperty('secretId');
	});

	test('no system of the organisation reads or writes her, and it is told so', async () => {
		await lock(leaver);
		expect(await pass(leaver)).toMatchObject({ status: 409, code: 'person-leaving' });
		expect(await borrow(leaver)).toHaveProperty('refused');
		expect(await link(leaver)).toMatchObject({ status: 404, code: 'person-unknown' });
		expect([404, 409]).toContain((await put(leaver)).status);
		expect([404, 409]).toContain((await call(person.DELETE, undefined, leaver.externalId)).status);
		expect(await borrow(other)).toHaveProperty('done');
	});
});

describe('at the last moment', () => {
	const start = '2026-11-22T09:00:00.000Z';

	test('she can stay until the very end, and is then either there or gone', async () => {
		portal.clock.move(start);
		const running = await withdrawal.request(as(portal.as(), leaver), leaver);
		const end = 'eraseAt' in running ? running.eraseAt : '';
		portal.clock.move(new Date(Date.parse(end) - 1));
		expect(await withdrawal.request(as(portal.as(), leaver), leaver)).toEqual({ refused: 'already-leaving' });
		expect(await withdrawal.cancel(as(portal.as(), leaver), leaver)).toEqual({ cancelled: true });
		portal.clock.move(start);
	});

	test('nobody stays for somebody else', async () => {
		await withdrawal.request(as(portal.as(), leaver), leaver);
		expect(await withdrawal.cancel(as(portal.as(), other), other)).toEqual({ refused: 'not-leaving' });
		expect((await withdrawal.running(portal.as(), leaver.id))?.state).toBe('grace');
	});
});
