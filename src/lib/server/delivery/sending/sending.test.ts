import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { alice, bob } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import { mailServer, rudeServer } from '../../../../../tests/support/smtp.ts';
import type { Person } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import * as preferences from '../../preferences/preferences.ts';
import { instant } from '../../platform/clock.ts';
import type { OutboxTable } from '../../schema.ts';
import * as delivery from '../delivery.ts';
import { deliveryWork } from '../due.ts';
import { closeTransports } from '../transports/transports.ts';
import type { MayAllStillGo } from './beginning.ts';
import { takeBack } from './queries.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const readings = { template: 'topic-sample', values: { topic: 'Readings' }, topic: 'readings' } as const;
const answered = { template: 'request-answered' } as const;
const changed = { template: 'password-changed', values: { changedAt: '2026-11-22T09:00:00.000Z' } } as const;
const code = { template: 'recovery-code', values: { code: '482915', count: 10 } } as const;

let person: Person;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	await portal.as().db.deleteFrom('outbox').execute();
	person = await alice(portal.as(), { language: 'en' });
	await decide(true);
});

const decide = (allowed: boolean) =>
	preferences.set(portal.as(), person, [{ channel: 'email', topic: 'readings', allowed }], {
		origin: 'page'
	});

const stateOfTopic = () => preferences.mayContact(portal.as(), person, 'email', 'readings');

function sendingTo(smtpUrl: string): Context {
	const ctx = portal.as();
	const changed = { ...ctx, settings: { ...ctx.settings, smtpUrl } };
	onTestFinished(() => closeTransports(changed.settings));
	return changed;
}

async function workOff(ctx: Context): Promise<void> {
	for (const kind of deliveryWork(preferences.mayStillGo)) while ((await kind.run(ctx)) > 0);
}

const rows = () => portal.as().db.selectFrom('outbox').selectAll().orderBy('id').execute();
const row = async () => (await rows())[0] as OutboxTable;
const change = (changes: Partial<OutboxTable>) =>
	portal.as().db.updateTable('outbox').set(changes).where('personId', '=', person.id).execute();
const subjects = (received: readonly { raw: string }[]) =>
	received.map(({ raw }) => /^Subject: (.*)$/m.exec(raw)?.[1] ?? '');

/** As a process leaves it that died in the middle. */
const dead = { state: 'sending', attempts: 1, leasedUntil: '2026-11-22T08:59:00.000Z' } as const;

describe('what a person stopped', () => {
	test('does not leave, although it was written before, and its words go', async () => {
		const { url, received } = await mailServer();
		await delivery.send(portal.as(), person.id, readings);
		await delivery.send(portal.as(), person.id, answered);
		await decide(false);
		await workOff(sendingTo(url));
		expect(subjects(received)).toEqual(['There is an answer to your request']);
		expect(await row()).toMatchObject({ state: 'withheld', sentAt: null, nextAttemptAt: null });
		expect((await row()).sealed.length).toBe(0);
	});

	test('is acknowledged only when what was under way has arrived', async () => {
		const { url, received } = await mailServer({
			onRcptTo: (_address, _session, done) => void setTimeout(done, 300)
		});
		await delivery.send(portal.as(), person.id, readings);
		const working = workOff(sendingTo(url));
		await expect.poll(async () => (await row()).state).toBe('sending');
		await decide(false);
		expect(received).toHaveLength(1);
		await working;
	});

	test('is acknowledged at once where nothing is under way, to them or from a process that died', async () => {
		const charlie = await bob(portal.as());
		await delivery.send(portal.as(), person.id, readings);
		await change(dead);
		await delivery.settled(portal.as(), charlie.id);
		await delivery.settled(portal.as(), person.id);
		expect(await row()).toMatchObject({ state: 'sending' });
	});

	test('is taken back from a server that is slow, before the last bytes leave', async () => {
		const asked = Promise.withResolvers<undefined>();
		const answer = Promise.withResolvers<undefined>();
		const { url, received } = await mailServer({
			onRcptTo: (_address, _session, done) => {
				asked.resolve(undefined);
				void answer.promise.then(() => done());
			}
		});
		await delivery.send(portal.as(), person.id, readings);
		const working = workOff(sendingTo(url));
		await asked.promise;
		const stopped = decide(false);
		await expect.poll(async () => (await stateOfTopic()).allowed).toBe(false);
		await takeBack(portal.as(), person.id);
		await stopped;
		answer.resolve(undefined);
		await working;
		await workOff(sendingTo(url));
		expect(received).toEqual([]);
		expect(await row()).toMatchObject({ state: 'withheld' });
	});

	test('may not be awaited inside the transaction that stops it', async () => {
		const inside = portal
			.as()
			.db.transaction()
			.execute((db) => delivery.settled({ ...portal.as(), db }, person.id));
		await expect(inside).rejects.toThrow('committed');
	});
});

test('where messages came back from, a code still goes that its owner has asked for, and nothing else', async () => {
	const { url, received } = await mailServer();
	await preferences.block(portal.as(), person.id, 'email', 'bounced');
	await delivery.send(portal.as(), person.id, answered);
	await delivery.send(portal.as(), person.id, code);
	await workOff(sendingTo(url));
	expect(subjects(received)).toEqual(['482915 is your code for Linden Library']);
	expect((await rows()).map(({ state }) => state)).toEqual(['withheld', 'sent']);
});

describe('a message that was under way when its process died', () => {
	test('is sent when its last bytes had not left', async () => {
		const { url, received } = await mailServer();
		await delivery.send(portal.as(), person.id, answered);
		await change(dead);
		await workOff(sendingTo(url));
		expect(received).toHaveLength(1);
		expect(await row()).toMatchObject({ state: 'sent', attempts: 2 });
	});

	test('is not sent again when they had, and its words stay for a week', async () => {
		const { url, received } = await mailServer();
		await delivery.send(portal.as(), person.id, answered);
		await change({ ...dead, handedAt: '2026-11-22T08:55:00.000Z' });
		await workOff(sendingTo(url));
		expect(await row()).toMatchObject({ state: 'unconfirmed', leasedUntil: null });
		expect((await row()).sealed.length).toBeGreaterThan(0);
		portal.clock.move('2026-11-29T09:00:00.000Z');
		await workOff(sendingTo(url));
		expect(await row()).toMatchObject({ state: 'unconfirmed', nextAttemptAt: null });
		expect((await row()).sealed.length).toBe(0);
		expect(received).toEqual([]);
	});

	test('waits for its mail server without being sent twice afterwards', async () => {
		await delivery.send(portal.as(), person.id, answered);
		await change({ ...dead, handedAt: '2026-11-22T08:55:00.000Z' });
		await workOff(portal.as());
		expect(await row()).toMatchObject({ state: 'unconfirmed' });
	});

	test('is still being sent as long as its lease runs', async () => {
		const { url, received } = await mailServer();
		await delivery.send(portal.as(), person.id, answered);
		await change({ ...dead, leasedUntil: '2026-11-22T09:01:00.000Z' });
		await workOff(sendingTo(url));
		expect(received).toEqual([]);
	});
});

describe('a server that hangs up', () => {
	test('when it has all of the message leaves open whether it took it', async () => {
		const rude = await rudeServer('.');
		await delivery.send(portal.as(), person.id, answered);
		await workOff(sendingTo(rude.url));
		await workOff(sendingTo(rude.url));
		expect(rude.hungUp).toBe(1);
		expect(await row()).toMatchObject({ state: 'unconfirmed', sentAt: null });
	});

	test('before that has not taken it', async () => {
		const rude = await rudeServer('DATA');
		await delivery.send(portal.as(), person.id, answered);
		await workOff(sendingTo(rude.url));
		expect(await row()).toMatchObject({ state: 'waiting', handedAt: null });
	});
});

describe('in their order', () => {
	test('a later message waits for an earlier one that is tried again; a code and another person do not', async () => {
		let refuses = true;
		const { url, received } = await mailServer({
			onRcptTo: (_address, _session, done) =>
				refuses ? done(Object.assign(new Error('later'), { responseCode: 450 })) : done()
		});
		const ctx = sendingTo(url);
		await delivery.send(portal.as(), person.id, answered);
		await workOff(ctx);
		refuses = false;
		await delivery.send(portal.as(), person.id, { template: 'withdrawal-cancelled' });
		await delivery.send(portal.as(), person.id, code);
		const other = await bob(portal.as(), { language: 'en' });
		await delivery.send(portal.as(), other.id, { template: 'withdrawal-cancelled' });
		await workOff(ctx);
		const before = subjects(received);
		expect(before).toHaveLength(2);
		expect(before).toContain('482915 is your code for Linden Library');
		expect(received.flatMap(({ to }) => to)).toContain(`${other.externalId}@example.com`);
		portal.clock.move('2026-11-22T09:00:30.000Z');
		await workOff(ctx);
		expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent', 'sent']);
		expect(subjects(received)[2]).toBe('There is an answer to your request');
		expect(subjects(received)).toHaveLength(4);
	});

	test.each([0, 2])(
		'what may not leave at this hour waits for it, after %i tries too, and holds up nothing that may',
		async (attempts) => {
			const { url, received } = await mailServer();
			const ctx = sendingTo(url);
			const morning = '2026-11-22T21:00:00.000Z';
			const atNight: MayAllStillGo = async (ctx, messages) =>
				messages.map(() => instant(ctx.clock.now()) >= morning || { notBefore: morning });
			const work = deliveryWork(preferences.mayStillGo, undefined, atNight);
			await delivery.send(portal.as(), person.id, readings);
			await change({ attempts });
			await delivery.send(portal.as(), person.id, answered);
			for (const kind of work) while ((await kind.run(ctx)) > 0);
			expect(await row()).toMatchObject({ state: 'waiting', attempts: 0, nextAttemptAt: morning });
			expect(subjects(received)).toEqual(['There is an answer to your request']);
			portal.clock.move(morning);
			for (const kind of work) while ((await kind.run(ctx)) > 0);
			expect(await row()).toMatchObject({ state: 'sent' });
		}
	);

	test('what cannot be refused does not wait for what can, which still waits for it', async () => {
		let refuses = true;
		const { url, received } = await mailServer({
			onRcptTo: (_address, _session, done) =>
				refuses ? done(Object.assign(new Error('later'), { responseCode: 450 })) : done()
		});
		const ctx = sendingTo(url);
		await delivery.send(portal.as(), person.id, readings);
		await workOff(ctx);
		refuses = false;
		await delivery.send(portal.as(), person.id, answered);
		await delivery.send(portal.as(), person.id, readings);
		await workOff(ctx);
		expect(subjects(received)).toEqual(['There is an answer to your request']);
		expect((await rows()).map(({ state }) => state)).toEqual(['waiting', 'sent', 'waiting']);
		portal.clock.move('2026-11-22T09:00:30.000Z');
		await workOff(ctx);
		expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
	});

	test.each([
		['cannot be opened', { sealed: Buffer.from('not a letter') }],
		['cannot be written', { template: 'of-nobody' }]
	])('a message that %s is given up at once, said in the log, and holds up nothing', async (_, broken) => {
		const { url, received } = await mailServer();
		const error = vi.fn();
		const ctx = sendingTo(url);
		await delivery.send(portal.as(), person.id, answered);
		await change(broken);
		await delivery.send(portal.as(), person.id, { template: 'withdrawal-cancelled' });
		await workOff({ ...ctx, log: { ...ctx.log, error } });
		const [first, second] = await rows();
		expect(first).toMatchObject({ state: 'failed', nextAttemptAt: null });
		expect(second).toMatchObject({ state: 'sent' });
		expect(received).toHaveLength(1);
		expect(error.mock.calls).toEqual([
			[
				{ err: expect.any(Error), id: first?.id, template: first?.template },
				'a message cannot be read and was given up'
			]
		]);
	});

	test('many messages of one person arrive as they were written', async () => {
		const { url, received } = await mailServer();
		const ids: string[] = [];
		for (let number = 0; number < 12; number += 1) {
			const sent = await delivery.send(portal.as(), person.id, answered);
			if ('id' in sent) ids.push(sent.id);
		}
		const ctx = sendingTo(url);
		await Promise.all([workOff(ctx), workOff(ctx)]);
		portal.clock.move('2026-11-22T09:00:05.000Z');
		await workOff(ctx);
		expect(received.map(({ raw }) => /^Message-ID: <(.*)@/m.exec(raw)?.[1])).toEqual(ids);
	});
});

test('a message that was rejected ends, although nobody could write down that its address is gone', async () => {
	const { url } = await mailServer({
		onRcptTo: (_address, _session, done) =>
			done(Object.assign(new Error('5.1.1 nobody'), { responseCode: 550 }))
	});
	const ctx = sendingTo(url);
	const error = vi.fn();
	const deaf = () => Promise.reject(Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' }));
	await delivery.send(portal.as(), person.id, answered);
	for (const kind of deliveryWork(preferences.mayStillGo, deaf))
		await kind.run({ ...ctx, log: { ...ctx.log, error } });
	const { id, state } = await row();
	expect(state).toBe('failed');
	expect(error.mock.calls[0]?.[0]).toMatchObject({ id, because: 'bounced', err: { code: 'SQLITE_BUSY' } });
});

test('a server that is down for an hour gets everything once it is back, each message once', async () => {
	const down = sendingTo('smtp://127.0.0.1:1');
	const others = [person];
	for (let number = 0; number < 4; number += 1) others.push(await bob(portal.as()));
	for (const { id } of others)
		for (const template of ['withdrawal-cancelled', 'request-answered'] as const)
			await delivery.send(portal.as(), id, { template });
	for (let minute = 0; minute < 60; minute += 1) {
		portal.clock.move(new Date(Date.UTC(2026, 10, 22, 9, minute)));
		await workOff(down);
	}
	expect((await rows()).every(({ state }) => state === 'waiting')).toBe(true);
	const { url, received } = await mailServer();
	const back = sendingTo(url);
	for (let minute = 60; minute < 180; minute += 10) {
		portal.clock.move(new Date(Date.UTC(2026, 10, 22, 9, minute)));
		await workOff(back);
	}
	expect((await rows()).map(({ state }) => state)).toEqual(Array(10).fill('sent'));
	expect(received).toHaveLength(10);
});

test('the same key of the same person is written once, and answers the first one', async () => {
	const first = await delivery.send(portal.as(), person.id, { ...answered, key: 'campaign 7' });
	const second = await delivery.send(portal.as(), person.id, { ...code, key: 'campaign 7' });
	const other = await bob(portal.as());
	await delivery.send(portal.as(), other.id, { ...answered, key: 'campaign 7' });
	await delivery.send(portal.as(), person.id, { ...answered, key: 'campaign 8' });
	expect(second).toEqual(first);
	expect(await rows()).toHaveLength(3);
});

test('a channel carries no more in a minute than the description allows, but for codes', async () => {
	const { url, received } = await mailServer();
	const ctx = sendingTo(url);
	const channels = ctx.organisation.channels.map((channel) => ({ ...channel, perMinute: 3 }));
	const limited = { ...ctx, organisation: { ...ctx.organisation, channels } };
	const others = [];
	for (let number = 0; number < 5; number += 1) others.push(await bob(portal.as()));
	for (const { id } of others) await delivery.send(portal.as(), id, answered);
	await delivery.send(portal.as(), person.id, code);
	await workOff(limited);
	await pause(10);
	await workOff(limited);
	expect(received.filter(({ raw }) => raw.includes('482915'))).not.toEqual([]);
	expect(received).toHaveLength(3);
	await portal.as().db.deleteFrom('throttle').execute();
	await workOff(limited);
	expect(received).toHaveLength(6);
});

test('a notice about the safety of an account waits for no campaign, no minute, and nothing else of its person', async () => {
	await portal.as().db.deleteFrom('throttle').execute();
	const { url, received } = await mailServer();
	const ctx = sendingTo(url);
	const channels = ctx.organisation.channels.map((channel) => ({ ...channel, perMinute: 3 }));
	const limited = { ...ctx, organisation: { ...ctx.organisation, channels } };
	for (let number = 0; number < 4; number += 1)
		await delivery.send(portal.as(), (await bob(portal.as())).id, answered);
	await delivery.send(portal.as(), person.id, answered);
	await change({ attempts: 2, nextAttemptAt: '2026-11-22T13:00:00.000Z' });
	await delivery.send(portal.as(), person.id, changed);
	await workOff(limited);
	await pause(10);
	await workOff(limited);
	expect(subjects(received)[0]).toBe('Your password at Linden Library was changed');
	expect(received).toHaveLength(3);
});
