import { describe, expect, test } from 'vitest';
import { alice, as, bob, charlie } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import { profileContract } from './personal-data.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import { open } from '../platform/keys/seal.ts';
import * as profile from './profile.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

async function somebodyAtHome() {
	const person = await alice(portal.as());
	return { person, ctx: as(portal.as(), person) };
}

describe('a person', () => {
	test('writes over what may be edited, and finds the change with its old and new value', async () => {
		const { ctx, person } = await somebodyAtHome();
		expect(await profile.edit(ctx, person, { given: { shelf: 'poetry' }, seen: { shelf: '' } })).toEqual({
			changed: ['shelf']
		});
		const held = (await profile.values(ctx, person)).get('shelf');
		expect(held).toMatchObject({ value: 'poetry', origin: 'person' });
		expect(
			await profile.edit(ctx, person, {
				given: { shelf: 'history' },
				seen: { shelf: held?.changedAt as string }
			})
		).toEqual({ changed: ['shelf'] });
		const [newest] = await audit.page(ctx, person.id, undefined, 1);
		expect(newest).toMatchObject({
			kind: 'profile-changed',
			actor: `person:${person.id}`,
			details: { field: 'shelf', before: 'poetry', after: 'history' }
		});
	});

	test('changes nothing by saving what is there already', async () => {
		const { ctx, person } = await somebodyAtHome();
		await profile.edit(ctx, person, { given: { shelf: 'poetry' }, seen: {} });
		expect(await profile.edit(ctx, person, { given: { shelf: 'poetry' }, seen: { shelf: 'stale' } })).toEqual(
			{ changed: [] }
		);
		expect(await audit.page(ctx, person.id, undefined, 5)).toHaveLength(1);
	});

	test('with two tabs open is told what the other one changed, and nothing is overwritten', async () => {
		const { ctx, person } = await somebodyAtHome();
		await profile.edit(ctx, person, { given: { shelf: 'poetry' }, seen: { shelf: '' } });
		const seen = { shelf: (await profile.values(ctx, person)).get('shelf')?.changedAt as string };
		await profile.edit(ctx, person, { given: { shelf: '' }, seen });
		expect(await profile.edit(ctx, person, { given: { shelf: 'history' }, seen })).toEqual({
			refused: 'changed-meanwhile',
			fields: ['shelf']
		});
		expect((await profile.values(ctx, person)).has('shelf')).toBe(false);
	});

	test('sending the same form twice at once has it saved once', async () => {
		const { ctx, person } = await somebodyAtHome();
		const send = (shelf: string) => profile.edit(ctx, person, { given: { shelf }, seen: { shelf: '' } });
		const outcomes = await Promise.all([send('poetry'), send('history')]);
		expect(outcomes.filter((outcome) => 'changed' in outcome)).toHaveLength(1);
		expect(outcomes).toContainEqual({ refused: 'changed-meanwhile', fields: ['shelf'] });
	});

	test('erases an optional field, and is told why a required one stays', async () => {
		const { ctx, person } = await somebodyAtHome();
		await profile.edit(ctx, person, { given: { shelf: 'poetry' }, seen: {} });
		expect(await profile.eraseField(ctx, person, 'shelf')).toEqual({ erased: true });
		expect(await profile.eraseField(ctx, person, 'shelf')).toEqual({ erased: false });
		expect((await profile.values(ctx, person)).has('shelf')).toBe(false);
		expect((await audit.page(ctx, person.id, undefined, 1))[0]).toMatchObject({
			kind: 'profile-erased',
			details: { field: 'shelf', before: 'poetry' }
		});
		expect(await profile.eraseField(ctx, person, 'email')).toEqual({ refused: 'field-required' });
		expect(await profile.eraseField(ctx, person, 'rota')).toEqual({ refused: 'field-unknown' });
	});

	test('of another role has the fields of that role and no others', async () => {
		const person = await charlie(portal.as(), { role: 'librarian' });
		const ctx = as(portal.as(), person);
		expect(await profile.edit(ctx, person, { given: { rota: 'Monday', shelf: 'poetry' }, seen: {} })).toEqual(
			{ problems: { rota: { code: 'not-editable' }, shelf: { code: 'unknown' } } }
		);
		expect(await profile.eraseField(ctx, person, 'rota')).toEqual({ refused: 'field-not-editable' });
	});

	test('does not change an email here, where no code proves the new address', async () => {
		const { ctx, person } = await somebodyAtHome();
		expect(await profile.edit(ctx, person, { given: { email: 'new@example.com' }, seen: {} })).toEqual({
			problems: { email: { code: 'not-editable' } }
		});
		expect((await profile.values(ctx, person)).get('email')).toMatchObject({
			value: `${person.externalId}@example.com`
		});
	});
});

test('whoever got a value hears that it was changed, and erased', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	await profile.set(ctx, person, { shelf: 'poetry' }, 'desk');
	const organisation = structuredClone(ctx.organisation);
	const partner = organisation.partners.find(({ consent, roles }) => !consent && !roles);
	if (!partner) throw new Error('nobody gets anything');
	partner.fields.push({ category: 'card', field: 'shelf' });
	partner.webhook = 'https://partner.example.com/hook';
	const calling = as({ ...ctx, organisation }, person);
	const asked = { partner: partner.id, purpose: partner.purpose, fields: ['card.shelf'] };
	expect(await disclosures.release(calling, person.id, [asked])).toMatchObject([
		{ released: ['card.shelf'] }
	]);
	const key = await ctx.keys.of(person.id);
	const told = async () => {
		const rows = await ctx.db
			.selectFrom('partnerCall')
			.select(['id', 'type', 'sealed'])
			.where('personId', '=', person.id)
			.orderBy('id')
			.execute();
		return rows.map(({ id, sealed }) =>
			open(key, { table: 'partner_call', column: 'sealed', row: id }, sealed)
		);
	};
	const { externalId } = person;
	await profile.edit(calling, person, { given: { shelf: 'history' }, seen: {} });
	expect(await told()).toEqual([{ externalId, field: 'card.shelf', value: 'history' }]);
	await profile.eraseField(calling, person, 'shelf');
	// What has not gone out yet goes without the value that stands no longer.
	expect(await told()).toEqual([
		{ externalId, field: 'card.shelf' },
		{ externalId, erased: true, field: 'card.shelf' }
	]);
});

describe('the organisation', () => {
	test('brings values in with their source, all or nothing, and twice the same changes nothing', async () => {
		const { ctx, person } = await somebodyAtHome();
		expect(await profile.set(ctx, person, { shelf: 'poetry' }, 'rumour')).toEqual({
			refused: 'origin-unknown'
		});
		expect(await profile.set(ctx, person, { shelf: 'gardening' }, 'desk')).toEqual({
			problems: { shelf: { code: 'wrong' } }
		});
		expect(await profile.set(ctx, person, { shelf: 'poetry' }, 'desk')).toEqual({ changed: ['shelf'] });
		expect(await profile.set(ctx, person, { shelf: 'poetry' }, 'desk')).toEqual({ changed: [] });
		expect((await profile.values(ctx, person)).get('shelf')).toMatchObject({ origin: 'desk' });
	});
});

describe('for export and erasure', () => {
	test('a category is one row with every value, and erasing it leaves other people alone', async () => {
		const { ctx, person } = await somebodyAtHome();
		const other = await bob(ctx);
		for (const owner of [person, other]) await profile.set(ctx, owner, { shelf: 'poetry' }, 'desk');
		const [part] = await profileContract.collect(ctx, person.id, new Set(['card']));
		expect(part).toMatchObject({ path: 'data/card', expected: 1 });
		for await (const rows of part?.pages() ?? [])
			expect(rows).toEqual([
				expect.objectContaining({
					shelf: 'poetry',
					email: `${person.externalId}@example.com`,
					origins: expect.arrayContaining(['shelf: desk'])
				})
			]);
		expect(await profileContract.erase(ctx, person.id, 10)).toEqual({ destroyed: 1, done: true });
		expect((await profile.values(ctx, person)).has('shelf')).toBe(false);
		expect((await profile.values(ctx, other)).has('shelf')).toBe(true);
	});

	test('values lie sealed in the database', async () => {
		const { ctx, person } = await somebodyAtHome();
		await profile.set(ctx, person, { shelf: 'poetry' }, 'desk');
		const rows = await ctx.db
			.selectFrom('profileValue')
			.selectAll()
			.where('personId', '=', person.id)
			.execute();
		expect(rows.map(({ sealed }) => sealed.toString('latin1')).join()).not.toContain('poetry');
	});
});
