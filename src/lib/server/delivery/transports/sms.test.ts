import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { somebody } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import * as preferences from '../../preferences/preferences.ts';
import { addressRefused, receiveSms } from '../../replies/replies.ts';
import * as delivery from '../delivery.ts';
import { deliveryWork } from '../due.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const code = { template: 'recovery-code', channel: 'sms', values: { code: '482915', count: 10 } } as const;
const start = '2026-11-22T09:00:00.000Z';
const ago = (seconds: number) => new Date(Date.parse(start) - seconds * 1_000);

let made = 0;
let number: string;
let person: Person;
beforeEach(async () => {
	portal.clock.move(start);
	number = `+3460030${String(++made).padStart(4, '0')}`;
	person = await somebody(portal.as(), {
		language: 'en',
		identifiers: { email: `${number}@example.com`, phone: number }
	});
	await preferences.set(portal.as(), person, [{ channel: 'sms', topic: 'offers', allowed: true }], {
		origin: 'page'
	});
});

interface Asked {
	path: string;
	headers: IncomingMessage['headers'];
	form: URLSearchParams;
}
type Behaviour = (response: ServerResponse, asked: Asked, times: number) => void;

/** A gateway on loopback that keeps what it is asked, and behaves as it is told. */
async function gateway(behaviour: Behaviour = taken) {
	const asked: Asked[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += String(chunk)));
		request.on('end', () => {
			const one = { path: request.url ?? '', headers: request.headers, form: new URLSearchParams(body) };
			asked.push(one);
			behaviour(response, one, asked.length);
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => void server.close());
	const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
	const smsUrl = `twilio+http://AC1:token@${host}/?from=+15551234567`;
	const mine = () => asked.filter(({ form }) => form.get('To') === number);
	return { smsUrl, mine, stop: () => server.close() };
}

const answer =
	(status: number, body: object): Behaviour =>
	(response) =>
		void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const taken = answer(201, { sid: 'SM1', status: 'queued' });
const refused = (code: number, status = 400) => answer(status, { code, message: 'no', status });

function withUrl(smsUrl: string, more: Partial<Context['settings']> = {}): Context {
	const ctx = portal.as();
	return { ...ctx, settings: { ...ctx.settings, smsUrl, ...more } };
}
async function workOff(ctx: Context): Promise<void> {
	for (const kind of deliveryWork(preferences.mayStillGo, addressRefused)) while ((await kind.run(ctx)) > 0);
}
const states = async () =>
	(await delivery.history(portal.as(), person.id, undefined, 20)).map(({ state }) => state);
const mayGo = () => preferences.mayStillGo(portal.as(), person.id, 'sms', null);

describe('a gateway shaped like Twilio’s', () => {
	test('is given a form with the sender and the words, as the account', async () => {
		const { smsUrl, mine } = await gateway();
		await delivery.send(portal.as(), person.id, code);
		await workOff(withUrl(smsUrl, { smsSecret: 'a secret of the gateway' }));
		const [asked] = mine();
		expect(asked?.path).toBe('/2010-04-01/Accounts/AC1/Messages.json');
		expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from('AC1:token').toString('base64')}`);
		expect(Object.fromEntries(asked?.form ?? [])).toEqual({
			To: number,
			From: '+15551234567',
			Body: expect.stringContaining('482915'),
			StatusCallback: 'http://localhost:3000/webhooks/sms'
		});
		expect(await states()).toEqual(['sent']);
	});

	test('that says that the number was stopped there is never asked again, and the ledger knows', async () => {
		const { smsUrl, mine } = await gateway(refused(21610));
		for (const each of ['first', 'second']) {
			await delivery.send(portal.as(), person.id, { ...code, key: each });
			await workOff(withUrl(smsUrl));
		}
		expect(mine()).toHaveLength(1);
		expect([...(await states())].sort()).toEqual(['failed', 'withheld']);
		expect(await preferences.mayContact(portal.as(), person, 'sms', 'offers')).toMatchObject({
			allowed: false,
			because: 'carrier'
		});
		expect((await preferences.history(portal.as(), person.id, undefined, 1))[0]).toMatchObject({
			origin: 'carrier'
		});
		await receiveSms(portal.as(), {
			id: `SM-${number}`,
			from: number,
			text: 'START',
			at: new Date('2026-11-22T09:00:01Z')
		});
		portal.clock.move('2026-11-22T09:00:30.000Z');
		await receiveSms(portal.as(), {
			id: `SM2-${number}`,
			from: number,
			text: 'START',
			at: portal.clock.now()
		});
		expect(await mayGo()).toBe(true);
		expect((await preferences.mayContact(portal.as(), person, 'sms', 'offers')).allowed).toBe(true);
	});

	test('that says that there is no such number is not asked again, and nothing was decided', async () => {
		const { smsUrl } = await gateway(refused(21614));
		await delivery.send(portal.as(), person.id, code);
		await workOff(withUrl(smsUrl));
		expect(await states()).toEqual(['failed']);
		expect(await mayGo()).toBe(false);
		expect(await preferences.mayStillGo(portal.as(), person.id, 'sms', null, { isCode: true })).toBe(true);
		expect((await preferences.history(portal.as(), person.id, undefined, 1))[0]).toMatchObject({
			origin: 'page'
		});
	});

	test.each([
		['is too busy', refused(20429, 429)],
		['does not know the password', refused(20003, 401)],
		['has a setting to mend', refused(21606)],
		['is away for a moment', answer(503, {})],
		['answers nonsense with 400', (response: ServerResponse) => void response.writeHead(400).end('<html>')]
	])('that %s is asked again later', async (_, badly) => {
		const { smsUrl, mine } = await gateway((response, asked, times) =>
			times === 1 ? badly(response, asked, times) : taken(response, asked, times)
		);
		await delivery.send(portal.as(), person.id, code);
		await workOff(withUrl(smsUrl));
		expect(await states()).toEqual(['waiting']);
		portal.clock.move('2026-11-22T09:01:00.000Z');
		await workOff(withUrl(smsUrl));
		expect(await states()).toEqual(['sent']);
		expect(mine()).toHaveLength(2);
	});

	test('that nobody answers at is asked again: nothing can have left', async () => {
		const { smsUrl, stop } = await gateway();
		stop();
		await delivery.send(portal.as(), person.id, code);
		await workOff(withUrl(smsUrl));
		expect(await states()).toEqual(['waiting']);
	});

	test.each([
		['hangs up after it has everything', (response: ServerResponse) => void response.destroy()],
		['breaks', answer(500, {})]
	])('that %s is not given the same a second time: it may have taken it', async (_, badly) => {
		const { smsUrl, mine } = await gateway(badly);
		await delivery.send(portal.as(), person.id, code);
		await workOff(withUrl(smsUrl));
		portal.clock.move('2026-11-22T09:05:00.000Z');
		await workOff(withUrl(smsUrl));
		expect(await states()).toEqual(['unconfirmed']);
		expect(mine()).toHaveLength(1);
	});
});

describe('the answer to a STOP', () => {
	const stop = (at = portal.clock.now()) =>
		receiveSms(portal.as(), { id: `STOP-${number}-${at.toISOString()}`, from: number, text: 'STOP', at });

	test('goes out although everything is stopped', async () => {
		const { smsUrl, mine } = await gateway();
		await stop();
		await workOff(withUrl(smsUrl));
		expect(mine().map(({ form }) => form.get('Body'))).toEqual([
			expect.stringMatching(/^Classerium: stopped\. .*START takes it back/)
		]);
	});

	test('is kept back once five minutes are over', async () => {
		const { smsUrl, mine } = await gateway();
		await stop();
		portal.clock.move('2026-11-22T09:05:00.000Z');
		await workOff(withUrl(smsUrl));
		expect([mine().length, await states()]).toEqual([0, ['withheld']]);
	});

	test('comes when the gateway was slow to take what was sent before; what was about a topic stays here', async () => {
		const { smsUrl, mine } = await gateway((response, asked, times) =>
			times === 1 ? refused(20429, 429)(response, asked, times) : taken(response, asked, times)
		);
		await delivery.send(portal.as(), person.id, {
			template: 'topic-sample',
			channel: 'sms',
			topic: 'offers',
			values: { topic: 'Offers' }
		});
		await workOff(withUrl(smsUrl));
		await stop();
		portal.clock.move('2026-11-22T09:01:00.000Z');
		await workOff(withUrl(smsUrl));
		expect(mine()).toHaveLength(2);
		expect([...(await states())].sort()).toEqual(['sent', 'withheld']);
	});
});

test('a STOP is acknowledged only when what the slow gateway was just being given is out; nothing follows it', async () => {
	let answerNow: () => void = () => undefined;
	const { smsUrl, mine } = await gateway((response, asked, times) => {
		answerNow = () => taken(response, asked, times);
	});
	const news = {
		template: 'topic-sample',
		channel: 'sms',
		topic: 'offers',
		values: { topic: 'Offers' }
	} as const;
	await delivery.send(portal.as(), person.id, news);
	const first = workOff(withUrl(smsUrl));
	await expect.poll(() => mine().length).toBe(1);
	await delivery.send(portal.as(), person.id, news);
	let isAcknowledged = false;
	const stop = receiveSms(portal.as(), {
		id: `slow-${number}`,
		from: number,
		text: 'STOP',
		at: ago(600)
	}).then(() => (isAcknowledged = true));
	await pause(300);
	expect(isAcknowledged).toBe(false);
	answerNow();
	await Promise.all([first, stop]);
	portal.clock.move('2026-11-22T09:01:00.000Z');
	await workOff(withUrl(smsUrl));
	expect(mine()).toHaveLength(1);
	expect([...(await states())].sort()).toEqual(['sent', 'withheld']);
});

test('a gateway that takes JSON and finds nothing at its address is asked again: the address may be mistyped', async () => {
	const { smsUrl } = await gateway((response, asked, times) =>
		answer(times === 1 ? 404 : 202, {})(response, asked, times)
	);
	const json = smsUrl.replace('twilio+', '').replace('AC1:token', 'candor:secret');
	await delivery.send(portal.as(), person.id, code);
	await workOff(withUrl(json));
	expect(await states()).toEqual(['waiting']);
	portal.clock.move('2026-11-22T09:01:00.000Z');
	await workOff(withUrl(json));
	expect(await states()).toEqual(['sent']);
});

test('a gateway that takes JSON is asked as whom its address says', async () => {
	const asked: IncomingMessage['headers'][] = [];
	const { smsUrl } = await gateway((response, { headers }) => {
		asked.push(headers);
		response.writeHead(202).end();
	});
	await delivery.send(portal.as(), person.id, code);
	await workOff(withUrl(smsUrl.replace('twilio+', '').replace('AC1:token', 'candor:secret')));
	expect(asked).toMatchObject([
		{
			authorization: `Basic ${Buffer.from('candor:secret').toString('base64')}`,
			'content-type': 'application/json'
		}
	]);
	expect(await states()).toEqual(['sent']);
});
