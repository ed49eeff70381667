import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import twilio from 'twilio';
import { beforeEach, describe, expect, test } from 'vitest';
import { alice } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '$lib/server/accounts/accounts';
import * as preferences from '$lib/server/preferences/preferences';
import { fallback, POST } from './+server';

const portal = portalForTest({ description: 'examples/classerium' });
const secret = `whsec_${randomBytes(24).toString('base64')}`;
const token = 'the auth token of an account';
const publicUrl = 'http://localhost:3000/webhooks/sms';
const number = '+34600200001';

let person: Person;
let messages = 0;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	person ??= await alice(portal.as(), { identifiers: { email: 'hook@example.com', phone: number } });
	await preferences.startChannel(portal.as(), person, 'sms', 'page');
	await preferences.unblock(portal.as(), person.id, 'sms', 'carrier');
	await preferences.unblock(portal.as(), person.id, 'sms', 'bounced');
	await preferences.set(portal.as(), person, [{ channel: 'sms', topic: 'offers', allowed: true }], {
		origin: 'page'
	});
});

interface Sent {
	body: string;
	headers: Record<string, string>;
	smsSecret?: string | undefined;
	/** As a proxy hands it on. */
	seenAs?: string;
	path?: string;
}

async function post({ body, headers, smsSecret = secret, seenAs = 'http://localhost:3000', path }: Sent) {
	const ctx = portal.as();
	const url = new URL(path ?? '/webhooks/sms', seenAs);
	const request = new Request(url, { method: 'POST', body, headers });
	const locals = { ctx: { ...ctx, settings: { ...ctx.settings, smsSecret } }, address: '127.0.0.1' };
	const response = await (POST as (event: never) => Promise<Response>)({ request, url, locals } as never);
	const type = response.headers.get('content-type');
	return { status: response.status, type, text: await response.text(), headers: response.headers };
}

const may = async () => (await preferences.mayContact(portal.as(), person, 'sms', 'offers')).allowed;
const rows = () => portal.as().db.selectFrom('gatewayMessage').select('id').execute();

const form = (given: Record<string, string> = {}) => ({
	MessageSid: `SM${String(++messages).padStart(32, '0')}`,
	AccountSid: 'AC0',
	From: number,
	To: '+15005550006',
	Body: 'STOP',
	NumMedia: '0',
	...given
});
const fromTwilio = (values: Record<string, string>, { signedFor = publicUrl, key = token } = {}) => ({
	body: new URLSearchParams(values).toString(),
	headers: {
		'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
		'x-twilio-signature': twilio.getExpectedTwilioSignature(key, signedFor, values)
	},
	smsSecret: token
});

function fromOther(value: object, { key = secret, at = portal.clock.now() } = {}): Sent {
	const body = JSON.stringify(value);
	return {
		body,
		headers: {
			'content-type': 'application/json',
			'webhook-id': 'msg_1',
			'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
			'webhook-signature': new Webhook(key).sign('msg_1', at, body)
		}
	};
}
const message = (given: object = {}) => ({
	id: `m-${++messages}`,
	from: number,
	to: '+15005550006',
	text: 'STOP',
	at: '2026-11-22T08:59:59Z',
	...given
});

describe('a gateway shaped like Twilio’s', () => {
	test('brings a STOP, and is answered in its own way, with nothing in it', async () => {
		const answer = await post(fromTwilio(form()));
		expect(answer).toMatchObject({ status: 200, text: '<Response/>' });
		expect(answer.type).toContain('text/xml');
		expect(answer.headers.get('set-cookie')).toBeNull();
		expect(await may()).toBe(false);
	});

	test('is believed by the public address, whatever a proxy makes of it, and with parameters that are new', async () => {
		const values = form({ Body: '수신거부', ChannelMetadata: '{"type":"sms"}' });
		expect(await post({ ...fromTwilio(values), seenAs: 'http://10.0.0.7:8080' })).toMatchObject({
			status: 200
		});
		expect(await may()).toBe(false);
		const path = '/webhooks/sms?account=1';
		const signedFor = `http://localhost:3000${path}`;
		expect(await post({ ...fromTwilio(form({ Body: 'HELP' }), { signedFor }), path })).toMatchObject({
			status: 200
		});
	});

	test('brings a START too close behind a STOP: it may be older than it looks, and changes nothing', async () => {
		await post(fromTwilio(form()));
		portal.clock.move('2026-11-22T09:00:10.000Z');
		await post(fromTwilio(form({ Body: 'START' })));
		expect(await may()).toBe(false);
		portal.clock.move('2026-11-22T09:00:30.000Z');
		await post(fromTwilio(form({ Body: 'START' })));
		expect(await may()).toBe(true);
	});

	test('says itself what it took for a stop', async () => {
		await post(fromTwilio(form({ Body: 'bye bye', OptOutType: 'STOP' })));
		expect(await may()).toBe(false);
	});

	test.each([
		[
			'another secret',
			(values: Record<string, string>) => fromTwilio(values, { key: 'another token of them' })
		],
		[
			'another address',
			(values: Record<string, string>) => fromTwilio(values, { signedFor: `${publicUrl}/x` })
		],
		[
			'a proxy’s address',
			(values: Record<string, string>) =>
				fromTwilio(values, { signedFor: 'http://10.0.0.7:8080/webhooks/sms' })
		],
		[
			'a changed value',
			(values: Record<string, string>) => ({
				...fromTwilio(values),
				body: new URLSearchParams({ ...values, From: '+34600200002' }).toString()
			})
		],
		['no secret here', (values: Record<string, string>) => ({ ...fromTwilio(values), smsSecret: '' })],
		[
			'no signature',
			(values: Record<string, string>) => ({
				...fromTwilio(values),
				headers: { 'content-type': 'application/x-www-form-urlencoded' }
			})
		]
	])('is refused with %s, and nothing is done', async (_, sent) => {
		const before = await rows();
		const answer = await post(sent(form()));
		expect(answer.status).toBe(403);
		expect(JSON.parse(answer.text)).toMatchObject({ code: 'signature-wrong' });
		expect(await may()).toBe(true);
		expect(await rows()).toEqual(before);
	});

	test('reports that its carrier was told to stop, or that a number takes no messages', async () => {
		const report = (ErrorCode: string) =>
			fromTwilio({
				MessageSid: 'SM1',
				MessageStatus: 'undelivered',
				To: number,
				From: '+15005550006',
				ErrorCode
			});
		expect(await post(report('30003'))).toMatchObject({ status: 200 });
		expect(await preferences.mayStillGo(portal.as(), person.id, 'sms', null)).toBe(true);
		await post(report('30005'));
		expect(await preferences.mayStillGo(portal.as(), person.id, 'sms', null)).toBe(false);
		await preferences.unblock(portal.as(), person.id, 'sms', 'bounced');
		await post(report('21610'));
		expect(await preferences.mayStillGo(portal.as(), person.id, 'sms', null)).toBe(false);
		expect((await preferences.history(portal.as(), person.id, undefined, 1))[0]).toMatchObject({
			origin: 'carrier'
		});
	});

	test('may send JSON, whose hash stands in the signed address', async () => {
		const body = JSON.stringify(form());
		const { createHash } = await import('node:crypto');
		const path = `/webhooks/sms?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
		const signature = twilio.getExpectedTwilioSignature(token, `http://localhost:3000${path}`, {});
		const headers = { 'content-type': 'application/json', 'x-twilio-signature': signature };
		expect(await post({ body, headers, path, smsSecret: token })).toMatchObject({ status: 200 });
		expect(await may()).toBe(false);
		expect(await post({ body: `${body} `, headers, path, smsSecret: token })).toMatchObject({ status: 403 });
	});
});

describe('a gateway of another make', () => {
	test('brings a STOP as JSON, once however often', async () => {
		const value = message();
		expect(await post(fromOther(value))).toMatchObject({ status: 202, text: '{"received":true}' });
		expect(await may()).toBe(false);
		const before = await preferences.history(portal.as(), person.id, undefined, 50);
		await Promise.all([post(fromOther(value)), post(fromOther(value))]);
		expect(await preferences.history(portal.as(), person.id, undefined, 50)).toEqual(before);
	});

	test('may say more than we know: no stop is lost to it', async () => {
		await post(fromOther(message({ segments: 1, network: 'x' })));
		expect(await may()).toBe(false);
	});

	test('learns nothing about who is known here', async () => {
		const known = await post(fromOther(message({ text: 'hello' })));
		const unknown = await post(fromOther(message({ text: 'hello', from: '+34600299999' })));
		expect(unknown.text).toBe(known.text);
		expect(unknown.status).toBe(known.status);
	});

	test.each([
		[
			'a signature of another secret',
			fromOther.bind(null, message(), { key: `whsec_${randomBytes(24).toString('base64')}` })
		],
		[
			'one that is older than five minutes',
			fromOther.bind(null, message(), { at: new Date('2026-11-22T08:54:00Z') })
		],
		['one from the future', fromOther.bind(null, message(), { at: new Date('2026-11-22T09:06:00Z') })]
	])('is refused with %s', async (_, sent) => {
		portal.clock.move('2026-11-22T09:00:00.000Z');
		expect(await post(sent())).toMatchObject({ status: 403 });
		expect(await may()).toBe(true);
	});

	test.each([
		['no message', []],
		['one without a time', { id: 'x', from: number, text: 'STOP' }],
		['one with a time without a zone', message({ at: '2026-11-22T09:00:00' })],
		['one whose text is none', message({ text: 7 })],
		['one that is too long', message({ text: 'x'.repeat(20_000) })]
	])('is told that %s is none', async (_, value) => {
		expect(await post(fromOther(value))).toMatchObject({ status: 422 });
	});

	test('can not flood us', async () => {
		expect(await post(fromOther(message({ text: 'x'.repeat(200_000) })))).toMatchObject({ status: 413 });
		expect(fallback().status).toBe(405);
	});
});
