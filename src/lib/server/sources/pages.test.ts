// What people and staff do with what lies outside: the same as with what is held here.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Shop } from '../../../../tests/support/outside-organisation.ts';
import { outsidePortal } from '../../../../tests/support/outside-portal-for-test.ts';
import { alice as somebodyAlice, as } from '../../../../tests/support/people.ts';
import type { SourceServer } from '../../../../tests/support/source-server.ts';
import type { Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { decide } from '../corrections/decisions.ts';
import { correctionWork } from '../corrections/due.ts';
import { find as findCorrection } from '../corrections/corrections.ts';
import { open, standing } from '../corrections/opening.ts';
import { after } from '../platform/clock.ts';
import * as profile from '../profile/profile.ts';
import * as records from '../records/records.ts';
import { filesOf } from './files.ts';
import type { Source } from '../platform/sources/source.ts';
import type { Member } from '../staff/staff.ts';
import * as sources from './sources.ts';

const outside = outsidePortal();
const { portal } = outside;
let shop: Shop;
let crm: SourceServer;
beforeAll(() => void ({ shop, crm } = outside));

const sam: Member = { id: 'sam', name: 'Sam', role: 'officer' };
let ctx: Context;
let alice: Person;
beforeEach(async () => {
	crm.secret = portal.as().sourceSecrets.crm ?? '';
	crm.fault = undefined;
	alice = await somebodyAlice(portal.as());
	ctx = as(portal.as(), alice);
	await shop.run(
		'insert into members (customer, nickname, joined_on) values ($1, $2, $3)',
		...[alice.externalId, 'Ali', '2020-02-03']
	);
	await shop.run(
		'insert into orders (customer, id, placed_at, title) values ($1, $2, $3, $4)',
		...[alice.externalId, 'o1', '2026-01-01 10:00:00', 'Emma']
	);
	const ticket = { person: alice.externalId, id: 't1', at: '2026-03-01T08:00:00Z', subject: 'Late' };
	crm.rows.set(`${alice.externalId}/tickets`, [ticket]);
});

const nickname = async () => (await profile.values(ctx, alice)).get('nickname');
const newest = async () => (await audit.page(ctx, alice.id, undefined, 1))[0];

/** A system that cannot be reached, in place of the shop. */
const withoutShop = (): Context => {
	const away = {
		...ctx.sources.get('shop'),
		page: () => Promise.reject(broken),
		edit: () => Promise.reject(broken)
	};
	return { ...ctx, sources: new Map([...ctx.sources, ['shop', away as never]]) };
};
let broken: Error;
beforeAll(async () => {
	const { SourceFailure } = await import('../platform/sources/source.ts');
	broken = new SourceFailure('shop', 'unreachable');
});

describe('a field of the profile that lies outside', () => {
	test('is shown, edited and erased there, and each change is noted here', async () => {
		expect(await nickname()).toMatchObject({ value: 'Ali', origin: 'desk' });
		const seen = { nickname: (await nickname())?.changedAt ?? '' };
		expect(await profile.edit(ctx, alice, { given: { nickname: 'Alix', shelf: 'poetry' }, seen })).toEqual({
			changed: ['nickname', 'shelf']
		});
		const [member] = await shop.run('select nickname from members where customer = $1', alice.externalId);
		expect(member?.nickname).toBe('Alix');
		const kinds = (await audit.page(ctx, alice.id, undefined, 2)).map(({ details }) => details);
		expect(kinds).toContainEqual(
			expect.objectContaining({ field: 'nickname', before: 'Ali', after: 'Alix' })
		);
		expect(await profile.eraseField(ctx, alice, 'nickname')).toEqual({ erased: true });
		expect(await nickname()).toBeUndefined();
		expect(await newest()).toMatchObject({ kind: 'profile-erased', details: { field: 'nickname' } });
	});

	test('stays what it is while its system is away, and so does everything else', async () => {
		const away = withoutShop();
		expect((await profile.shown(away, alice)).unanswered).toEqual(new Set(['membership']));
		const outcome = await profile.edit(away, alice, {
			given: { nickname: 'Alix', shelf: 'poetry' },
			seen: {}
		});
		expect(outcome).toEqual({ refused: 'source-unavailable' });
		expect(await profile.eraseField(away, alice, 'nickname')).toEqual({ refused: 'source-unavailable' });
		expect((await profile.values(ctx, alice)).get('shelf')).toBeUndefined();
		expect(await nickname()).toMatchObject({ value: 'Ali' });
	});

	test('is not written while her statement finds somebody else too, who would be written over', async () => {
		const own = ctx.sources.get('shop') as Source;
		const mixed: Source = {
			...own,
			resting: false,
			page: async (...asked) => [
				...(await own.page(...asked)),
				{ person: alice.externalId.toUpperCase(), id: 'card', at: '2019-01-01' }
			]
		};
		const logged: object[] = [];
		const log = { ...ctx.log, error: (details: object) => void logged.push(details) } as Context['log'];
		const meant = { ...ctx, log, sources: new Map([...ctx.sources, ['shop', mixed]]) };
		const edited = { category: 'membership', field: 'nickname', value: 'Alix' };
		expect(await sources.edit(meant, alice, edited)).toEqual({ refused: 'source-unavailable' });
		expect(await nickname()).toMatchObject({ value: 'Ali' });
		expect(logged).toEqual([{ source: 'shop', category: 'membership', rows: 1 }]);
	});

	test('is shown with signs that nobody may write, and keeps them while it is not touched', async () => {
		const marked = 'علي \u2068(010)\u2069';
		await shop.run('update members set nickname = $1 where customer = $2', marked, alice.externalId);
		expect(await nickname()).toMatchObject({ value: marked });
		const given = { nickname: marked, shelf: 'poetry' };
		expect(await profile.edit(ctx, alice, { given, seen: {} })).toEqual({ changed: ['shelf'] });
		const twice = { ...given, nickname: `${marked}!` };
		expect(await profile.edit(ctx, alice, { given: twice, seen: {} })).toMatchObject({
			problems: { nickname: { code: 'direction-marks' } }
		});
	});

	test('is not brought in a second time by an import, nor are records', async () => {
		expect(await profile.set(ctx, alice, { nickname: 'Copy' }, 'desk')).toEqual({
			problems: { nickname: { code: 'not-editable' } }
		});
		const order = { category: 'orders', id: 'o9', at: '2026-01-01', fields: { title: 'Copy' } };
		expect(await records.put(ctx, alice.id, [order])).toMatchObject({
			added: 0,
			problems: [{ code: 'category-unknown' }]
		});
	});
});

describe('a record that lies outside', () => {
	const field = 'orders.title';
	const contest = { wrong: 'It was another one.', right: 'Persuasion' };
	const opened = async (
		about: { field: string; record: string } = { field, record: 'o1' }
	): Promise<string> => {
		const outcome = await open(ctx, alice, { ...about, ...contest });
		if (!('id' in outcome)) throw new Error(JSON.stringify(outcome));
		return outcome.id;
	};
	const accept = (id: string, on = ctx) =>
		decide({ ...on, actor: 'staff:sam' }, sam, {
			...{ personId: alice.id, id, decision: 'accepted', value: '', reason: 'Looked up.' }
		});
	const title = async () =>
		(await shop.run('select title from orders where customer = $1', alice.externalId))[0]?.title;

	test('is contested, put right there by who decides, and free again a day later', async () => {
		const id = await opened();
		expect(await standing(ctx, alice, { field, record: 'o1' })).toMatchObject({ held: 'Emma', id });
		expect(await accept(id)).toHaveProperty('endsAt');
		expect(await title()).toBe('Persuasion');
		portal.clock.move(after(portal.clock.now(), 25, 'hours'));
		await correctionWork.run(portal.as());
		expect(await findCorrection(ctx, alice.id, id)).toMatchObject({ state: 'ended' });
	});

	test('stays restricted while its system says nothing that fits: nobody hears that it was erased', async () => {
		crm.rows.set(`${alice.externalId}/tickets`, [
			{ person: alice.externalId, id: 't1', at: '2026-03-01T08:00:00Z', subject: 'Late' }
		]);
		const id = await opened({ field: 'tickets.subject', record: 't1' });
		expect(await accept(id)).toHaveProperty('endsAt');
		const [ticket] = crm.rows.get(`${alice.externalId}/tickets`) ?? [];
		if (!ticket) throw new Error('the ticket is gone');
		const badly = [{ subject: 42 }, { person: 'somebody-else' }, { at: 'yesterday' }];
		for (const answer of badly) {
			crm.rows.set(`${alice.externalId}/tickets`, [{ ...ticket, ...answer }]);
			portal.clock.move(after(portal.clock.now(), 25, 'hours'));
			await correctionWork.run(portal.as());
			expect(await findCorrection(ctx, alice.id, id), JSON.stringify(answer)).toMatchObject({
				state: 'decided'
			});
		}
		crm.rows.set(`${alice.externalId}/tickets`, [ticket]);
		portal.clock.move(after(portal.clock.now(), 25, 'hours'));
		await correctionWork.run(portal.as());
		expect(await findCorrection(ctx, alice.id, id)).toMatchObject({ state: 'ended' });
	});

	test('stays open while its system is away: nothing is decided that did not come about', async () => {
		const id = await opened();
		expect(await accept(id, withoutShop())).toEqual({ refused: 'source-unavailable' });
		expect(await findCorrection(ctx, alice.id, id)).toMatchObject({ state: 'open' });
		crm.fault = 'refuse';
		const ticket = { field: 'tickets.subject', record: 't1' };
		expect(await open(ctx, alice, { ...ticket, ...contest })).toEqual({ refused: 'source-unavailable' });
		expect(await standing(ctx, alice, ticket)).toEqual({ refused: 'source-unavailable' });
	});

	test('is decided here and changed there by hand, where nobody described how', async () => {
		await shop.run('update orders set due_on = $1 where customer = $2', '2026-12-01', alice.externalId);
		const outcome = await open(ctx, alice, {
			...{ field: 'orders.dueOn', record: 'o1', wrong: 'Later.', right: '2026-12-24' }
		});
		expect(await accept((outcome as { id: string }).id)).toHaveProperty('endsAt');
		const [order] = await shop.run('select due_on from orders where customer = $1', alice.externalId);
		expect(order?.due_on).toBe('2026-12-01');
	});
});

test('two records never name one file', () => {
	const photo = [{ id: 'photo' }] as never;
	const paths = ['a:b', 'a_b', 'a~b', 'a~3ab', 'a-b'].flatMap((id) =>
		filesOf('cards', { id, at: '', place: '', fields: { photo: 'me.png' }, unfit: [] }, photo)
	);
	expect(paths.map(({ path }) => path)).toEqual([
		'cards/a~3ab-photo.png',
		'cards/a_b-photo.png',
		'cards/a~7eb-photo.png',
		'cards/a~7e3ab-photo.png',
		'cards/a-b-photo.png'
	]);
});
