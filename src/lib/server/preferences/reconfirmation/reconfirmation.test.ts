import { beforeEach, describe, expect, test } from 'vitest';
import { outboxOf } from '../../../../../tests/support/outbox.ts';
import { somebody } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { preferencesContract } from '../personal-data.ts';
import * as preferences from '../preferences.ts';
import type { Rule } from './watching.ts';

const portal = portalForTest({ description: 'examples/classting' });
const saidOn = '2026-11-22T09:00:00.000Z';
const askedOn = '2028-10-23T09:00:00.000Z';
const endsOn = '2028-11-22T09:00:00.000Z';

let minjun: Person;
let alice: Person;
beforeEach(async () => {
	portal.clock.move(saidOn);
	minjun = await somebody(portal.as(), { name: 'minjun', country: 'KR', timeZone: 'Asia/Seoul' });
	alice = await somebody(portal.as(), { name: 'alice', country: 'ES' });
	for (const person of [minjun, alice]) await say(person, 'email', true);
});

/** The rule of the example, with what a test wants otherwise. */
const under = (other: Partial<Rule> = {}): Context => {
	const organisation = structuredClone(portal.as().organisation);
	Object.assign(organisation.reconfirmation as Rule, other);
	return { ...portal.as(), organisation };
};
const say = (person: Person, channel: string, allowed: boolean, topic = 'events') =>
	preferences.set(under(), person, [{ channel, topic, allowed }], { origin: 'page' });
async function work(ctx: Context = under()): Promise<void> {
	for (const kind of [preferences.reconfirmationWork, preferences.decisionWork])
		while ((await kind.run(ctx)) > 0);
}
async function at(day: string, ctx: Context = under()): Promise<void> {
	portal.clock.move(day);
	await work(ctx);
}
const letters = async (person: Person, template: string) =>
	(await outboxOf(portal.as(), person.id)).filter((letter) => letter.template.startsWith(template));
const answer = async (person: Person) =>
	(await preferences.mayContact(under(), person, 'email', 'events')).allowed;
const kinds = async (person: Person) =>
	(await audit.page(portal.as(), person.id, undefined, 20)).map(({ kind }) => kind);
const shown = new Set(['email.events']);

describe('Minjun, who said yes in Korea two years ago', () => {
	test('is asked once, thirty days before, and Alice in Spain never', async () => {
		await at('2028-10-23T08:59:59.000Z');
		expect(await letters(minjun, 'reconfirm')).toEqual([]);
		await at(askedOn);
		await at('2028-10-30T09:00:00.000Z');
		expect(await letters(minjun, 'reconfirm')).toMatchObject([
			{
				template: 'reconfirm-or-stays',
				values: {
					choices: expect.stringContaining('November 22, 2026'),
					because: expect.stringContaining('Korea'),
					untilOn: '2028-11-22'
				}
			}
		]);
		expect(await preferences.askedOf(under(), minjun)).toMatchObject({
			yeses: [{ channel: 'email', topic: 'events', since: saidOn }],
			until: endsOn,
			silence: 'stays'
		});
		expect(await letters(alice, 'reconfirm')).toEqual([]);
		expect(await preferences.askedOf(under(), alice)).toBeUndefined();
		expect(await kinds(alice)).not.toContain('reconfirmation-asked');
	});

	test('goes on with a click: the ledger says that it was confirmed, and the clock begins anew', async () => {
		await at(askedOn);
		const none = await preferences.confirm(under(), minjun, new Set(['sms.events']));
		expect(none).toMatchObject({ changed: 0 });
		expect(await preferences.confirm(under(), minjun, shown)).toMatchObject({ changed: 1 });
		expect(await preferences.confirm(under(), minjun, shown)).toMatchObject({ changed: 0 });
		const [newest] = await preferences.history(under(), minjun.id, undefined, 1);
		expect(newest).toMatchObject({ allowed: true, origin: 'confirmed', at: askedOn });
		expect(await preferences.askedOf(under(), minjun)).toBeUndefined();
		expect(await preferences.undoable(under(), minjun.id)).toBeUndefined();
		await at('2030-09-22T09:00:00.000Z');
		expect(await letters(minjun, 'reconfirm')).toHaveLength(1);
		await at('2030-09-24T09:00:00.000Z');
		expect(await letters(minjun, 'reconfirm')).toHaveLength(2);
	});

	test('who says nothing keeps it where silence means that, and is asked again two years later', async () => {
		await at(askedOn);
		await at(endsOn);
		expect(await answer(minjun)).toBe(true);
		expect(await kinds(minjun)).toContain('reconfirmation-unanswered');
		expect(await preferences.askedOf(under(), minjun)).toBeUndefined();
		await at('2030-09-22T09:00:00.000Z');
		expect(await letters(minjun, 'reconfirm')).toHaveLength(1);
		await at('2030-09-24T09:00:00.000Z');
		expect(await letters(minjun, 'reconfirm')).toHaveLength(2);
	});

	test('who says nothing gets nothing any more where silence means that', async () => {
		const stops = under({ silence: 'stops' });
		await at(askedOn, stops);
		expect(await letters(minjun, 'reconfirm')).toMatchObject([{ template: 'reconfirm-or-stops' }]);
		await at('2028-11-22T08:59:59.000Z', stops);
		expect(await answer(minjun)).toBe(true);
		await at(endsOn, stops);
		expect(await answer(minjun)).toBe(false);
		expect(await answer(alice)).toBe(true);
		const [newest] = await preferences.history(under(), minjun.id, undefined, 1);
		expect(newest).toMatchObject({ allowed: false, origin: 'unconfirmed' });
	});

	test('has thirty days to answer, however late the letter is', async () => {
		const stops = under({ silence: 'stops' });
		await at('2029-01-01T09:00:00.000Z', stops);
		expect(await preferences.askedOf(stops, minjun)).toMatchObject({ until: '2029-01-31T09:00:00.000Z' });
		await at('2029-01-31T08:00:00.000Z', stops);
		expect(await answer(minjun)).toBe(true);
		await at('2029-01-31T09:00:00.000Z', stops);
		expect(await answer(minjun)).toBe(false);
	});

	test('who ended it is not asked, nor who paused, nor about what was never said', async () => {
		await say(minjun, 'email', false);
		const paused = await somebody(portal.as(), { name: 'paused', country: 'KR' });
		await say(paused, 'email', true);
		await portal
			.as()
			.db.updateTable('person')
			.set({ pausedAt: saidOn })
			.where('personId', '=', paused.id)
			.execute();
		const silent = await somebody(portal.as(), { name: 'silent', country: 'KR' });
		await at(askedOn);
		for (const person of [minjun, paused, silent]) expect(await letters(person, 'reconfirm')).toEqual([]);
	});

	test('is found though the rule came later, and what an import brings counts from its own day', async () => {
		const none = { ...portal.as(), organisation: { ...portal.as().organisation, reconfirmation: undefined } };
		await work(none as never);
		const late = await somebody(portal.as(), { name: 'late', country: 'KR' });
		const yes = [{ channel: 'email', topic: 'events', allowed: true }];
		const past = { origin: 'import', at: new Date('2024-11-22T09:00:00.000Z') } as const;
		await preferences.set(none as never, late, yes, past);
		expect(await letters(late, 'reconfirm')).toEqual([]);
		await work();
		expect(await letters(late, 'reconfirm')).toHaveLength(1);
		expect(await letters(late, 'decisions')).toEqual([]);
	});

	test('is asked earlier once the rule says so', async () => {
		await work();
		await at('2027-11-01T09:00:00.000Z');
		expect(await letters(minjun, 'reconfirm')).toEqual([]);
		await work(under({ every: 'P1Y' }));
		expect(await letters(minjun, 'reconfirm')).toHaveLength(1);
	});

	test('who moves to Korea is asked as well', async () => {
		await portal
			.as()
			.db.updateTable('person')
			.set({ country: 'KR' })
			.where('personId', '=', alice.id)
			.execute();
		await at(askedOn);
		expect(await letters(alice, 'reconfirm')).toHaveLength(1);
	});
});

describe('what somebody in Korea decided', () => {
	test('is told to them once an hour has passed, all of it in one message, and to nobody elsewhere', async () => {
		await say(minjun, 'sms', true);
		await say(minjun, 'email', false);
		await at('2026-11-22T09:59:00.000Z');
		expect(await letters(minjun, 'decisions')).toEqual([]);
		await at('2026-11-22T10:00:00.000Z');
		const [letter, another] = await letters(minjun, 'decisions');
		expect(another).toBeUndefined();
		const lines = String(letter?.values.choices).split('\n');
		expect(lines).toHaveLength(2);
		expect(lines[0]).toMatch(/^On: .*November 22, 2026 at 6:00/);
		expect(lines[1]).toMatch(/^Off: /);
		expect(await kinds(minjun)).toContain('decisions-told');
		expect(await letters(alice, 'decisions')).toEqual([]);
	});

	test('is told once a day at most, and nothing of what is no marketing', async () => {
		await at('2026-11-22T10:00:00.000Z');
		await say(minjun, 'email', false);
		await at('2026-11-22T12:00:00.000Z');
		expect(await letters(minjun, 'decisions')).toHaveLength(1);
		await at('2026-11-23T10:00:00.000Z');
		expect(await letters(minjun, 'decisions')).toHaveLength(2);
		await say(minjun, 'email', false, 'class-news');
		await at('2026-12-23T10:00:00.000Z');
		expect(await letters(minjun, 'decisions')).toHaveLength(2);
	});

	test('by one click in a mail program is told like the rest', async () => {
		await at('2026-11-22T10:00:00.000Z');
		const wayOut = { personId: minjun.id, channel: 'email', topic: 'events', language: 'en' };
		await preferences.stop(under(), wayOut, 'one-click');
		await at('2026-11-24T10:00:00.000Z');
		expect((await letters(minjun, 'decisions')).at(-1)?.values.choices).toMatch(/^Off: /);
	});

	test('by a text message is told by the answer to it, and otherwise where none was sent', async () => {
		await at('2026-11-22T10:00:00.000Z');
		await preferences.stopChannel(under(), minjun, 'sms', 'sms');
		await at('2026-11-24T10:00:00.000Z');
		expect((await letters(minjun, 'decisions')).at(-1)?.values.choices).toMatch(/^Off: everything/);
		await preferences.startChannel(under(), minjun, 'sms', 'sms', { at: portal.clock.now() });
		portal.clock.move('2026-11-24T10:00:01.000Z');
		const values = { programme: '', frequency: '', contact: '', settings: '' };
		await delivery.send(under(), minjun.id, { template: 'sms-started', to: '+821012345678', values });
		await at('2026-11-28T10:00:00.000Z');
		expect(await letters(minjun, 'decisions')).toHaveLength(2);
	});
});

test('somebody whose step fails holds up nobody else, and comes again by themselves', async () => {
	const jiwoo = await somebody(portal.as(), { name: 'jiwoo', country: 'KR', timeZone: 'Asia/Seoul' });
	portal.clock.move('2026-11-22T09:00:01.000Z');
	await say(jiwoo, 'email', true);
	const { db } = portal.as();
	const one = db.selectFrom('person').select('sealed').where('personId', '=', minjun.id);
	const { sealed } = await one.executeTakeFirstOrThrow();
	const write = (to: Buffer) =>
		db.updateTable('person').set({ sealed: to }).where('personId', '=', minjun.id).execute();
	const failing = async (table: 'reconfirmation' | 'decisionNotice', template: string, day: string) => {
		await write(Buffer.from('nobody can open this'));
		const failures: object[] = [];
		const log = { ...under().log, error: (details: object) => failures.push(details) };
		await at(day, { ...under(), log } as never);
		expect(await letters(jiwoo, template)).toHaveLength(1);
		expect(await letters(minjun, template)).toEqual([]);
		const rows = db.selectFrom(table).select(['leasedUntil', 'attempts', 'nextAttemptAt']);
		const soon = new Date(Date.parse(day) + 5_000).toISOString();
		expect(await rows.where('personId', '=', minjun.id).executeTakeFirst()).toEqual({
			leasedUntil: null,
			attempts: 1,
			nextAttemptAt: soon
		});
		expect(failures).toMatchObject([{ personId: minjun.id, attempts: 1 }]);
		await write(sealed);
		await at(soon);
		expect(await letters(minjun, template)).toHaveLength(1);
		expect(await letters(jiwoo, template)).toHaveLength(1);
	};
	await failing('decisionNotice', 'decisions', '2026-11-22T11:00:00.000Z');
	await failing('reconfirmation', 'reconfirm', '2028-10-24T09:00:00.000Z');
});

test('whoever is erased leaves neither row behind', async () => {
	await preferencesContract.erase(portal.as(), minjun.id, 1_000);
	const kept = await portal.as().db.selectFrom('reconfirmation').select('personId').execute();
	expect(kept.map(({ personId }) => personId)).toContain(alice.id);
	for (const table of ['reconfirmation', 'decisionNotice'] as const) {
		const left = await portal.as().db.selectFrom(table).select('personId').execute();
		expect(left.map(({ personId }) => personId)).not.toContain(minjun.id);
	}
});
