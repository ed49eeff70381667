import { describe, expect, test } from 'vitest';
import { alice, as, bob, somebody } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import * as exports from '../exports/exports.ts';
import * as preferences from '../preferences/preferences.ts';
import type * as staff from '../staff/staff.ts';
import * as withdrawal from '../withdrawal/withdrawal.ts';
import { find as findPerson } from '../accounts/accounts.ts';
import { settleWork } from './at-once.ts';
import { dueWork } from './due.ts';
import * as requests from './requests.ts';

const portal = portalForTest({ description: 'examples/classerium', startAt: '2026-11-22T09:00:00.000Z' });
const start = '2026-11-22T09:00:00.000Z';

const lee: staff.Member = { id: 'officer-lee', name: 'Dana Lee', role: 'officer' };
const sam: staff.Member = { id: 'agent-sam', name: 'Sam', role: 'agent' };
const ctx = () => portal.as('staff:officer-lee');

async function opened(person: Person, opening: Partial<requests.Opening> = {}): Promise<string> {
	const outcome = await requests.open(as(portal.as(), person), person, { kind: 'access', ...opening });
	if (!('id' in outcome)) throw new Error(JSON.stringify(outcome));
	return outcome.id;
}
const stands = async (person: Person, id: string) =>
	(await requests.find(portal.as(), person.id, id)) as requests.Found;
const lettersOf = async (person: Person) =>
	(
		await portal
			.as()
			.db.selectFrom('outbox')
			.select('template')
			.where('personId', '=', person.id)
			.orderBy('id')
			.execute()
	).map(({ template }) => template);
const eventsOf = async (person: Person, number: number) =>
	(await audit.page(portal.as(), person.id, undefined, number)).map(({ kind }) => kind);

describe('an officer', () => {
	test('puts the answer off once, as far as the rule allows, and Alice is told when and why', async () => {
		const person = await alice(portal.as());
		const requestId = await opened(person);
		const which = { personId: person.id, requestId };
		expect(await requests.extend(ctx(), lee, which, '  ')).toEqual({
			problems: { text: { code: 'required' } }
		});
		expect(await requests.extend(ctx(), lee, which, 'Three archives to look through.')).toEqual({
			dueOn: '2027-02-22'
		});
		const { request, messages } = await stands(person, requestId);
		expect(request).toMatchObject({ rule: 'gdpr', dueAt: '2027-02-22T22:59:59.999Z', extendedAt: start });
		expect(messages.at(-1)).toMatchObject({
			author: 'organisation',
			text: 'Three archives to look through.'
		});
		expect(await lettersOf(person)).toEqual(['request-opened', 'request-extended']);
		expect(await requests.extend(ctx(), lee, which, 'And more.')).toEqual({ refused: 'extended-already' });
	});

	test('can put nothing off once the first period is over, nor where no law gives more time', async () => {
		const person = await alice(portal.as());
		const requestId = await opened(person);
		portal.clock.move('2026-12-23T09:00:00.000Z');
		expect(await requests.extend(ctx(), lee, { personId: person.id, requestId }, 'Late.')).toEqual({
			refused: 'too-late-to-extend'
		});
		portal.clock.move(start);
		const carla = await somebody(portal.as(), {
			country: 'US',
			region: 'CA',
			timeZone: 'America/Los_Angeles'
		});
		const disclosure = await opened(carla, { kind: 'california-disclosure' });
		expect(
			await requests.extend(ctx(), lee, { personId: carla.id, requestId: disclosure }, 'Why not.')
		).toEqual({
			refused: 'cannot-extend'
		});
	});

	test('decides with reasons, refuses on a ground of the law alone, and Alice can appeal once', async () => {
		const person = await alice(portal.as());
		const requestId = await opened(person, { kind: 'erasure' });
		const which = { personId: person.id, requestId };
		const refusal = { decision: 'refused' as const, reasons: 'The tax law wants the invoices.' };
		expect(await requests.decide(ctx(), lee, which, { ...refusal, reasons: '' })).toEqual({
			problems: { text: { code: 'required' } }
		});
		for (const ground of [undefined, '', 'accurate', 'because'])
			expect(await requests.decide(ctx(), lee, which, { ...refusal, ground })).toEqual({
				refused: 'ground-needed'
			});
		expect(await requests.decide(ctx(), lee, which, { ...refusal, ground: 'legal-obligation' })).toEqual({
			decided: 'refused'
		});
		const { request } = await stands(person, requestId);
		expect(request).toMatchObject({ state: 'closed', decision: 'refused', ground: 'legal-obligation' });
		expect(request.groundSource).toContain('17(3)(b)');
		expect(await requests.decide(ctx(), lee, which, { decision: 'granted', reasons: 'Yes.' })).toEqual({
			refused: 'request-closed'
		});
		const own = as(portal.as(), person);
		const appeal = await requests.appeal(own, person, requestId, 'I closed the account long ago.');
		expect(await stands(person, (appeal as { id: string }).id)).toMatchObject({
			request: { kind: 'appeal', appealOf: requestId, rule: 'own-word' }
		});
		expect(await requests.appeal(own, person, requestId, 'Again.')).toEqual({ refused: 'nothing-to-appeal' });
		expect(await lettersOf(person)).toEqual(['request-opened', 'request-decided', 'request-opened']);
	});
});

test('an agent answers, and neither decides nor postpones', async () => {
	const person = await alice(portal.as());
	const requestId = await opened(person);
	const which = { personId: person.id, requestId };
	expect(await requests.answerAs(ctx(), sam, which, { text: 'We look.' })).toHaveProperty('id');
	const not = { refused: 'not-permitted' };
	expect(await requests.decide(ctx(), sam, which, { decision: 'granted', reasons: 'Yes' })).toEqual(not);
	expect(await requests.extend(ctx(), sam, which, 'Later')).toEqual(not);
});

test('a member reads a request, and its person reads that they did', async () => {
	const person = await alice(portal.as());
	const requestId = await opened(person);
	expect(await requests.viewAs(ctx(), lee, requestId)).toMatchObject({ personId: person.id });
	await requests.viewAs(ctx(), lee, requestId);
	expect(await eventsOf(person, 2)).toEqual(['staff-looked', 'request-opened']);
	expect(await requests.viewAs(ctx(), lee, person.id)).toEqual({ refused: 'request-unknown' });
	const queued = (await requests.queue(ctx(), lee, { kind: 'access' })) as { requests: requests.Queued[] };
	expect(queued.requests.find(({ id }) => id === requestId)).toMatchObject({ dueOn: '2026-12-22' });
});

describe('what nobody has proved', () => {
	const mailed = async (person: Person) => {
		const arrival = {
			channel: 'mail' as const,
			toBeProved: true,
			untold: true,
			mailKey: Buffer.from('one mail')
		};
		const outcome = await requests.receive(
			portal.as(),
			person,
			{ kind: 'erasure', text: 'Erase me.' },
			arrival
		);
		return (outcome as { id: string }).id;
	};

	test('is neither answered nor decided nor written to, until the person confirms it', async () => {
		const person = await alice(portal.as());
		const requestId = await mailed(person);
		expect(await mailed(person)).toBe(requestId);
		const which = { personId: person.id, requestId };
		const not = { refused: 'not-proved' };
		expect(await requests.answer(ctx(), person.id, { requestId, text: 'Hello' })).toEqual(not);
		expect(await requests.decide(ctx(), lee, which, { decision: 'granted', reasons: 'Yes' })).toEqual(not);
		expect(await requests.addMessage(ctx(), person.id, { requestId, text: 'Hello' })).toEqual(not);
		expect(await requests.confirm(as(portal.as(), person), person.id, requestId)).toEqual({
			confirmed: true
		});
		expect(await requests.answer(ctx(), person.id, { requestId, text: 'Hello' })).toHaveProperty('id');
	});

	test('ends when the person says that it is not theirs, or on the day that was due', async () => {
		const person = await alice(portal.as());
		const first = await mailed(person);
		const stranger = await bob(portal.as());
		expect(await requests.confirm(as(portal.as(), stranger), stranger.id, first)).toEqual({
			refused: 'request-unknown'
		});
		expect(await requests.disown(as(portal.as(), person), person.id, first, 'not-mine')).toEqual({
			ended: true
		});
		const other = await alice(portal.as());
		const second = await mailed(other);
		portal.clock.move('2026-12-23T09:00:00.000Z');
		while (await dueWork.run(portal.as()));
		portal.clock.move(start);
		expect((await stands(other, second)).request).toMatchObject({ state: 'closed', decision: 'unproved' });
	});
});

test('what came by letter keeps its day, and the clock runs from it', async () => {
	const person = await alice(portal.as());
	const receive = (receivedAt: Date) =>
		requests.receive(ctx(), person, { kind: 'access', text: 'Dear all' }, { channel: 'letter', receivedAt });
	const outcome = await receive(new Date('2026-11-10T08:00:00.000Z'));
	expect(outcome).toMatchObject({ dueOn: '2026-12-10', rule: 'gdpr' });
	expect((await stands(person, (outcome as { id: string }).id)).request).toMatchObject({
		channel: 'letter',
		receivedAt: '2026-11-10T08:00:00.000Z',
		openedAt: start
	});
	expect(await eventsOf(person, 1)).toEqual(['request-received']);
	for (const wrong of ['2026-11-23T09:00:00.000Z', '2025-11-01T09:00:00.000Z'])
		expect(await receive(new Date(wrong))).toEqual({ refused: 'received-wrong' });
});

describe('time', () => {
	test('runs on when a request under a law is merely answered, and stands still for an answered question', async () => {
		const person = await alice(portal.as());
		const access = await opened(person);
		const question = await opened(person, { kind: 'question', text: 'Why?' });
		for (const requestId of [access, question])
			expect(await requests.answer(ctx(), person.id, { requestId, text: 'We look.' })).toHaveProperty('id');
		expect((await stands(person, access)).request).toMatchObject({ rule: 'gdpr', state: 'open' });
		expect((await stands(person, question)).request).toMatchObject({ state: 'answered' });
		portal.clock.move('2026-12-23T09:00:00.000Z');
		while (await dueWork.run(portal.as()));
		expect((await stands(person, access)).request.isOverdue).toBe(true);
		expect((await stands(person, question)).request.isOverdue).toBe(false);
		expect(await eventsOf(person, 1)).toEqual(['request-overdue']);
		portal.clock.move(start);
	});

	test('reminds the staff on day 25, raises the alarm on day 31, each once', async () => {
		const person = await alice(portal.as());
		const id = await opened(person, { kind: 'question', text: 'Why?' });
		const marks = () =>
			portal
				.as()
				.db.selectFrom('request')
				.select(['remindedAt', 'alarmedAt'])
				.where('personId', '=', person.id)
				.executeTakeFirstOrThrow();
		await dueWork.run(portal.as());
		expect(await marks()).toEqual({ remindedAt: null, alarmedAt: null });
		portal.clock.move('2026-12-16T09:00:00.000Z');
		await dueWork.run(portal.as());
		expect((await marks()).remindedAt).toBeNull();
		portal.clock.move('2026-12-17T09:00:00.000Z');
		while (await dueWork.run(portal.as()));
		expect(await marks()).toMatchObject({ remindedAt: '2026-12-17T09:00:00.000Z', alarmedAt: null });
		portal.clock.move('2026-12-23T09:00:00.000Z');
		while (await dueWork.run(portal.as()));
		expect(await marks()).toMatchObject({ alarmedAt: '2026-12-23T09:00:00.000Z' });
		expect((await stands(person, id)).request.isOverdue).toBe(true);
		expect(await eventsOf(person, 1)).toEqual(['request-overdue']);
		expect(await dueWork.run(portal.as())).toBe(0);
		portal.clock.move(start);
	});
});

describe('what the portal does at once', () => {
	test('a restriction is a pause, an objection ends marketing, and both are done', async () => {
		const person = await alice(portal.as());
		const own = as(portal.as(), person);
		const paused = await requests.openAndDo(own, person, { kind: 'restriction' });
		expect((await findPerson(portal.as(), person.id))?.pausedAt).toBe(start);
		const stopped = await requests.openAndDo(own, person, { kind: 'objection' });
		for (const { id } of [paused, stopped] as { id: string }[])
			expect((await stands(person, id)).request).toMatchObject({ state: 'closed', decision: 'done-at-once' });
	});

	test('what came by mail is done the moment that its person confirms it, and not before', async () => {
		const person = await alice(portal.as());
		const arrival = { channel: 'mail' as const, toBeProved: true, untold: true };
		const outcome = await requests.receive(
			portal.as(),
			person,
			{ kind: 'restriction', text: 'Stop.' },
			arrival
		);
		const { id } = outcome as { id: string };
		expect((await findPerson(portal.as(), person.id))?.pausedAt).toBeNull();
		await requests.confirm(as(portal.as(), person), person.id, id);
		expect((await findPerson(portal.as(), person.id))?.pausedAt).toBe(start);
		expect((await stands(person, id)).request.decision).toBe('done-at-once');
	});

	test.each(['phone', 'letter', 'counter', 'api'] as const)(
		'what came by %s and is proved is done with its receipt',
		async (channel) => {
			const person = await alice(portal.as());
			const received = async (kind: requests.Kind, toBeProved = false) => {
				const opening = { kind, text: 'Please.' };
				const outcome = await requests.receiveAndDo(ctx(), person, opening, { channel, toBeProved });
				return (await stands(person, (outcome as { id: string }).id)).request;
			};
			expect(await received('restriction', true)).toMatchObject({ state: 'waiting-for-proof' });
			expect((await findPerson(portal.as(), person.id))?.pausedAt).toBeNull();
			const done = { state: 'closed', decision: 'done-at-once', channel };
			expect(await received('restriction')).toMatchObject(done);
			expect((await findPerson(portal.as(), person.id))?.pausedAt).toBe(start);
			const [offer] = (await preferences.grid(portal.as(), person)).filter(({ topic }) => topic.marketing);
			const yes = { channel: offer?.cells[0]?.channel ?? '', topic: offer?.topic.id ?? '', allowed: true };
			await preferences.set(portal.as(), person, [yes], { origin: 'page' });
			expect(await received('objection')).toMatchObject(done);
			const origin = channel === 'api' ? 'api' : 'staff';
			expect(await preferences.history(portal.as(), person.id, undefined, 1)).toMatchObject([{ origin }]);
			const rows = await preferences.grid(portal.as(), person);
			const marketing = rows.filter(({ topic }) => topic.marketing).flatMap(({ cells }) => cells);
			expect(marketing.length).toBeGreaterThan(0);
			expect(marketing.some(({ chosen }) => chosen)).toBe(false);
			expect(await received('california-disclosure')).toMatchObject({ state: 'open' });
		}
	);

	test('an access is not answered by a download of a part, nor by one that lacks something', async () => {
		const person = await alice(portal.as());
		const own = as(portal.as(), person);
		const access = await opened(person);
		const [{ category = '' } = {}] = await exports.choices(own, person.id);
		await exports.order(own, person, { categories: [category], language: 'en', sessionId: 's' }, 60_000);
		expect(await requests.settle(own, person.id)).toBe(0);
		portal.clock.move('2026-11-24T09:00:00.000Z');
		await exports.order(own, person, { categories: [], language: 'en', sessionId: 's' }, 60_000);
		const whole = (complete: number) =>
			own.db
				.updateTable('export')
				.set({ complete })
				.where('personId', '=', person.id)
				.where('categories', '=', '')
				.execute();
		await whole(0);
		expect(await requests.settle(own, person.id)).toBe(0);
		await whole(1);
		expect(await requests.settle(own, person.id)).toBe(1);
		portal.clock.move(start);
		expect((await stands(person, access)).request.decision).toBe('done-at-once');
	});

	test('an access is answered by the download, an erasure by leaving', async () => {
		const person = await alice(portal.as());
		const own = as(portal.as(), person);
		const access = await opened(person, { asks: ['items', 'consent', 'nonsense'] });
		const erasure = await opened(person, { kind: 'erasure' });
		expect(await requests.settle(own, person.id)).toBe(0);
		await exports.order(own, person, { categories: [], language: 'en', sessionId: 's' }, 60_000);
		while (await settleWork.run(portal.as()));
		expect((await stands(person, access)).request).toMatchObject({
			decision: 'done-at-once',
			asks: ['items', 'consent']
		});
		await withdrawal.request(own, person);
		expect(await requests.settle(own, person.id)).toBe(1);
		expect((await stands(person, erasure)).request.decision).toBe('done-at-once');
	});
});
