import { beforeAll, describe, expect, test } from 'vitest';
import { as, somebody } from '../../../tests/support/people.ts';
import { portalForTest } from '../../../tests/support/portal-for-test.ts';
import type { Person } from './accounts/people.ts';
import * as audit from './audit/audit.ts';
import type { Context } from './context.ts';
import { after } from './platform/clock.ts';
import { isEnding, type Ending } from './platform/work/ending.ts';
import { requestEnds } from './requests/ends.ts';
import * as requests from './requests/requests.ts';
import * as withdrawal from './withdrawal/withdrawal.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const start = new Date('2026-11-22T09:00:00.000Z');

let ctx: Context;
beforeAll(() => {
	ctx = portal.as();
});

const kindOf = (name: string) => ctx.work.find((kind) => kind.name === name) as Ending<Context>;
const overOf = async (kind: Ending<Context>, rule: string) =>
	(await kind.over(ctx)).find((over) => over.rule === rule)?.rows;

async function ask(person: Person): Promise<string> {
	const opened = await requests.open(as(ctx, person), person, { kind: 'question', text: 'Why?' });
	if (!('id' in opened)) throw new Error('refused');
	return opened.id;
}

const isThere = async (person: Person, id: string) => (await requests.find(ctx, person.id, id)) !== undefined;

describe('a request', () => {
	test('goes 24 months after it was closed, on the day that the person reads, and Activity says so', async () => {
		portal.clock.move(start);
		const person = await somebody(ctx);
		const [closed, open] = [await ask(person), await ask(person)];
		await requests.close(as(ctx, person), person.id, closed);
		const until = requests.keptUntil(start.toISOString());
		expect(until).toBe('2028-11-22T09:00:00.000Z');
		portal.clock.move(after(new Date(until), -1, 'seconds'));
		await requestEnds.run(ctx);
		expect(await isThere(person, closed)).toBe(true);
		portal.clock.move(until);
		expect(await overOf(requestEnds, 'requests')).toBe(1);
		expect(await isThere(person, closed), 'a dry run touches nothing').toBe(true);
		expect(await requestEnds.run(ctx)).toBe(1);
		expect(await isThere(person, closed)).toBe(false);
		expect(await isThere(person, open), 'an open one stays').toBe(true);
		const messages = await ctx.db
			.selectFrom('requestMessage')
			.select('requestId')
			.where('personId', '=', person.id)
			.execute();
		expect(messages.map(({ requestId }) => requestId)).toEqual([open]);
		const [last] = await audit.page(ctx, person.id, undefined, 1);
		expect(last?.kind).toBe('request-expired');
		expect(await requestEnds.run(ctx)).toBe(0);
	});

	test('that was answered goes 24 months after the last word', async () => {
		portal.clock.move(start);
		const person = await somebody(ctx);
		const id = await ask(person);
		await requests.answer(ctx, person.id, { requestId: id, text: 'Because.' });
		portal.clock.move(after(start, 365, 'days'));
		await requests.addMessage(as(ctx, person), person.id, { requestId: id, text: 'And why that?' });
		await requests.answer(ctx, person.id, { requestId: id, text: 'Because of that.' });
		portal.clock.move(after(start, 900, 'days'));
		await requestEnds.run(ctx);
		expect(await isThere(person, id)).toBe(true);
		portal.clock.move(after(start, 365 + 732, 'days'));
		await requestEnds.run(ctx);
		expect(await isThere(person, id)).toBe(false);
	});
});

test('a message that was sent is known for a year, one that waits for as long as it does', async () => {
	portal.clock.move(start);
	await ctx.db.deleteFrom('outbox').execute();
	const [alice, bob] = [await somebody(ctx), await somebody(ctx)];
	await ask(alice);
	await ask(bob);
	await ctx.db.updateTable('outbox').set({ state: 'sent' }).where('personId', '=', alice.id).execute();
	const kind = kindOf('messages');
	portal.clock.move(after(start, 364, 'days'));
	expect(await kind.run(ctx)).toBe(0);
	portal.clock.move(after(start, 366, 'days'));
	expect(await overOf(kind, 'messages')).toBe(1);
	expect(await kind.run(ctx)).toBe(1);
	const left = await ctx.db.selectFrom('outbox').select('personId').execute();
	expect(left).toEqual([{ personId: bob.id }]);
});

test('a withdrawal that was taken back is known for 24 months', async () => {
	portal.clock.move(start);
	const person = await somebody(ctx);
	await withdrawal.request(as(ctx, person), person, {});
	expect(await withdrawal.cancel(as(ctx, person), person)).toEqual({ cancelled: true });
	const kind = kindOf('withdrawals');
	portal.clock.move(after(start, 729, 'days'));
	expect(await kind.run(ctx)).toBe(0);
	portal.clock.move(after(start, 732, 'days'));
	expect(await overOf(kind, 'withdrawals taken back')).toBe(1);
	await kind.run(ctx);
	for (const rule of await kind.over(ctx)) expect(rule.rows).toBe(0);
	expect(await ctx.db.selectFrom('withdrawal').select('id').execute()).toEqual([]);
});

test('every rule can be counted before it is worked off, and each has a name of its own', async () => {
	const rules = (await Promise.all(ctx.work.filter(isEnding).map((kind) => kind.over(ctx)))).flat();
	expect(rules.length).toBeGreaterThan(12);
	expect(new Set(rules.map(({ rule }) => rule)).size).toBe(rules.length);
});
