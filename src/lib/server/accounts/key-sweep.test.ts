import { expect, test } from 'vitest';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { after } from '../platform/clock.ts';
import { keySweep } from './key-sweep.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

test('a key that never had a person goes after a day; the keys of people stay, and the erased stay erased', async () => {
	const ctx = portal.as();
	const [person, gone] = [await alice(ctx), await bob(ctx)];
	const never = Array.from({ length: 700 }, () => ctx.ids.next());
	await ctx.keys.birthMany(never);
	await ctx.keys.destroy({ personId: gone.id, refuse: [{ kind: 'external', value: gone.externalId }] });
	const sweep = async () => {
		while ((await keySweep.run(ctx)) > 0);
	};

	await sweep();
	expect(await ctx.keys.births.without(never.slice(0, 200))).toEqual([]);
	portal.clock.move(after(portal.clock.now(), 25, 'hours'));
	const late = ctx.ids.next();
	await ctx.keys.birth(late);
	await sweep();

	expect(await ctx.keys.births.without(never.slice(0, 300))).toEqual(never.slice(0, 300));
	expect(await ctx.keys.births.without(never.slice(300))).toEqual(never.slice(300));
	expect(await ctx.keys.find(never[0] as string)).toBeUndefined();
	expect(await ctx.keys.births.without([person.id, gone.id, late])).toEqual([]);
	expect(await ctx.keys.find(person.id)).toBeDefined();
	expect(await ctx.keys.isErased(gone.id)).toBe(true);
	expect(await keySweep.run(ctx)).toBe(0);
});
