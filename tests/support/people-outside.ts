// Alice and Bob with something in the shop and at the desk, anew before each test of a file.
import { afterEach, beforeEach } from 'vitest';
import type { Person } from '../../src/lib/server/accounts/people.ts';
import type { Context } from '../../src/lib/server/context.ts';
import { closeSources, openSources } from '../../src/lib/server/sources/opening.ts';
import type { OutsidePortal } from './outside-portal-for-test.ts';
import { alice, bob } from './people.ts';

const startAt = '2026-11-22T09:00:00.000Z';

export interface PeopleOutside {
	ctx: Context;
	alice: Person;
	bob: Person;
	/** What was said as an error since the test began. */
	logged: object[];
}

async function holds({ shop, crm }: OutsidePortal, person: Person, orders: number): Promise<void> {
	for (let number = 0; number < orders; number += 1)
		await shop.run(
			'insert into orders (customer, id, placed_at, title, amount, due_on) values ($1, $2, $3, $4, $5, $6)',
			...[person.externalId, `o${number}`, `2026-0${number + 1}-01 10:00:00`, 'Emma', 12.5, '2026-12-01']
		);
	await shop.run(
		'insert into members (customer, nickname, joined_on) values ($1, $2, $3)',
		...[person.externalId, 'Ali', '2020-02-03']
	);
	crm.rows.set(`${person.externalId}/tickets`, [
		{ person: person.externalId, id: 't1', at: '2026-03-01T08:00:00Z', subject: 'Late' }
	]);
}

/** Sources of each test's own: what failed in one says nothing in the next. */
export function peopleOutside(
	outside: OutsidePortal,
	described = ({ organisation }: Context): Context['organisation'] => organisation
): PeopleOutside {
	const scene = {} as PeopleOutside;
	beforeEach(async () => {
		const { portal, shop, crm } = outside;
		portal.clock.move(startAt);
		const ctx = portal.as();
		crm.secret = ctx.sourceSecrets.crm ?? '';
		crm.fault = undefined;
		crm.rows.clear();
		crm.restricted.clear();
		crm.calls = [];
		await shop.run('delete from orders');
		await shop.run('delete from members');
		scene.logged = [];
		const error = (details: object) => void scene.logged.push(details);
		const log = { ...ctx.log, error } as Context['log'];
		const sources = await openSources(ctx, ctx.sourceSecrets, { failures: 10_000, pauseMilliseconds: 1 });
		scene.ctx = { ...ctx, log, sources, settings: { ...ctx.settings } };
		scene.ctx.organisation = described(scene.ctx);
		[scene.alice, scene.bob] = [await alice(scene.ctx), await bob(scene.ctx)];
		await holds(outside, scene.alice, 3);
		await holds(outside, scene.bob, 1);
	});
	afterEach(() => closeSources(scene.ctx.sources));
	return scene;
}
