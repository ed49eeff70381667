import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import { after } from '../platform/clock.ts';
import { openBytes } from '../platform/keys/seal.ts';
import * as profile from '../profile/profile.ts';
import * as records from '../records/records.ts';
import type { Member } from '../staff/staff.ts';
import * as corrections from './corrections.ts';
import { decide, queue, see, type Deciding } from './decisions.ts';
import { correctionWork } from './due.ts';
import { again, open } from './opening.ts';
import { correctionsContract } from './personal-data.ts';

const portal = portalForTest({ description: 'examples/classting' });
const startAt = '2026-11-22T09:00:00.000Z';
const field = 'profile.introduction';
const sam: Member = { id: 'officer-yoo', name: 'Yoo', role: 'officer' } as Member;
const agent: Member = { id: 'agent-choi', name: 'Choi', role: 'agent' } as Member;

let person: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move(startAt);
	person = await alice(portal.as(), { role: 'student' });
	other = await bob(portal.as(), { role: 'student' });
	for (const owner of [person, other])
		await profile.set(portal.as(), owner, { introduction: 'Plays chess' }, 'sign-up');
});

/** The same portal, in which the cloud that gets every field has a webhook. */
function told(): Context {
	const organisation = structuredClone(portal.as().organisation);
	for (const partner of organisation.partners)
		if (partner.id === 'hanul-cloud') partner.webhook = 'https://hanul.example.com/hook';
	return { ...portal.as(), organisation };
}

const contest = { wrong: 'I never played chess', right: 'Plays go' };
async function opened(
	ctx: Context = portal.as(),
	words = contest,
	about: object = { field }
): Promise<string> {
	const outcome = await open(as(ctx, person), person, { field, ...about, ...words });
	if (!('id' in outcome) || 'refused' in outcome) throw new Error(JSON.stringify(outcome));
	return outcome.id;
}
const decided = (id: string, deciding: Partial<Deciding> = {}, ctx: Context = portal.as()) =>
	decide({ ...ctx, actor: 'staff:officer-yoo' }, sam, {
		personId: person.id,
		id,
		decision: 'accepted',
		value: '',
		reason: 'Checked with the school.',
		...deciding
	});
const introduction = async (owner = person) =>
	(await profile.values(portal.as(), owner)).get('introduction')?.value;
const passOn = (ctx: Context) =>
	disclosures.release(ctx, person.id, [{ partner: 'hanul-cloud', purpose: 'service', fields: [field] }]);
async function aDayLater(ctx: Context): Promise<void> {
	portal.clock.move(after(portal.clock.now(), 24, 'hours'));
	while ((await correctionWork.run(ctx)) > 0);
}
async function calls(ctx: Context) {
	const key = await ctx.keys.of(person.id);
	const rows = await ctx.db
		.selectFrom('partnerCall')
		.select(['id', 'type', 'sealed'])
		.where('personId', '=', person.id)
		.orderBy('id')
		.execute();
	return rows.map(({ id, type, sealed }) => ({
		type,
		data: JSON.parse(
			openBytes(key, { table: 'partner_call', column: 'sealed', row: id }, sealed).toString()
		) as object
	}));
}

describe('a person who contests a field', () => {
	test('has it restricted at once, for nobody else, and nothing of it goes out', async () => {
		const id = await opened();
		expect(await corrections.restricted(portal.as(), person.id)).toEqual(new Set([field]));
		expect(await corrections.restricted(portal.as(), other.id)).toEqual(new Set());
		expect(await passOn(portal.as())).toMatchObject([{ fields: [{ field, code: 'field-restricted' }] }]);
		expect(await corrections.find(portal.as(), person.id, id)).toMatchObject({
			state: 'open',
			steps: [{ kind: 'opened', ...contest, before: 'Plays chess' }]
		});
		expect(await corrections.find(portal.as(), other.id, id)).toBeUndefined();
		expect((await audit.page(portal.as(), person.id, undefined, 10)).map(({ kind }) => kind)).toContain(
			'correction-opened'
		);
	});

	test('says so once, in words that fit, about a field that is theirs', async () => {
		const id = await opened();
		const ask = (given: object) => open(as(portal.as(), person), person, { field, ...contest, ...given });
		expect(await ask({})).toEqual({ refused: 'already-open', id });
		expect(await ask({ field: 'profile.nothing' })).toEqual({ refused: 'field-unknown' });
		expect(await ask({ field: 'profile.birthday', right: 'yesterday', wrong: '' })).toMatchObject({
			problems: { wrong: { code: 'required' }, right: { code: 'not-date' } }
		});
		expect(await ask({ field: 'devices.model', record: 'none' })).toEqual({ refused: 'record-unknown' });
	});

	test('has it corrected, is told before the restriction ends, and then it may be used again', async () => {
		const id = await opened();
		expect(await decided(id)).toEqual({ endsAt: '2026-11-23T09:00:00.000Z' });
		expect(await introduction()).toBe('Plays go');
		expect(await introduction(other)).toBe('Plays chess');
		const [mail] = await delivery.history(portal.as(), person.id, undefined, 1);
		expect(mail).toMatchObject({ template: 'correction-decided' });
		expect(await corrections.restricted(portal.as(), person.id)).toEqual(new Set([field]));
		await aDayLater(portal.as());
		expect(await corrections.restricted(portal.as(), person.id)).toEqual(new Set());
		expect((await corrections.find(portal.as(), person.id, id))?.steps.map(({ kind }) => kind)).toEqual([
			'opened',
			'accepted',
			'ended'
		]);
		expect(await passOn(portal.as())).toMatchObject([{ released: [field] }]);
	});

	test('says that it is still wrong, and the same correction and its restriction go on', async () => {
		const id = await opened();
		await decided(id, { decision: 'refused' });
		const outcome = await again(as(portal.as(), person), person, id, { wrong: 'Look again', right: '' });
		expect(outcome).toEqual({ id });
		await aDayLater(portal.as());
		expect(await corrections.find(portal.as(), person.id, id)).toMatchObject({
			state: 'open',
			decision: null
		});
		expect(await corrections.restricted(portal.as(), person.id)).toEqual(new Set([field]));
		expect(await again(as(portal.as(), person), person, id, contest)).toEqual({
			refused: 'already-open',
			id
		});
		expect(await again(as(portal.as(), other), other, id, contest)).toEqual({
			refused: 'correction-unknown'
		});
	});

	test('contests one field of one record', async () => {
		const at = '2026-10-01T00:00:00.000Z';
		await records.put(portal.as(), person.id, [
			{ category: 'devices', id: 'd1', at, fields: { model: 'Old phone' } }
		]);
		const words = { wrong: 'Not mine', right: 'New phone' };
		const id = await opened(portal.as(), words, { field: 'devices.model', record: 'd1' });
		await decided(id);
		expect(await records.find(portal.as(), person.id, 'devices', 'd1')).toMatchObject({
			at,
			fields: { model: 'New phone' }
		});
	});
});

describe('staff', () => {
	test('decide with a reason and a permission, and are seen looking', async () => {
		const id = await opened();
		const ctx = portal.as();
		expect(await queue(ctx, agent)).toEqual({ refused: 'not-permitted' });
		expect(await see(ctx, agent, person.id, id)).toEqual({ refused: 'not-permitted' });
		expect(
			await decide(ctx, agent, { personId: person.id, id, decision: 'accepted', value: '', reason: 'x' })
		).toEqual({ refused: 'not-permitted' });
		const waiting = await queue(ctx, sam);
		expect('waiting' in waiting && waiting.waiting.map((one) => one.id)).toContain(id);
		expect(await see(ctx, sam, person.id, id)).toMatchObject({ correction: { id }, about: { field: {} } });
		expect((await audit.page(ctx, person.id, undefined, 1))[0]).toMatchObject({ kind: 'staff-looked' });
		expect(await decided(id, { reason: ' ' })).toEqual({ problems: { reason: { code: 'required' } } });
		expect(await decided(id, { decision: 'other' })).toEqual({ problems: { value: { code: 'required' } } });
		expect(await decided(id, { decision: 'other', value: 'Plays shogi' })).toHaveProperty('endsAt');
		expect(await introduction()).toBe('Plays shogi');
		expect(await decided(id)).toEqual({ refused: 'correction-not-open' });
	});

	test('cannot erase what is required', async () => {
		const id = await opened(portal.as(), contest, { field: 'account.name' });
		expect(await decided(id, { decision: 'erased' })).toEqual({ refused: 'field-required' });
	});
});

describe('whoever got the field', () => {
	test('hears that it is contested, and what is right once the restriction has ended', async () => {
		const ctx = told();
		await passOn(ctx);
		const id = await opened(ctx);
		await decided(id, {}, ctx);
		const { externalId } = person;
		expect(await calls(ctx)).toEqual([{ type: 'correction.opened', data: { externalId, field } }]);
		await aDayLater(ctx);
		expect((await calls(ctx)).slice(1)).toEqual([
			{ type: 'correction.decided', data: { externalId, field, decision: 'accepted', value: 'Plays go' } }
		]);
		expect((await corrections.find(ctx, person.id, id))?.told).toMatchObject([
			{ partner: 'hanul-cloud', state: 'waiting' }
		]);
		expect(await disclosures.received(ctx, person.id, 'hanul-cloud')).toContainEqual(
			expect.objectContaining({ field: 'introduction', disclosures: 2 })
		);
	});

	test('hears of an erasure at once, and of a refusal when the field may be used again', async () => {
		const ctx = told();
		await passOn(ctx);
		await decided(await opened(ctx), { decision: 'erased' }, ctx);
		expect((await calls(ctx)).at(-1)?.data).toMatchObject({ decision: 'erased' });
		expect(await introduction()).toBeUndefined();
		await aDayLater(ctx);
		expect(await calls(ctx)).toHaveLength(2);
		await decided(await opened(ctx), { decision: 'refused' }, ctx);
		await aDayLater(ctx);
		expect((await calls(ctx)).at(-1)?.data).toMatchObject({ decision: 'refused' });
	});

	test('hears no new value when the gate would not let it go', async () => {
		const ctx = told();
		await passOn(ctx);
		await decided(await opened(ctx), {}, ctx);
		await ctx.db.updateTable('person').set({ pausedAt: startAt }).where('personId', '=', person.id).execute();
		await aDayLater(ctx);
		const { externalId } = person;
		expect((await calls(ctx)).at(-1)?.data).toEqual({ externalId, field, decision: 'accepted' });
	});
});

test('what was said lies sealed, comes out in the export, and is destroyed with the person', async () => {
	const id = await opened();
	await decided(id);
	const { db } = portal.as();
	const rows = await db.selectFrom('correctionStep').selectAll().where('personId', '=', person.id).execute();
	expect(rows.map(({ sealed }) => sealed.toString('latin1')).join()).not.toContain('chess');
	const [part] = await correctionsContract.collect(portal.as(), person.id);
	for await (const page of part?.pages() ?? [])
		expect(page).toMatchObject([
			{ id, field, steps: [{ ...contest }, { kind: 'accepted', value: 'Plays go' }] }
		]);
	expect(await correctionsContract.count(portal.as(), person.id)).toEqual([
		{ category: 'portal.corrections', records: 1 }
	]);
	while (!(await correctionsContract.erase(portal.as(), person.id, 2)).done);
	expect(await correctionsContract.count(portal.as(), person.id)).toEqual([
		{ category: 'portal.corrections', records: 0 }
	]);
	expect(
		await db.selectFrom('correctionStep').selectAll().where('personId', '=', person.id).execute()
	).toEqual([]);
});
