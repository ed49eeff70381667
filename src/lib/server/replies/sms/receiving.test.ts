import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { outboxOf } from '../../../../../tests/support/outbox.ts';
import { alice, as, bob, somebody } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import * as preferences from '../../preferences/preferences.ts';
import { tally } from '../handling.ts';
import { addressRefused } from '../refused-addresses.ts';
import { receiveSms, type SmsMessage } from './receiving.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const now = '2026-11-22T09:00:00.000Z';
const ago = (seconds: number) => new Date(Date.parse(now) - seconds * 1_000);

let numbers = 0;
const freshNumber = () => `+3460000${String(++numbers).padStart(4, '0')}`;
let messages = 0;

let person: Person;
let other: Person;
let number: string;
beforeEach(async () => {
	portal.clock.move(now);
	number = freshNumber();
	person = await alice(portal.as(), {
		language: 'en',
		identifiers: { email: `${number}@example.com`, phone: number }
	});
	const otherNumber = freshNumber();
	other = await bob(portal.as(), {
		identifiers: { email: `${otherNumber}@example.com`, phone: otherNumber }
	});
	for (const each of [person, other])
		await preferences.set(
			as(portal.as(), each),
			each,
			[on('sms', 'updates'), on('sms', 'offers'), on('email', 'offers')],
			{
				origin: 'page'
			}
		);
});

const on = (channel: string, topic: string) => ({ channel, topic, allowed: true });
const withRules = (sms: Partial<Context['organisation']['sms']>): Context => {
	const ctx = portal.as();
	return { ...ctx, organisation: { ...ctx.organisation, sms: { ...ctx.organisation.sms, ...sms } } };
};
const text = (words: string, given: Partial<SmsMessage> = {}, ctx = portal.as()) =>
	receiveSms(ctx, { id: `SM${++messages}`, from: number, text: words, at: ctx.clock.now(), ...given });
const may = async (topic = 'offers', channel = 'sms', whom = person) =>
	(await preferences.mayContact(portal.as(), whom, channel, topic)).allowed;
const answers = async (whom = person) =>
	(await outboxOf(portal.as(), whom.id)).filter(({ template }) => template.startsWith('sms-'));
const kinds = async (whom = person) =>
	(await audit.page(portal.as(), whom.id, undefined, 20)).map(({ kind }) => kind);
const countOf = async (outcome: string) =>
	(await tally(portal.as())).find((row) => row.outcome === outcome)?.messages ?? 0;

describe('Alice writes STOP', () => {
	test('and nothing that can be refused comes by SMS any more; other ways, other people and codes go on', async () => {
		expect(await text('Stop.')).toEqual({ outcome: 'stop' });
		expect([await may('offers'), await may('updates')]).toEqual([false, false]);
		expect(await may('offers', 'email')).toBe(true);
		expect(await may('sign-in-security')).toBe(true);
		expect(await may('offers', 'sms', other)).toBe(true);
		const [newest] = await preferences.history(portal.as(), person.id, undefined, 1);
		expect(newest).toMatchObject({ origin: 'sms', channel: 'sms', allowed: false });
		expect(await kinds()).toContain('preferences-changed-sms');
	});

	test('and is told so once, by SMS, in her language, without a word of advertising', async () => {
		await text('STOP');
		await text('stop');
		const told = await answers();
		expect(told).toMatchObject([{ template: 'sms-stopped', channel: 'sms', to: number, language: 'en' }]);
		expect(told[0]?.until).toBe('2026-11-22T09:05:00.000Z');
		portal.clock.move('2026-11-23T09:00:01.000Z');
		await text('stop', { at: new Date('2026-11-23T09:00:01.000Z') });
		expect(await answers()).toHaveLength(2);
	});

	test('and hears nothing when her STOP comes five minutes late: it counts all the same', async () => {
		await text('STOP', { at: ago(301) });
		expect(await may()).toBe(false);
		expect(await answers()).toEqual([]);
	});

	test('and the same message, brought again and again, even at once, counts once', async () => {
		const again = () => text('STOP', { id: 'SM-same' });
		const outcomes = await Promise.all([again(), again(), again()]);
		expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['repeated', 'repeated', 'stop']);
		expect(await again()).toEqual({ outcome: 'repeated' });
		expect(await answers()).toHaveLength(1);
	});

	test('and a gateway that has answered already is not repeated', async () => {
		await text('STOP', { answeredAs: 'stop' });
		await text('whatever it took for a stop', { answeredAs: 'stop' });
		expect(await may()).toBe(false);
		expect(await answers()).toEqual([]);
	});
});

describe('STOP and START in any order', () => {
	test('START takes back what STOP turned off, and says so', async () => {
		await preferences.set(
			as(portal.as(), person),
			person,
			[{ channel: 'sms', topic: 'updates', allowed: false }],
			{
				origin: 'page'
			}
		);
		await text('STOP', { at: ago(60) });
		await text('Start', { at: ago(30) });
		expect([await may('offers'), await may('updates')]).toEqual([true, false]);
		expect((await answers()).map(({ template }) => template)).toEqual(['sms-stopped', 'sms-started']);
	});

	test.each([
		['before', 60, 30],
		['at the same instant as', 30, 30]
	])('a START that was sent %s a STOP changes nothing, whenever it comes', async (_, startAgo, stopAgo) => {
		const start = () => text('START', { at: ago(startAgo) });
		const stop = () => text('STOP', { at: ago(stopAgo) });
		await stop();
		await start();
		expect(await may()).toBe(false);
		await Promise.all([start(), stop(), start()]);
		expect(await may()).toBe(false);
	});

	test('both at once: whoever is first, the STOP that was sent last counts', async () => {
		await text('STOP', { at: ago(90) });
		await Promise.all(
			Array.from({ length: 8 }, (_, each) =>
				text(each % 2 ? 'START' : 'STOP', { at: ago(each % 2 ? 60 : 30) })
			)
		);
		expect(await may()).toBe(false);
	});

	test('in whatever order and however often they come, a STOP that nothing was sent after counts', async () => {
		const sent = fc.record({
			word: fc.constantFrom('STOP', 'START'),
			secondsAgo: fc.integer({ min: 1, max: 6 })
		});
		const order = fc.array(fc.nat(100), { minLength: 1, maxLength: 10 });
		await fc.assert(
			fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 5 }), order, async (all, picks) => {
				const from = freshNumber();
				const whom = await alice(portal.as(), { identifiers: { email: `${from}@example.com`, phone: from } });
				await preferences.set(portal.as(), whom, [on('sms', 'offers')], { origin: 'page' });
				const named = all.map(({ word, secondsAgo }, each) => ({ id: `${from}-${each}`, word, secondsAgo }));
				const repeated = picks.map((pick) => named[pick % named.length] as (typeof named)[number]);
				for (const { id, word, secondsAgo } of [...repeated, ...named])
					await text(word, { id, from, at: ago(secondsAgo) });
				const newest = (word: string) =>
					Math.min(...named.filter((one) => one.word === word).map(({ secondsAgo }) => secondsAgo));
				if (newest('STOP') <= newest('START')) expect(await may('offers', 'sms', whom)).toBe(false);
			}),
			{ numRuns: 25 }
		);
	});

	test('a gateway whose clock is ahead gives no START an advantage', async () => {
		await text('STOP');
		await text('START', { at: new Date('2026-12-22T09:00:00.000Z') });
		expect(await may()).toBe(false);
		portal.clock.move('2026-11-22T09:00:01.000Z');
		await text('START', { at: new Date('2026-12-22T09:00:00.000Z') });
		expect(await may()).toBe(true);
		portal.clock.move('2026-11-22T09:00:02.000Z');
		await text('STOP');
		expect(await may()).toBe(false);
	});

	test('what the carrier had stopped is written to again after START', async () => {
		await preferences.block(portal.as(), person.id, 'sms', 'carrier');
		await text('STOP', { at: ago(60) });
		expect(await preferences.mayStillGo(portal.as(), person.id, 'sms', null)).toBe(false);
		await text('START', { at: ago(120) });
		expect(await preferences.mayStillGo(portal.as(), person.id, 'sms', null)).toBe(false);
		await text('START', { at: ago(30) });
		expect(await preferences.mayStillGo(portal.as(), person.id, 'sms', null)).toBe(true);
	});

	test('START ends what the carrier had stopped also where its stop was undone by hand, and none that was sent before', async () => {
		await addressRefused(portal.as(), { channel: 'sms', to: number, because: 'carrier' });
		const set = (await preferences.undoable(portal.as(), person.id)) ?? '';
		await preferences.undo(portal.as(), person, set);
		await text('START', { at: ago(30) });
		expect(await may()).toBe(false);
		portal.clock.move('2026-11-22T09:00:01.000Z');
		await text('START');
		expect(await may()).toBe(true);
		expect((await answers()).map(({ template }) => template)).toEqual(['sms-help', 'sms-started']);
	});
});

describe('where STOP means the topic of the last message', () => {
	const rules = { stop: 'topic' } as const;
	const sent = (topic: string | null, id: string) =>
		portal
			.as()
			.db.insertInto('outbox')
			.values({
				personId: person.id,
				id,
				channel: 'sms',
				template: 'topic-sample',
				state: 'sent',
				sealed: Buffer.alloc(0),
				createdAt: now,
				sentAt: now,
				topic,
				key: null,
				handedAt: now,
				nextAttemptAt: null,
				leasedUntil: null,
				attempts: 1
			})
			.execute();

	test('it ends that one, and said again all of them', async () => {
		await sent('offers', portal.as().ids.next());
		await sent(null, portal.as().ids.next());
		await text('STOP', {}, withRules(rules));
		expect([await may('offers'), await may('updates')]).toEqual([false, true]);
		expect(await answers()).toMatchObject([{ template: 'sms-topic-stopped' }]);
		await text('STOP', {}, withRules(rules));
		expect(await may('updates')).toBe(false);
	});

	test('it ends everything where nothing was sent yet', async () => {
		await text('STOP', {}, withRules(rules));
		expect([await may('offers'), await may('updates')]).toEqual([false, false]);
	});
});

describe('Alice asks for HELP', () => {
	test('and reads who writes, what, how often, whom to ask and how it ends', async () => {
		const ctx = withRules({
			programme: { en: 'Course news' },
			frequency: { en: 'Twice a month' }
		} as never);
		expect(await text('Help?', {}, ctx)).toEqual({ outcome: 'help' });
		const [help] = await answers();
		expect(help).toMatchObject({
			template: 'sms-help',
			to: number,
			values: { programme: 'Course news', frequency: 'Twice a month', contact: '+1 202 555 0178' }
		});
	});

	test('and is not answered without end', async () => {
		for (let each = 0; each < 8; each++) await text('HELP');
		expect(await answers()).toHaveLength(5);
	});

	test('a START without a stop is answered like it, and a HELP that the gateway answered is not', async () => {
		await text('YES');
		await text('HELP', { answeredAs: 'help' });
		expect(await answers()).toMatchObject([{ template: 'sms-help' }]);
	});
});

describe('Alice writes in her own words', () => {
	const replies = () =>
		portal.as().db.selectFrom('reply').selectAll().where('personId', '=', person.id).orderBy('id').execute();

	test('that it should end: nothing but what is essential comes until somebody has read it', async () => {
		expect(await text('please don’t text me again')).toEqual({ outcome: 'stop-like' });
		expect(await preferences.mayContact(portal.as(), person, 'sms', 'offers')).toMatchObject({
			allowed: false,
			because: 'unread-reply'
		});
		expect([await may('sign-in-security'), await may('offers', 'email')]).toEqual([true, true]);
		const [reply] = await replies();
		expect(reply).toMatchObject({ kind: 'stop-like', state: 'waiting', channel: 'sms' });
		expect(reply?.sealed.includes('text me')).toBe(false);
		expect(await kinds()).toEqual(
			expect.arrayContaining(['reply-stop-like', 'address-blocked-unread-reply'])
		);
		expect(await answers()).toEqual([]);
	});

	test('something else: it waits for staff, and nothing is stopped', async () => {
		expect(await text('When does the class begin?')).toEqual({ outcome: 'other' });
		expect(await may()).toBe(true);
		expect(await replies()).toMatchObject([{ kind: 'other', state: 'waiting' }]);
		expect(await text('   ')).toEqual({ outcome: 'empty' });
	});

	test('and then in a word: nobody needs to read it any more', async () => {
		await text('No more texts please', { at: ago(60) });
		await text('START', { at: ago(90) });
		expect(await may()).toBe(false);
		await text('START', { at: ago(30) });
		expect(await may()).toBe(true);
		await text('leave me alone');
		await text('STOP');
		expect((await replies()).map(({ state, sealed }) => [state, sealed.length])).toEqual([
			['kept', 0],
			['stopped', 0]
		]);
		expect(await preferences.mayContact(portal.as(), person, 'sms', 'offers')).toMatchObject({
			because: 'decided'
		});
	});

	test('a hundred times: no more than twenty are kept, and her stop is not lost among them', async () => {
		for (let each = 0; each < 22; each++) await text(`hello ${each}`);
		expect(await replies()).toHaveLength(20);
		expect(await text('stop texting me')).toEqual({ outcome: 'stop-like' });
		expect(await text('stop texting me!')).toEqual({ outcome: 'too-many' });
		expect(await may()).toBe(false);
	});
});

describe('a number that belongs to nobody here', () => {
	test('a STOP counts for whoever has it later, until they choose otherwise; anything else is only counted', async () => {
		const unknown = freshNumber();
		const before = await countOf('unknown-number');
		expect(await text('hello', { from: unknown })).toEqual({ outcome: 'unknown-number' });
		expect(await text('START', { from: unknown })).toEqual({ outcome: 'unknown-number' });
		expect(await text('stop texting me', { from: unknown })).toEqual({ outcome: 'unknown-number' });
		expect(await countOf('unknown-number')).toBe(before + 3);
		expect(await text('STOP', { from: unknown })).toEqual({ outcome: 'stranger-stop' });
		const late = await somebody(portal.as(), {
			identifiers: { email: `${unknown}@example.com`, phone: unknown }
		});
		expect(await preferences.mayContact(portal.as(), late, 'sms', 'updates')).toMatchObject({
			allowed: false
		});
	});

	test('whoever has the number now takes that stop back by START, and by none that was sent before it', async () => {
		const passedOn = freshNumber();
		await text('STOP', { from: passedOn, at: ago(60) });
		const late = await somebody(portal.as(), {
			identifiers: { email: `${passedOn}@example.com`, phone: passedOn }
		});
		await text('START', { from: passedOn, at: ago(60) });
		expect(await may('updates', 'sms', late)).toBe(false);
		expect(await text('START', { from: passedOn, at: ago(30) })).toEqual({ outcome: 'start' });
		expect(await may('updates', 'sms', late)).toBe(true);
		expect(await kinds(late)).toContain('address-unblocked-stranger');
		expect((await answers(late)).map(({ template }) => template)).toEqual(['sms-help', 'sms-started']);
	});

	test('a sender that is no number touches nobody, whatever they sign in with', async () => {
		const digits = await somebody(portal.as(), {
			identifiers: { email: 'digits@example.com', username: '600000001' }
		});
		for (const from of ['600000001', '12345', 'digits@example.com', 'whatsapp:+34600000000', '+1', ''])
			expect(await text('STOP', { from })).toEqual({ outcome: 'unknown-number' });
		expect(await preferences.history(portal.as(), digits.id, undefined, 1)).toEqual([]);
	});
});

test('a number for verification only: STOP counts and harms nothing, a code still comes', async () => {
	await portal
		.as()
		.db.updateTable('identifier')
		.set({ use: 'verification' })
		.where('personId', '=', person.id)
		.where('kind', '=', 'phone')
		.execute();
	expect(await text('STOP')).toEqual({ outcome: 'stop' });
	expect(await may('offers')).toBe(false);
	expect(await preferences.mayStillGo(portal.as(), person.id, 'sms', null)).toBe(true);
});

test('of somebody who is being erased nothing is written but that the number said stop', async () => {
	await portal
		.as()
		.db.updateTable('person')
		.set({ state: 'erasing' })
		.where('personId', '=', person.id)
		.execute();
	expect(await text('STOP')).toEqual({ outcome: 'stranger-stop' });
	expect(await text('when?')).toEqual({ outcome: 'unknown-number' });
});
