import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { alice, somebody } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { mailServer, rudeServer } from '../../../../tests/support/smtp.ts';
import type { Person } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as delivery from './delivery.ts';
import { deliveryWork } from './due.ts';
import { mayStillGo } from '../preferences/preferences.ts';
import { deliveryContract } from './personal-data.ts';
import { closeTransports } from './transports/transports.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const code = { template: 'recovery-code', values: { code: '482915', count: 10 } } as const;

let person: Person;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	person = await alice(portal.as(), { language: 'en' });
});

const withSettings = (settings: Partial<Context['settings']>): Context => {
	const ctx = portal.as();
	const changed = { ...ctx, settings: { ...ctx.settings, ...settings } };
	onTestFinished(() => closeTransports(changed.settings));
	return changed;
};
const rowOf = (personId: string) =>
	portal.as().db.selectFrom('outbox').selectAll().where('personId', '=', personId).executeTakeFirstOrThrow();
/** One round, and nothing left over from the tests before. */
async function workOff(ctx: Context): Promise<void> {
	for (const kind of deliveryWork(mayStillGo)) while ((await kind.run(ctx)) > 0);
}

describe('a mail to a person', () => {
	test('arrives once, to their verified address, and nothing of it stays', async () => {
		const { url, received } = await mailServer();
		await delivery.send(portal.as(), person.id, code);
		await workOff(withSettings({ smtpUrl: url }));
		await workOff(withSettings({ smtpUrl: url }));
		const mine = received.filter(({ to }) => to.includes(`${person.externalId}@example.com`));
		expect(mine).toHaveLength(1);
		const mail = await PostalMime.parse(mine[0]?.raw ?? '');
		const row = await rowOf(person.id);
		expect(mail.subject).toBe('482915 is your code for Linden Library');
		expect(mail.messageId).toBe(`<${row.id}@localhost>`);
		expect(row).toMatchObject({
			state: 'sent',
			sentAt: '2026-11-22T09:00:00.000Z',
			nextAttemptAt: null,
			leasedUntil: null
		});
		expect(row.sealed.length).toBe(0);
	});

	test('is not sent when what it tells of was rolled back', async () => {
		await expect(
			transaction(portal.as(), async (ctx) => {
				await delivery.send(ctx, person.id, code);
				throw new Error('undone');
			})
		).rejects.toThrow('undone');
		expect(await delivery.isWaiting(portal.as(), person.id)).toBe(false);
	});

	test('about a topic carries the way out in its headers, once each', async () => {
		const { url, received } = await mailServer();
		const unsubscribeUrl = `http://localhost:3000/unsubscribe/${'t'.repeat(180)}`;
		await delivery.send(portal.as(), person.id, {
			template: 'topic-sample',
			values: { topic: 'Readings' },
			unsubscribeUrl
		});
		await workOff(withSettings({ smtpUrl: url }));
		const raw = received.at(-1)?.raw ?? '';
		expect(raw.match(/^List-Unsubscribe:/gim)).toHaveLength(1);
		const { headers } = await PostalMime.parse(raw);
		const header = (name: string) =>
			headers.filter(({ key }) => key === name).map(({ value }) => value.replace(/\s/g, ''));
		expect(header('list-unsubscribe')).toEqual([`<${unsubscribeUrl}>`]);
		expect(header('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
	});

	test('that a server takes late is tried again, with the same name', async () => {
		let calls = 0;
		const failing = await mailServer({
			onData: (stream, _session, done) => {
				calls++;
				stream.resume();
				stream.on('end', () => done(Object.assign(new Error('try later'), { responseCode: 451 })));
			}
		});
		await delivery.send(portal.as(), person.id, code);
		await workOff(withSettings({ smtpUrl: failing.url }));
		expect(calls).toBe(1);
		const row = await rowOf(person.id);
		expect(row).toMatchObject({ state: 'waiting', attempts: 1, handedAt: null });
		expect(row.nextAttemptAt).toMatch(/^2026-11-22T09:00:1[56]/);
		portal.clock.move(row.nextAttemptAt ?? '');
		const { url, received } = await mailServer();
		await workOff(withSettings({ smtpUrl: url }));
		const { id } = await rowOf(person.id);
		expect(received.filter(({ raw }) => raw.includes(`<${id}@localhost>`))).toHaveLength(1);
	});

	test('survives a server that hangs up in the middle, one that turns it away, and one that is not there', async () => {
		const hangingUp = await rudeServer();
		const closed = await mailServer({
			onConnect: (_session, done) => done(Object.assign(new Error('go away'), { responseCode: 421 }))
		});
		await delivery.send(portal.as(), person.id, code);
		for (const [tried, smtpUrl] of [hangingUp.url, closed.url, 'smtp://127.0.0.1:1'].entries()) {
			await workOff(withSettings({ smtpUrl }));
			expect(await rowOf(person.id)).toMatchObject({ state: 'waiting', sentAt: null, attempts: tried + 1 });
			portal.clock.move((await rowOf(person.id)).nextAttemptAt ?? '');
		}
		expect(hangingUp.hungUp).toBeGreaterThan(0);
	});

	test('that is taken slowly is not sent a second time by another process', async () => {
		const { url, received } = await mailServer({
			onMailFrom: (_address, _session, done) => void setTimeout(done, 300)
		});
		await delivery.send(portal.as(), person.id, code);
		const ctx = withSettings({ smtpUrl: url });
		await Promise.all([workOff(ctx), workOff(ctx)]);
		expect(received.filter(({ to }) => to.includes(`${person.externalId}@example.com`))).toHaveLength(1);
	});

	test('to an address that does not exist is given up at once, and its text goes too', async () => {
		const { url } = await mailServer({
			onRcptTo: (_address, _session, done) =>
				done(Object.assign(new Error('no such user'), { responseCode: 550 }))
		});
		await delivery.send(portal.as(), person.id, code);
		await workOff(withSettings({ smtpUrl: url }));
		const row = await rowOf(person.id);
		expect(row).toMatchObject({ state: 'failed', sentAt: null, nextAttemptAt: null });
		expect(row.sealed.length).toBe(0);
	});

	test.each([
		['a code, when it has run out', code, '2026-11-22T09:10'],
		[
			'anything else, after a day and a half',
			{ template: 'password-changed', values: { changedAt: '2026-11-22T09:00:00.000Z' } },
			'2026-11-23T21:00'
		]
	] as const)('is given up: %s', async (_what, message, until) => {
		await delivery.send(portal.as(), person.id, message as typeof code);
		const ctx = withSettings({ smtpUrl: 'smtp://127.0.0.1:1' });
		let last = '';
		for (let next: string | null = 'soon'; next; next = (await rowOf(person.id)).nextAttemptAt) {
			if (next !== 'soon') portal.clock.move((last = next));
			await workOff(ctx);
		}
		expect(await rowOf(person.id)).toMatchObject({ state: 'failed', nextAttemptAt: null });
		expect(last < until).toBe(true);
	});

	test('waits where there is no mail server, however long', async () => {
		await delivery.send(portal.as(), person.id, code);
		for (let day = 23; day < 30; day++) {
			await workOff(portal.as());
			portal.clock.move(`2026-11-${day}T09:00:00.000Z`);
		}
		expect(await rowOf(person.id)).toMatchObject({ state: 'waiting', attempts: 0 });
	});

	test('is forgotten when the person was erased meanwhile', async () => {
		await delivery.send(portal.as(), person.id, code);
		await portal.as().keys.destroy({ personId: person.id, refuse: [] });
		const { url, received } = await mailServer();
		await workOff(withSettings({ smtpUrl: url }));
		expect(received).toEqual([]);
		expect(await delivery.history(portal.as(), person.id, undefined, 10)).toEqual([]);
	});
});

describe('where a message goes', () => {
	test('somebody with a phone alone gets a text message, with a key that names it', async () => {
		const requests: { headers: IncomingMessage['headers']; body: string }[] = [];
		const gateway = createServer((request, response) => {
			let body = '';
			request.on('data', (chunk) => (body += chunk));
			request.on('end', () => {
				requests.push({ headers: request.headers, body });
				response.writeHead(requests.length === 1 ? 503 : 202).end();
			});
		}).listen(0, '127.0.0.1');
		await once(gateway, 'listening');
		onTestFinished(() => void gateway.close());
		const smsUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/`;
		const dan = await somebody(portal.as(), {
			name: 'dan',
			language: 'en',
			identifiers: { phone: '+34600123456' }
		});
		await delivery.send(portal.as(), dan.id, code);
		await workOff(withSettings({ smsUrl }));
		portal.clock.move('2026-11-22T09:00:20.000Z');
		await workOff(withSettings({ smsUrl }));
		const { id, state } = await rowOf(dan.id);
		expect(state).toBe('sent');
		expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual([id, id]);
		expect(JSON.parse(requests[1]?.body ?? '')).toMatchObject({
			to: '+34600123456',
			text: expect.stringContaining('482915')
		});
	});

	test('somebody who can not be reached is told so to the sender, and nothing is kept', async () => {
		const erin = await somebody(portal.as(), { name: 'erin', identifiers: { username: 'erin' } });
		expect(await delivery.send(portal.as(), erin.id, code)).toEqual({ refused: 'no-address' });
		expect(await delivery.history(portal.as(), erin.id, undefined, 10)).toEqual([]);
	});

	test('in the demonstration it lies in a folder, under a name that tells nothing, until the person is erased', async () => {
		const ctx = withSettings({ demonstration: true });
		await delivery.send(portal.as(), person.id, code);
		await delivery.send(portal.as(), person.id, { ...code, to: '+34600123456' });
		await workOff(ctx);
		const folder = join(ctx.settings.dataFolder, 'outbox');
		const mine = (await delivery.history(ctx, person.id, undefined, 10)).map(
			({ id, channel }) => id + (channel === 'email' ? '.eml' : '.txt')
		);
		for (const name of mine) expect(readFileSync(join(folder, name), 'utf8')).toContain('482915');
		expect(readdirSync(folder).join()).not.toContain(person.id);
		const [newest] = await delivery.sentMessages(ctx, { to: '+34600123456' });
		expect(newest).toMatchObject({
			channel: 'sms',
			from: 'Linden Library',
			text: expect.stringContaining('482915')
		});
		expect(await delivery.sentMessage(ctx, '../../keys')).toBeUndefined();
		await deliveryContract.erase(ctx, person.id, 100);
		for (const name of mine) expect(existsSync(join(folder, name))).toBe(false);
	});
});

test('the contract counts and gives out what was sent, without what it said', async () => {
	for (let sent = 0; sent < 3; sent++) await delivery.send(portal.as(), person.id, code);
	expect(await deliveryContract.count(portal.as(), person.id)).toEqual([
		{ category: 'portal.messages', records: 3 },
		{ category: 'portal.sharing', records: 0 }
	]);
	const [part] = await deliveryContract.collect(portal.as(), person.id);
	const rows = [];
	for await (const some of part?.pages() ?? []) rows.push(...some);
	expect(rows).toHaveLength(3);
	expect(JSON.stringify(rows)).not.toContain('482915');
	expect((await deliveryContract.erase(portal.as(), person.id, 2)).done).toBe(false);
	expect((await deliveryContract.erase(portal.as(), person.id, 2)).done).toBe(true);
});
