import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { alice } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import { after } from '../../platform/clock.ts';
import { mostTries } from '../../platform/work/schedule.ts';
import * as delivery from '../delivery.ts';
import { callWebhook } from '../webhooks.ts';
import { partnerCallWork } from './due.ts';

const portal = portalForTest({ description: 'examples/classting' });
const startAt = '2026-11-22T09:00:00.000Z';
const about = 'correction:1';
const partner = 'bookpath';

let person: Person;
beforeEach(async () => {
	portal.clock.move(startAt);
	person = await alice(portal.as());
});

interface Received {
	headers: Record<string, string>;
	body: string;
}

/** A partner's server on loopback, as real as theirs. */
async function partnerServer(answer: RequestListener): Promise<{ url: string; received: Received[] }> {
	const received: Received[] = [];
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += String(chunk);
		received.push({ headers: request.headers as Record<string, string>, body });
		answer(request, response);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

const statusOf =
	(status: number, headers: Record<string, string> = {}): RequestListener =>
	(_, response) =>
		void response.writeHead(status, headers).end('not read');

/** The portal with that webhook in its description, and private addresses let through. */
function calling(url: string, privateWebhooks = true): Context {
	const ctx = portal.as();
	const organisation = structuredClone(ctx.organisation);
	for (const one of organisation.partners) if (one.id === partner) one.webhook = url;
	return { ...ctx, organisation, settings: { ...ctx.settings, privateWebhooks } };
}

const data = () => ({ externalId: person.externalId, field: 'profile.birthday', value: '2001-02-03' });
const tell = (ctx: Context) =>
	delivery.tellPartner(ctx, person.id, { partner, type: 'correction.decided', data: data(), about });
const stateOf = async () => (await delivery.toldPartners(portal.as(), person.id, about))[0]?.state;
const rowOf = () =>
	portal
		.as()
		.db.selectFrom('partnerCall')
		.selectAll()
		.where('personId', '=', person.id)
		.executeTakeFirstOrThrow();
async function workOff(ctx: Context): Promise<void> {
	while ((await partnerCallWork.run(ctx)) > 0);
}
/** Rounds over so many days, an hour each. */
async function overDays(ctx: Context, days: number): Promise<void> {
	for (let hour = 0; hour < days * 24; hour++) {
		await workOff(ctx);
		portal.clock.move(after(portal.clock.now(), 1, 'hours'));
	}
}

describe('a partner', () => {
	test('is told once, can tell that it is us, and nothing of it stays', async () => {
		const { url, received } = await partnerServer(statusOf(204));
		const ctx = calling(url);
		const { id } = await tell(ctx);
		await workOff(ctx);
		await workOff(ctx);
		expect(received).toHaveLength(1);
		const [{ headers, body }] = received as [Received];
		expect(headers['webhook-id']).toBe(id);
		const sent = new Webhook(delivery.webhookSecret(ctx, partner));
		// The library compares with the machine's clock, which stands elsewhere than the portal's.
		expect(headers['webhook-signature']).toBe(sent.sign(id, new Date(startAt), body));
		expect(JSON.parse(body)).toEqual({ type: 'correction.decided', timestamp: startAt, data: data() });
		expect(await rowOf()).toMatchObject({ state: 'acknowledged', nextAttemptAt: null, at: startAt });
		expect((await rowOf()).sealed).toHaveLength(0);
	});

	test('that fails at first is called again with the same id and the same body', async () => {
		let times = 0;
		const { url, received } = await partnerServer((request, response) =>
			statusOf(times++ < 2 ? 500 : 200)(request, response)
		);
		const ctx = calling(url);
		await tell(ctx);
		await workOff(ctx);
		expect(await stateOf()).toBe('waiting');
		await overDays(ctx, 1);
		expect(await stateOf()).toBe('acknowledged');
		expect(received).toHaveLength(3);
		expect(new Set(received.map(({ headers, body }) => headers['webhook-id'] + body)).size).toBe(1);
		expect(new Set(received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
	});

	test('that redirects is not followed, and is silent after the last try', async () => {
		const elsewhere = await partnerServer(statusOf(200));
		const { url, received } = await partnerServer(statusOf(302, { Location: elsewhere.url }));
		const ctx = calling(url);
		await tell(ctx);
		await overDays(ctx, 5);
		expect(await stateOf()).toBe('silent');
		expect(received).toHaveLength(mostTries);
		expect(elsewhere.received).toEqual([]);
		expect((await rowOf()).sealed).toHaveLength(0);
	});

	test('that answers that it is gone is not called again until its address changes', async () => {
		const { url, received } = await partnerServer(statusOf(410));
		const ctx = calling(url);
		await tell(ctx);
		await workOff(ctx);
		expect(await stateOf()).toBe('silent');
		await tell(ctx);
		await workOff(ctx);
		expect(received).toHaveLength(1);
		const moved = await partnerServer(statusOf(200));
		await tell(calling(moved.url));
		await workOff(calling(moved.url));
		expect(await stateOf()).toBe('acknowledged');
	});

	test.each([429, 503])('that answers %i is left alone for as long as it asks', async (status) => {
		const { url, received } = await partnerServer(statusOf(status, { 'Retry-After': '7200' }));
		const ctx = calling(url);
		await tell(ctx);
		await workOff(ctx);
		portal.clock.move(after(portal.clock.now(), 119, 'minutes'));
		await workOff(ctx);
		expect(received).toHaveLength(1);
		portal.clock.move(after(portal.clock.now(), 14, 'minutes'));
		await workOff(ctx);
		expect(received).toHaveLength(2);
	});

	test('that never answers is given up on, and one that hangs up too', async () => {
		const hanging = await partnerServer(() => undefined);
		const ctx = calling(hanging.url);
		const call = { id: 'call', secretOf: partner, type: 'x', at: startAt, data: {} };
		expect(await callWebhook(ctx, hanging.url, call, 100)).toEqual({ answer: 'failed' });
		const rude = await partnerServer((request) => void request.socket.destroy());
		expect(await callWebhook(ctx, rude.url, call)).toEqual({ answer: 'failed' });
	});

	test('that lies in a private network is not called', async () => {
		const { url, received } = await partnerServer(statusOf(200));
		const { port } = new URL(url);
		const call = { id: 'call', secretOf: partner, type: 'x', at: startAt, data: {} };
		const hosts = [
			'127.0.0.1',
			'localhost',
			'[::1]',
			'[::ffff:127.0.0.1]',
			'0.0.0.0',
			'2130706433',
			'10.0.0.1',
			'192.168.1.1',
			'172.16.0.1',
			'169.254.169.254',
			'100.64.0.1',
			'[fe80::1]',
			'[fd00::1]',
			'[64:ff9b::7f00:1]'
		];
		for (const host of hosts)
			for (const scheme of ['http', 'https']) {
				const target = `${scheme}://${host}:${port}/hook`;
				expect(await callWebhook(calling(url, false), target, call, 1_000), target).toEqual({
					answer: 'failed'
				});
			}
		expect(received).toEqual([]);
	});

	test('hears nothing of somebody who was erased before it could be told', async () => {
		const { url, received } = await partnerServer(statusOf(200));
		const ctx = calling(url);
		await tell(ctx);
		await ctx.keys.destroy({ personId: person.id, refuse: [] });
		await workOff(ctx);
		expect(received).toEqual([]);
		expect(await delivery.toldPartners(ctx, person.id, about)).toEqual([]);
	});
});
