import { beforeAll, describe, expect, test } from 'vitest';
import * as people from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { after } from '../platform/clock.ts';
import { staffEnds } from './ends.ts';
import { staffContract } from './personal-data.ts';
import * as staff from './staff.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const why = { reason: 'contact', note: 'case 17' } as const;
const own = 'seven green lamps in a row';

let ctx: Context;
let sam: staff.Member;
let agent: staff.Member;
let alice: Person;
let bob: Person;

const as = (member: staff.Member): Context => ({ ...ctx, actor: `staff:${member.id}` });
const eventsOf = async (person: Person) => audit.page(ctx, person.id, undefined, 50);
const kindsOf = async (member: staff.Member) =>
	(await staff.readLog(ctx, { staffId: member.id })).map(({ kind }) => kind);

let made = 0;
async function hire(role: string, password?: string): Promise<staff.Member & { password: string }> {
	const id = `${role}-${++made}`;
	const added = await staff.add(ctx, { id, name: 'Sam', role, ...(password && { password }) });
	if ('refused' in added) throw new Error(added.refused);
	return { id, name: 'Sam', role: role as staff.Member['role'], password: added.password };
}

const signIn = (id: string, password: string, address = `192.0.2.${++made}`) =>
	staff.signIn(ctx, { id, password, address, language: null });

async function enter(id: string, password: string): Promise<string> {
	const outcome = await signIn(id, password);
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome.secretId;
}

async function found(member: staff.Member, person: Person): Promise<void> {
	expect(
		await staff.search(as(member), member, { ...why, identifier: `${person.externalId}@example.com` })
	).toEqual({ personId: person.id });
}

beforeAll(async () => {
	ctx = portal.as();
	[alice, bob] = [await people.alice(ctx), await people.bob(ctx)];
	[sam, agent] = [await hire('officer', own), await hire('agent', own)];
});

describe('somebody of the staff who signs in', () => {
	test('has a session of their own, which ends after half an hour alone and after twelve hours', async () => {
		const secretId = await enter(sam.id, own);
		expect(await staff.sessions.read(ctx, secretId)).toMatchObject({
			member: { id: sam.id, role: 'officer' },
			session: { mustChange: undefined }
		});
		const start = portal.clock.now();
		for (let minutes = 29; minutes < 12 * 60; minutes += 29) {
			portal.clock.move(after(start, minutes, 'minutes'));
			expect(await staff.sessions.read(ctx, secretId)).toBeDefined();
		}
		portal.clock.move(after(start, 12, 'hours'));
		expect(await staff.sessions.read(ctx, secretId)).toBeUndefined();
		portal.clock.move(start);

		const left = await enter(sam.id, own);
		portal.clock.move(after(start, 30, 'minutes'));
		expect(await staff.sessions.read(ctx, left)).toBeUndefined();
		portal.clock.move(start);
	});

	test('is told the same for a wrong password, nobody, and somebody removed', async () => {
		const gone = await hire('agent', own);
		const before = await enter(gone.id, own);
		expect(await staff.remove(ctx, gone.id)).toEqual({ removed: true });
		expect(await staff.sessions.read(ctx, before)).toBeUndefined();
		const refused = { refused: 'wrong-credentials' };
		expect(await signIn(gone.id, own)).toEqual(refused);
		expect(await signIn(gone.id, '')).toEqual(refused);
		expect(await signIn(sam.id, 'not it')).toEqual(refused);
		for (const invented of ['nobody', "' or 1=1 --", 'alice', alice.externalId])
			expect(await signIn(invented, people.password)).toEqual(refused);
	});

	test('may guess five times a minute', async () => {
		const member = await hire('agent', own);
		for (let tries = 0; tries < 5; tries++) await signIn(member.id, 'wrong', '198.51.100.1');
		expect(await signIn(member.id, own, '198.51.100.1')).toMatchObject({ refused: 'too-many-tries' });
	});

	test('has to change the password that they were given, before anything else', async () => {
		const { password, ...member } = await hire('agent');
		const secretId = await enter(member.id, password);
		expect(await staff.sessions.read(ctx, secretId)).toMatchObject({ session: { mustChange: 'initial' } });
		const change = (present: string, next: string) =>
			staff.changePassword(ctx, member, { present, next, language: null });
		expect(await change('not it', own)).toEqual({ refused: 'wrong-password' });
		expect(await change(password, 'short')).toMatchObject({
			problems: { 'new-password': { code: 'password-too-short' } }
		});
		expect(await change(password, password)).toMatchObject({
			problems: { 'new-password': { code: 'password-same' } }
		});
		const changed = await change(password, own);
		expect(await staff.sessions.read(ctx, secretId)).toBeUndefined();
		expect(await staff.sessions.read(ctx, 'secretId' in changed ? changed.secretId : '')).toMatchObject({
			session: { mustChange: undefined }
		});
	});

	test('needs a new password after the days that the description names', async () => {
		const member = await hire('agent', own);
		const start = portal.clock.now();
		portal.clock.move(after(start, 90, 'days'));
		const secretId = await enter(member.id, own);
		expect(await staff.sessions.read(ctx, secretId)).toMatchObject({ session: { mustChange: 'too-old' } });
		portal.clock.move(start);
	});
});

test.each([
	[{ id: 'Sam' }, 'staff-id-invalid'],
	[{ id: 'x' }, 'staff-id-invalid'],
	[{ name: '' }, 'name-invalid'],
	[{ name: '<b>' }, 'name-invalid'],
	[{ role: 'king' }, 'staff-role-unknown']
])('nobody is hired with %o', async (given, refused) => {
	expect(await staff.add(ctx, { id: 'sam-smith', name: 'Sam', role: 'agent', ...given })).toEqual({
		refused
	});
});

test('a member who tries their present password too often keeps no colleague from changing theirs', async () => {
	const change = async (member: staff.Member) =>
		staff.changePassword(ctx, member, { present: 'wrong', next: own, language: null });
	for (let guessing = 0; guessing < 4; guessing++) {
		const member = await hire('agent', own);
		for (let tries = 0; tries < 5; tries++) await change(member);
		expect(await change(member)).toMatchObject({ refused: 'too-many-tries' });
	}
	expect(await change(await hire('agent', own))).toEqual({ refused: 'wrong-password' });
});

test('an id is given once, also after its member was removed', async () => {
	const member = await hire('agent', own);
	await staff.remove(ctx, member.id);
	expect(await staff.add(ctx, { id: member.id, name: 'Sam', role: 'agent' })).toEqual({
		refused: 'staff-id-taken'
	});
	expect(await staff.remove(ctx, member.id)).toEqual({ refused: 'staff-unknown' });
	expect(await staff.reset(ctx, member.id)).toEqual({ refused: 'staff-unknown' });
});

describe('a look at Alice', () => {
	test('needs a reason first, shows up under her Activity each time, and nowhere under Bob’s', async () => {
		const before = await eventsOf(bob);
		expect(await staff.view(as(sam), sam, alice.id)).toEqual({ refused: 'look-refused' });
		await found(sam, alice);
		await staff.view(as(sam), sam, alice.id);
		await staff.view(as(sam), sam, alice.id);
		const looks = (await eventsOf(alice)).filter(({ kind }) => kind === 'staff-looked');
		expect(looks).toHaveLength(2);
		expect(looks[0]).toMatchObject({
			actor: `staff:${sam.id}`,
			details: { staff: sam.id, reason: 'contact', note: 'case 17' }
		});
		expect(await eventsOf(bob)).toEqual(before);
		expect(await kindsOf(sam)).toContain('looked');
		expect((await staff.readLog(ctx, { personId: alice.id })).map(({ kind }) => kind)).toEqual([
			'looked',
			'looked',
			'found',
			'look-refused'
		]);
		expect(await staff.readLog(ctx, { personId: bob.id })).toEqual([]);
	});

	test('shows an officer what her profile says, and an agent how much is held', async () => {
		await found(sam, alice);
		await found(agent, alice);
		const [officers, agents] = [
			await staff.view(as(sam), sam, alice.id),
			await staff.view(as(agent), agent, alice.id)
		];
		if ('refused' in officers || 'refused' in agents) throw new Error('refused');
		expect(officers.values?.size).toBeGreaterThan(0);
		expect(agents.values).toBeUndefined();
		expect(agents.person.externalId).toBe(alice.externalId);
		expect(agents.held).toContainEqual({ category: 'portal.security', records: expect.any(Number) });
		expect(agents.held).not.toContainEqual(expect.objectContaining({ value: expect.anything() }));
	});

	test('counts for a quarter of an hour, for the member who gave the reason', async () => {
		const another = await hire('officer', own);
		await found(sam, bob);
		expect(await staff.view(as(another), another, bob.id)).toEqual({ refused: 'look-refused' });
		const start = portal.clock.now();
		portal.clock.move(after(start, 15, 'minutes'));
		expect(await staff.view(as(sam), sam, bob.id)).toEqual({ refused: 'look-refused' });
		portal.clock.move(start);
	});

	test('is found by exactly her name or number, never by a part of it', async () => {
		for (const identifier of [alice.externalId, `${alice.externalId}@EXAMPLE.com`])
			expect(await staff.search(as(agent), agent, { ...why, identifier })).toEqual({ personId: alice.id });
		for (const identifier of ['alice', '%', '*', `${alice.externalId}%`, "' or 1=1 --", '\u202e'])
			expect(await staff.search(as(agent), agent, { ...why, identifier })).toEqual({
				refused: 'nobody-found'
			});
	});
});

test('somebody whose erasure has begun is shown to nobody, also to whoever gave a reason before', async () => {
	const dora = await people.somebody(ctx, { name: 'dora' });
	await found(sam, dora);
	await ctx.db.updateTable('person').set({ state: 'erasing' }).where('personId', '=', dora.id).execute();
	expect(await staff.view(as(sam), sam, dora.id)).toEqual({ refused: 'look-refused' });
	const identifier = dora.externalId;
	expect(await staff.search(as(sam), sam, { ...why, identifier })).toEqual({ refused: 'nobody-found' });
	expect(await kindsOf(sam)).toContain('found-nobody');
	expect((await staff.readLog(ctx, { personId: dora.id })).map(({ kind }) => kind)).toEqual([
		'look-refused',
		'found'
	]);
	expect((await eventsOf(dora)).filter(({ kind }) => kind === 'staff-looked')).toEqual([]);
});

test('what roles may do is written down for each, and an agent may not see values', () => {
	expect(
		staff.roles.map((role) => [role, staff.may({ role }, 'look'), staff.may({ role }, 'values')])
	).toEqual([
		['officer', true, true],
		['agent', true, false]
	]);
});

test('the reasons belong to the person: counted, handed over, erased; the log keeps no id of theirs', async () => {
	const dora = await people.somebody(ctx, { name: 'dora' });
	await found(agent, dora);
	await staff.view(as(agent), agent, dora.id);
	expect(await staffContract.count(ctx, dora.id)).toEqual([{ category: 'portal.security', records: 1 }]);
	const [part] = await staffContract.collect(ctx, dora.id);
	const rows = (await Array.fromAsync(part?.pages() ?? [])).flat();
	expect(rows).toMatchObject([{ staffId: agent.id, ...why }]);
	expect(await staffContract.erase(ctx, dora.id, 10)).toEqual({ destroyed: 1, done: true });
	const log = await ctx.db.selectFrom('staffLog').selectAll().execute();
	expect(JSON.stringify(log)).not.toContain(dora.id);
	expect(JSON.stringify(log)).not.toContain('case 17');
});

test('once the key is gone, nobody can ask the log any more who it was', async () => {
	const dora = await people.somebody(ctx, { name: 'dora' });
	await found(agent, dora);
	await staff.view(as(agent), agent, dora.id);
	expect((await staff.readLog(ctx, { personId: dora.id })).map(({ kind }) => kind)).toEqual([
		'looked',
		'found'
	]);
	const subjects = (await ctx.db.selectFrom('staffLog').select('subject').execute()).map(({ subject }) =>
		subject?.toString('hex')
	);
	expect(subjects).not.toContain(ctx.keys.blindIndex('staff-log', dora.id).toString('hex'));
	await ctx.keys.destroy({ personId: dora.id, refuse: [] });
	expect(await staff.readLog(ctx, { personId: dora.id })).toEqual([]);
	expect(await staff.view(as(agent), agent, dora.id)).toEqual({ refused: 'look-refused' });
});

test('the log is kept for two years, sessions and reasons for as long as they count', async () => {
	await found(agent, bob);
	const secretId = await enter(agent.id, own);
	const start = portal.clock.now();
	portal.clock.move(after(start, 2, 'days'));
	await staffEnds.run(ctx);
	expect(await staffContract.count(ctx, bob.id)).toMatchObject([{ records: 0 }]);
	expect(await staff.sessions.read(ctx, secretId)).toBeUndefined();
	expect((await staffEnds.over(ctx)).map(({ rows }) => rows)).toEqual([0, 0, 0]);
	portal.clock.move(after(start, 729, 'days'));
	await staffEnds.run(ctx);
	expect((await kindsOf(agent)).length).toBeGreaterThan(0);
	portal.clock.move(after(start, 732, 'days'));
	const [over] = (await staffEnds.over(ctx)).filter(({ rule }) => rule === 'staff log');
	expect(over?.rows).toBeGreaterThan(0);
	while ((await staffEnds.run(ctx)) > 0);
	expect(await kindsOf(sam)).toEqual([]);
	portal.clock.move(start);
});
