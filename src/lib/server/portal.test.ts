import { expect, test } from 'vitest';
import { portalForTest } from '../../../tests/support/portal-for-test.ts';
import { open, seal } from './platform/keys/keys.ts';
import { take } from './platform/throttle/throttle.ts';
import { transaction } from './platform/database/transaction.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const place = { table: 'person', column: 'sealed', row: '' };

test('a key of a person opens what it sealed, and nothing any more once it is destroyed', async () => {
	const ctx = portal.as();
	const id = ctx.ids.next();
	await ctx.keys.birth(id);
	const sealed = seal(await ctx.keys.of(id), place, { name: 'Alice' });
	expect(open(await ctx.keys.of(id), place, sealed)).toEqual({ name: 'Alice' });
	expect(() => open(ctx.keys.portalKey, place, sealed)).toThrow();
	await ctx.keys.destroy({ personId: id, refuse: [{ kind: 'external', value: 'alice-1' }] });
	expect(await ctx.keys.find(id)).toBeUndefined();
	expect(await ctx.keys.isErased(id)).toBe(true);
	expect(await ctx.keys.refuses('external', 'alice-1')).toBe(true);
	expect(await ctx.keys.refuses('external', 'bob-1')).toBe(false);
});

test('a limit refuses what is over it, with the seconds to wait', async () => {
	const ctx = portal.as();
	const limit = { name: 'test', points: 2, seconds: 60 };
	const key = ctx.keys.blindIndex('throttle', 'x');
	expect(await take(ctx, limit, key)).toBeUndefined();
	expect(await take(ctx, limit, key)).toBeUndefined();
	expect((await take(ctx, limit, key))?.waitSeconds).toBeGreaterThan(0);
});

test('a transaction that throws leaves nothing behind, and an inner one joins it', async () => {
	const ctx = portal.as();
	const insert = (name: string) =>
		transaction(ctx, async (ctx) => ctx.db.insertInto('mark').values({ name, value: '1' }).execute());
	await insert('kept');
	await expect(
		transaction(ctx, async (ctx) => {
			await transaction(ctx, async (ctx) =>
				ctx.db.insertInto('mark').values({ name: 'lost', value: '1' }).execute()
			);
			throw new Error('no');
		})
	).rejects.toThrow('no');
	const names = (await ctx.db.selectFrom('mark').select('name').execute()).map(({ name }) => name);
	expect(names).toContain('kept');
	expect(names).not.toContain('lost');
});
