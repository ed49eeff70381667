import { beforeEach, describe, expect, test } from 'vitest';
import { outboxOf } from '../../../../tests/support/outbox.ts';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as preferences from '../preferences/preferences.ts';
import type { Member } from '../staff/staff.ts';
import { replyEnds, replyWork } from './ends.ts';
import { decide, queue, see, tally } from './handling.ts';
import { recordStop } from './on-paper.ts';
import { repliesContract } from './personal-data.ts';
import { addressRefused } from './refused-addresses.ts';
import { receiveSms } from './sms/receiving.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const now = '2026-11-22T09:00:00.000Z';
const sam = { id: 'agent-sam', name: 'Sam', role: 'agent' } as Member;
const asSam = (): Context => portal.as('staff:agent-sam');

let made = 0;
let number: string;
let person: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move(now);
	number = `+3460040${String(++made).padStart(4, '0')}`;
	person = await alice(portal.as(), { identifiers: { email: `${number}@example.com`, phone: number } });
	other = await bob(portal.as());
	await preferences.set(portal.as(), person, [{ channel: 'sms', topic: 'offers', allowed: true }], {
		origin: 'page'
	});
});

let messages = 0;
const writes = (text: string, at = portal.clock.now()) =>
	receiveSms(portal.as(), { id: `${number}-${++messages}`, from: number, text, at });
const rowsOf = () =>
	portal.as().db.selectFrom('reply').selectAll().where('personId', '=', person.id).orderBy('id').execute();
const lastId = async () => (await rowsOf()).at(-1)?.id ?? '';
const answer = () => preferences.mayContact(portal.as(), person, 'sms', 'offers');
const events = async () => audit.page(portal.as(), person.id, undefined, 20);
const deciding = async (decision: 'stopped' | 'kept', reason = 'Read it twice') =>
	decide(asSam(), sam, { personId: person.id, id: await lastId(), decision, reason });

/** Both roles of today may; one that nobody knows may nothing. */
const without: Member = { ...sam, role: 'none' as never };

describe('Sam reads what Alice wrote', () => {
	test('finds it in the queue without a name or a word, and opening it shows up to her', async () => {
		await writes('please stop texting me');
		const id = await lastId();
		const found = await queue(asSam(), sam);
		expect('waiting' in found && found.waiting.find((row) => row.id === id)).toEqual({
			personId: person.id,
			id,
			channel: 'sms',
			kind: 'stop-like',
			at: now
		});
		expect(await see(asSam(), sam, person.id, id)).toMatchObject({
			reply: { text: 'please stop texting me', state: 'waiting' }
		});
		expect((await events())[0]).toMatchObject({ kind: 'staff-looked', actor: 'staff:agent-sam' });
	});

	test('says that it was a stop: everything by SMS is off, the words are gone, and she reads the reason', async () => {
		await writes('please stop texting me');
		expect(await deciding('stopped')).toEqual({ decided: 'stopped' });
		expect(await answer()).toMatchObject({ allowed: false, because: 'decided' });
		expect(await rowsOf()).toMatchObject([{ state: 'stopped', decidedAt: now, sealed: Buffer.alloc(0) }]);
		expect((await events()).find(({ kind }) => kind === 'reply-stopped')?.details).toMatchObject({
			reason: 'Read it twice'
		});
		expect(await deciding('kept')).toEqual({ refused: 'reply-decided' });
	});

	test('says that it was none: everything is as before, once all of it is read', async () => {
		await writes('stop texting me');
		const first = await lastId();
		await writes('STOP IT really');
		expect(await deciding('kept')).toEqual({ decided: 'kept' });
		expect(await answer()).toMatchObject({ allowed: false, because: 'unread-reply' });
		await decide(asSam(), sam, { personId: person.id, id: first, decision: 'kept', reason: 'A joke' });
		expect(await answer()).toMatchObject({ allowed: true });
	});

	test('needs a reason, and can not decide what is not there', async () => {
		await writes('stop texting me');
		expect(await deciding('stopped', '  ')).toEqual({ problems: { reason: { code: 'required' } } });
		expect(await deciding('stopped', 'x'.repeat(2_001))).toMatchObject({
			problems: { reason: { code: 'too-long' } }
		});
		const stray = { personId: other.id, id: await lastId(), decision: 'stopped', reason: 'x' } as const;
		expect(await decide(asSam(), sam, stray)).toEqual({ refused: 'reply-unknown' });
		expect(await see(asSam(), sam, other.id, await lastId())).toEqual({ refused: 'reply-unknown' });
		expect((await answer()).because).toBe('unread-reply');
	});

	test('two at once decide once', async () => {
		await writes('stop texting me');
		const outcomes = await Promise.all([deciding('stopped'), deciding('kept')]);
		expect(outcomes.filter((outcome) => 'decided' in outcome)).toHaveLength(1);
	});

	test('a member without the permission sees and decides nothing', async () => {
		await writes('stop texting me');
		const id = await lastId();
		const before = await rowsOf();
		expect(await queue(asSam(), without)).toEqual({ refused: 'not-permitted' });
		expect(await see(asSam(), without, person.id, id)).toEqual({ refused: 'not-permitted' });
		const wanted = { personId: person.id, id, decision: 'kept', reason: 'x' } as const;
		expect(await decide(asSam(), without, wanted)).toEqual({ refused: 'not-permitted' });
		expect(await rowsOf()).toEqual(before);
	});
});

describe('Alice says on the phone that it should end', () => {
	const said = (given: object = {}) => ({
		personId: person.id,
		channel: 'sms' as const,
		receivedAt: new Date('2026-11-20T10:00:00Z'),
		reason: 'Called the hotline',
		...given
	});

	test('Sam writes it down with its day; she is told, and can read who and why', async () => {
		expect(await recordStop(asSam(), sam, said())).toMatchObject({ changed: expect.any(Number) });
		expect(await answer()).toMatchObject({ allowed: false, because: 'decided' });
		const [newest] = await preferences.history(portal.as(), person.id, undefined, 1);
		expect(newest).toMatchObject({ origin: 'staff', at: '2026-11-20T10:00:00.000Z' });
		expect(await outboxOf(portal.as(), person.id)).toMatchObject([
			{ template: 'stop-recorded', channel: 'email' }
		]);
		expect((await events()).find(({ kind }) => kind === 'stop-recorded')).toMatchObject({
			actor: 'staff:agent-sam',
			details: { reason: 'Called the hotline', channel: 'sms' }
		});
	});

	test('not of tomorrow or years ago, not without a reason, not by a way that there is not, not without leave', async () => {
		for (const receivedAt of [new Date('2026-11-23T09:00:00Z'), new Date('2025-10-01T09:00:00Z')])
			expect(await recordStop(asSam(), sam, said({ receivedAt }))).toEqual({
				problems: { received: { code: 'received-wrong' } }
			});
		expect(await recordStop(asSam(), sam, said({ reason: '' }))).toMatchObject({
			problems: { reason: { code: 'required' } }
		});
		expect(await recordStop(asSam(), sam, said({ channel: 'push' }))).toEqual({ refused: 'channel-unknown' });
		expect(await recordStop(asSam(), without, said())).toEqual({ refused: 'not-permitted' });
		expect(await recordStop(asSam(), sam, said({ personId: 'nobody' }))).toEqual({
			refused: 'person-leaving'
		});
		expect(await answer()).toMatchObject({ allowed: true });
	});
});

describe('an address that the other side refuses', () => {
	test('counts as a stop where the carrier was told so, once, and for nobody else', async () => {
		const refused = { channel: 'sms', to: number, because: 'carrier' } as const;
		expect(await addressRefused(portal.as(), refused)).toEqual({ changed: true });
		expect(await addressRefused(portal.as(), refused)).toEqual({ changed: false });
		expect(await answer()).toMatchObject({ allowed: false, because: 'carrier' });
		expect((await preferences.mayContact(portal.as(), other, 'email', 'offers')).because).not.toBe('carrier');
	});

	test('of nobody here is remembered for whoever has it later; what is none is refused', async () => {
		const unknown = '+34600499999';
		expect(await addressRefused(portal.as(), { channel: 'sms', to: unknown, because: 'carrier' })).toEqual({
			changed: true
		});
		const late = await bob(portal.as(), { identifiers: { email: 'late-bob@example.com', phone: unknown } });
		expect(await preferences.mayContact(portal.as(), late, 'sms', 'offers')).toMatchObject({
			allowed: false
		});
		expect(await addressRefused(portal.as(), { channel: 'sms', to: 'x', because: 'carrier' })).toEqual({
			refused: 'address-invalid'
		});
	});
});

describe('what ends', () => {
	const run = async (ctx: Context) => {
		while ((await replyWork.run(ctx)) > 0);
	};

	test('free text that nobody answers is put aside after its days; what may be a stop waits', async () => {
		await writes('When does it begin?');
		await writes('stop texting me');
		portal.clock.move('2026-12-22T08:59:59.000Z');
		await run(portal.as());
		expect((await rowsOf()).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
		portal.clock.move('2026-12-22T09:00:01.000Z');
		const ctx = portal.as();
		const { organisation } = ctx;
		await run({ ...ctx, organisation: { ...organisation, sms: { ...organisation.sms, support: true } } });
		expect((await rowsOf()).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
		await run(ctx);
		expect((await rowsOf()).map(({ state, sealed }) => [state, sealed.length > 0])).toEqual([
			['closed', false],
			['waiting', true]
		]);
		expect((await events())[0]).toMatchObject({ kind: 'reply-closed' });
		portal.clock.move('2027-12-23T09:00:02.000Z');
		await replyEnds.run(portal.as());
		expect((await rowsOf()).map(({ state }) => state)).toEqual(['waiting']);
		expect(await tally(portal.as())).toEqual([]);
	});

	test('a stop from an address of nobody is honoured for five years, and then forgotten', async () => {
		const stranger = `+3460041${String(made).padStart(4, '0')}`;
		await preferences.stopStranger(portal.as(), 'sms', stranger);
		const standing = async () =>
			(await portal.as().db.selectFrom('strangerStop').select('at').where('at', '=', now).execute()).length;
		const before = await standing();
		portal.clock.move('2031-11-22T08:59:59.000Z');
		await replyEnds.run(portal.as());
		expect(await standing()).toBe(before);
		portal.clock.move('2031-11-22T09:00:01.000Z');
		await replyEnds.run(portal.as());
		expect(await standing()).toBe(0);
	});

	test('the contract counts, gives out and destroys every reply', async () => {
		await writes('When does it begin?');
		await writes('And where?');
		const [part] = await repliesContract.collect(portal.as(), person.id);
		const rows = [];
		for await (const some of part?.pages() ?? []) rows.push(...some);
		expect(rows).toMatchObject([{ text: 'And where?' }, { text: 'When does it begin?' }]);
		expect(await repliesContract.count(portal.as(), person.id)).toEqual([
			{ category: 'portal.messages', records: 2 }
		]);
		expect(await repliesContract.erase(portal.as(), person.id, 10)).toEqual({ destroyed: 2, done: true });
		expect(await rowsOf()).toEqual([]);
	});
});
