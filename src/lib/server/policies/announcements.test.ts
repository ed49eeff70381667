import { describe, expect, test } from 'vitest';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { history, notices } from '../delivery/delivery.ts';
import { aboutPolicy, announcementWork } from './announcements.ts';
import * as policies from './policies.ts';

// Classting announces a version on 2016-06-17; this portal runs since the day before.
const portal = portalForTest({ description: 'examples/classting', startAt: '2016-06-16T09:00:00.000Z' });
const version = '2016-06-24';
const about = aboutPolicy(version);
const joined = { createdAt: new Date('2016-01-01') };

async function workOff(ctx: Context, most = 100): Promise<void> {
	for (let round = 0; round < most && (await announcementWork.run(ctx)) > 0; round++);
}

const letters = async (ctx: Context, personId: string) =>
	(await history(ctx, personId, undefined, 50)).filter(({ template }) => template === 'policy-announced');

describe('a change that is announced while the portal runs', () => {
	test('is mailed to whoever was there before, once, and written down for them', async () => {
		const ctx = portal.as();
		const person = await alice(ctx, joined);
		await workOff(ctx);
		expect(await letters(ctx, person.id)).toEqual([]);

		portal.clock.move('2016-06-17T00:00:01.000Z');
		const late = await bob(ctx);
		await workOff(ctx);
		expect(await letters(ctx, person.id)).toHaveLength(1);
		expect(await letters(ctx, late.id)).toEqual([]);
		const [event] = await audit.page(ctx, person.id, undefined, 1);
		expect(event).toMatchObject({ kind: 'policy-announced', details: { version } });

		portal.clock.move('2016-06-20T00:00:00.000Z');
		await workOff(ctx);
		expect(await letters(ctx, person.id)).toHaveLength(1);
	});

	test('reaches nobody by mail who has no address, and that is counted', async () => {
		const ctx = portal.as();
		const person = await alice(ctx, { ...joined, identifiers: { username: 'no-address' } });
		await notices.expect(ctx, about, [person.id]);
		await again(ctx);
		await workOff(ctx);
		expect(await notices.to(ctx, person.id)).toMatchObject([{ about, state: 'unreachable' }]);
		expect((await notices.tally(ctx, about)).unreachable).toBeGreaterThan(0);
	});

	test('is told once however often a batch begins anew, and by however many workers', async () => {
		const ctx = portal.as();
		const people = await Promise.all(Array.from({ length: 25 }, () => alice(ctx, joined)));
		for (let time = 0; time < 3; time++) {
			await again(ctx);
			await Promise.all([announcementWork.run(ctx), announcementWork.run(ctx)]);
		}
		await again(ctx);
		await workOff(ctx);
		for (const { id } of people) expect(await letters(ctx, id)).toHaveLength(1);
	});

	test('a batch that breaks tells nobody half: neither letter nor event nor state', async () => {
		const ctx = portal.as();
		const person = await alice(ctx, joined);
		await again(ctx);
		const broken = { ...ctx, ids: { ...ctx.ids, next: () => failAfterTwo() } };
		let drawn = 0;
		const failAfterTwo = () => {
			if (++drawn > 1) throw new Error('killed');
			return ctx.ids.next();
		};
		await announcementWork.run(broken); // finds
		await expect(announcementWork.run(broken)).rejects.toThrow('killed');
		expect(await letters(ctx, person.id)).toEqual([]);
		expect(await notices.to(ctx, person.id)).toMatchObject([{ state: 'waiting' }]);
		portal.clock.move('2016-06-20T00:06:00.000Z');
		await workOff(ctx);
		expect(await letters(ctx, person.id)).toHaveLength(1);
	});
});

test('a version that was announced before this portal first ran is mailed to nobody', async () => {
	const ctx = portal.as();
	const rounds = await ctx.db.selectFrom('policyAnnouncement').select(['id', 'phase', 'told']).execute();
	expect(rounds.find(({ id }) => id === '2014-03-03')).toMatchObject({ phase: 'done', told: 0 });
});

/** As if the process had died before it could say how far it was. */
async function again(ctx: Context): Promise<void> {
	await ctx.db
		.updateTable('policyAnnouncement')
		.set({ phase: 'finding', lastPerson: null, leasedUntil: null, nextAttemptAt: '2016-06-17T00:00:00.000Z' })
		.where('id', '=', version)
		.execute();
}

test('an officer sees how many were told and who by id; an agent sees nothing of it', async () => {
	const ctx = portal.as();
	const [officer, agent] = [
		{ id: 'officer-sam', name: 'Sam', role: 'officer' as const },
		{ id: 'agent-choi', name: 'Choi', role: 'agent' as const }
	];
	const told = await policies.told(ctx, officer);
	if ('refused' in told) throw new Error(told.refused);
	const row = told.find((candidate) => candidate.version === version);
	expect(row).toMatchObject({ mailed: true });
	expect(row?.tally.queued).toBeGreaterThan(0);
	expect(told.find((candidate) => candidate.version === '2014-03-03')).toMatchObject({ mailed: false });
	const log = await policies.toldLog(ctx, officer, { version });
	const reached = 'rows' in log ? log.rows.find(({ channel }) => channel === 'email') : undefined;
	expect(reached).toEqual({
		personId: expect.any(String),
		state: expect.any(String),
		channel: 'email',
		at: expect.any(String),
		readAt: null
	});
	expect(await policies.told(ctx, agent)).toEqual({ refused: 'not-permitted' });
	expect(await policies.toldLog(ctx, agent, { version })).toEqual({ refused: 'not-permitted' });
});
