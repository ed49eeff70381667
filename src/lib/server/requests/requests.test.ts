import { describe, expect, test } from 'vitest';
import { alice, as, bob, charlie, somebody } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import { requestsContract } from './personal-data.ts';
import * as requests from './requests.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

async function atHome(person = alice(portal.as())) {
	const owner = await person;
	return { person: owner, ctx: as(portal.as(), owner) };
}

async function openOne({ ctx, person }: Awaited<ReturnType<typeof atHome>>, text = 'The title is wrong.') {
	const outcome = await requests.open(ctx, person, { kind: 'correction', subject: 'loans.title', text });
	if (!('id' in outcome)) throw new Error(JSON.stringify(outcome));
	return outcome.id;
}

describe('a person who asks', () => {
	test('gets a due date with its rule, a mail, and one thread of both sides with its times', async () => {
		const home = await atHome();
		const id = await openOne(home);
		await requests.answer(portal.as(), home.person.id, { requestId: id, text: 'We look into it.' });
		await requests.addMessage(home.ctx, home.person.id, { requestId: id, text: 'Thank you.' });
		const found = await requests.find(home.ctx, home.person.id, id);
		expect(found?.request).toMatchObject({
			state: 'open',
			subject: 'loans.title',
			rule: 'own-word',
			dueAt: '2026-12-12T22:59:59.999Z',
			isOverdue: false
		});
		expect(found?.messages.map(({ author, text }) => [author, text])).toEqual([
			['person', 'The title is wrong.'],
			['organisation', 'We look into it.'],
			['person', 'Thank you.']
		]);
		const mails = await home.ctx.db
			.selectFrom('outbox')
			.select('template')
			.where('personId', '=', home.person.id)
			.orderBy('id')
			.execute();
		expect(mails.map(({ template }) => template)).toEqual(['request-opened', 'request-answered']);
		const kinds = (await audit.page(home.ctx, home.person.id, undefined, 3)).map(({ kind }) => kind);
		expect(kinds).toEqual(['request-message', 'request-answered', 'request-opened']);
	});

	test('sees that the clock ran out', async () => {
		const home = await atHome();
		const id = await openOne(home);
		portal.clock.move('2026-12-12T23:00:00.000Z');
		expect((await requests.find(home.ctx, home.person.id, id))?.request.isOverdue).toBe(true);
		portal.clock.move('2026-11-22T09:00:00.000Z');
	});

	test('closes it once, and writes no further', async () => {
		const home = await atHome();
		const id = await openOne(home);
		expect(await requests.close(home.ctx, home.person.id, id)).toEqual({ closed: true });
		expect(await requests.close(home.ctx, home.person.id, id)).toEqual({ closed: false });
		expect(await requests.addMessage(home.ctx, home.person.id, { requestId: id, text: 'One more' })).toEqual({
			refused: 'request-closed'
		});
		expect(await requests.answer(portal.as(), home.person.id, { requestId: id, text: 'Late' })).toEqual({
			refused: 'request-closed'
		});
	});

	test('is told what is wrong with a text or a subject', async () => {
		const { ctx, person } = await atHome();
		const ask = (text: string, subject?: string) =>
			requests.open(ctx, person, { kind: 'correction', subject, text });
		expect(await ask('  ')).toEqual({ problems: { text: { code: 'required' } } });
		expect(await ask('x'.repeat(1_000_000))).toMatchObject({ problems: { text: { code: 'too-long' } } });
		expect(await ask('nul\0')).toEqual({ problems: { text: { code: 'nul' } } });
		for (const subject of ['loans.colour', 'nothing', 'card.rota', 'loans.title.x'])
			expect(await ask('Wrong', subject)).toEqual({ refused: 'subject-unknown' });
	});

	test('who asks without end has to wait', async () => {
		const home = await atHome();
		for (let asked = 0; asked < 30; asked++) await openOne(home);
		expect(await requests.open(home.ctx, home.person, { kind: 'question', text: 'Again' })).toMatchObject({
			refused: 'too-many-tries'
		});
	});
});

test('nobody reads, answers or closes the request of another person', async () => {
	const home = await atHome();
	const other = await atHome(charlie(portal.as()));
	const id = await openOne(home);
	expect(await requests.find(other.ctx, other.person.id, id)).toBeUndefined();
	expect(await requests.addMessage(other.ctx, other.person.id, { requestId: id, text: 'Mine?' })).toEqual({
		refused: 'request-unknown'
	});
	expect(await requests.close(other.ctx, other.person.id, id)).toEqual({ refused: 'request-unknown' });
	expect(await requests.list(other.ctx, other.person.id, { limit: 10 })).toEqual([]);
	expect((await requests.find(home.ctx, home.person.id, id))?.messages).toHaveLength(1);
});

describe('for export and erasure', () => {
	test('a request goes out with its thread, and is destroyed without touching anybody else', async () => {
		const home = await atHome(somebody(portal.as()));
		const other = await atHome(bob(portal.as()));
		await openOne(home);
		await openOne(other);
		const [part] = await requestsContract.collect(home.ctx, home.person.id);
		for await (const rows of part?.pages() ?? [])
			expect(rows).toMatchObject([
				{ kind: 'correction', messages: [{ author: 'person', text: 'The title is wrong.' }] }
			]);
		while (!(await requestsContract.erase(home.ctx, home.person.id, 1)).done);
		expect(await requestsContract.count(home.ctx, home.person.id)).toEqual([
			{ category: 'portal.requests', records: 0 }
		]);
		expect(await requests.list(other.ctx, other.person.id, { limit: 10 })).toHaveLength(1);
	});
});
