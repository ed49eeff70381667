// All SQL of objections.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { keptQuery } from '../platform/database/kept.ts';
import { listed } from '../platform/database/listed.ts';
import type { PurposeChoiceTable, SignalKeptTable } from '../schema.ts';

const columns = ['id', 'purpose', 'allowed', 'origin', 'at'] as const;

export const insertChoice = (ctx: Context, choice: PurposeChoiceTable) =>
	ctx.db.insertInto('purposeChoice').values(choice).execute();

export type ChoiceRow = Pick<PurposeChoiceTable, (typeof columns)[number]>;

const newestOf = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('purposeChoice')
		.select(columns)
		.where('personId', '=', personId)
		.where('id', 'in', (choices) =>
			choices
				.selectFrom('purposeChoice')
				.select((built) => built.fn.max('id').as('id'))
				.where('personId', '=', personId)
				.groupBy('purpose')
		)
);

/** The newest choice about each purpose that was ever chosen about. */
export const selectNewest = (ctx: Context, personId: string) => newestOf(ctx, personId);

const newestOfMany = keptQuery((db: Context['db'], people: string) =>
	db
		.selectFrom((choices) =>
			choices
				.selectFrom('purposeChoice')
				.select(['personId', (built) => built.fn.max('id').as('id')])
				.where('personId', 'in', listed(db, people))
				.groupBy(['personId', 'purpose'])
				.as('newest')
		)
		.innerJoin('purposeChoice', (join) =>
			join.onRef('purposeChoice.personId', '=', 'newest.personId').onRef('purposeChoice.id', '=', 'newest.id')
		)
		.select(['purposeChoice.personId', 'purpose', 'allowed', 'purposeChoice.at'])
);

/** The same of many people. */
export const selectNewestOf = (ctx: Context, people: readonly string[]) =>
	newestOfMany(ctx, JSON.stringify(people));

/** Newest first; `before` is the id of the last one seen. */
export function selectChoices(
	ctx: Context,
	personId: string,
	before: string | undefined,
	limit: number
): Promise<ChoiceRow[]> {
	const query = ctx.db
		.selectFrom('purposeChoice')
		.select(columns)
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}

const kept = keptQuery((db: Context['db'], personId: string) =>
	db.selectFrom('signalKept').select(['purpose', 'choice', 'at']).where('personId', '=', personId)
);

/** What the person kept on against their browser's signal; at most one a purpose. */
export const selectKept = (ctx: Context, personId: string) => kept(ctx, personId);

export const upsertKept = (ctx: Context, { personId, purpose, choice, at }: SignalKeptTable) =>
	ctx.db
		.insertInto('signalKept')
		.values({ personId, purpose, choice, at })
		.onConflict((conflict) => conflict.columns(['personId', 'purpose']).doUpdateSet({ choice, at }))
		.execute();

export async function countChoices(ctx: Context, personId: string): Promise<number> {
	const { choices } = await ctx.db
		.selectFrom('purposeChoice')
		.select((count) => count.fn.countAll<number>().as('choices'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(choices) + (await selectKept(ctx, personId)).length;
}

/** Deletes at most `limit` choices; answers how many. */
export async function deleteChoices(ctx: Context, personId: string, limit: number): Promise<number> {
	const deleted = await deleteSome(ctx, { table: 'purpose_choice' }, personId, limit);
	if (deleted === limit) return deleted;
	return (
		deleted + (await deleteSome(ctx, { table: 'signal_kept', key: 'purpose' }, personId, limit - deleted))
	);
}
