// All SQL of the demonstration.
import type { Context } from '../context.ts';
import { seal } from '../platform/keys/keys.ts';

export const selectAnybody = (ctx: Context) =>
	ctx.db.selectFrom('person').select('personId').limit(1).executeTakeFirst();

export const selectMark = (ctx: Context, name: string) =>
	ctx.db.selectFrom('mark').select('value').where('name', '=', name).executeTakeFirst();

export async function insertMark(ctx: Context, name: string, value: string): Promise<void> {
	await ctx.db.insertInto('mark').values({ name, value }).execute();
}

export async function updateMark(ctx: Context, name: string, value: string): Promise<void> {
	await ctx.db.updateTable('mark').set({ value }).where('name', '=', name).execute();
}

export async function insertProfileValues(
	ctx: Context,
	personId: string,
	values: Record<string, unknown>,
	changedAt: string
): Promise<void> {
	const key = await ctx.keys.of(personId);
	for (const [field, value] of Object.entries(values))
		await ctx.db
			.insertInto('profileValue')
			.values({
				personId,
				field,
				sealed: seal(key, { table: 'profile_value', column: 'sealed', row: field }, value),
				origin: 'sign-up',
				changedAt
			})
			.execute();
}
