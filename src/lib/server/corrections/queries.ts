// All SQL of corrections.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { keptQuery } from '../platform/database/kept.ts';
import { listed } from '../platform/database/listed.ts';
import type { CorrectionStepTable, CorrectionTable } from '../schema.ts';

const restrictedOf = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('correction')
		.select('field')
		.where('personId', '=', personId)
		.where('state', 'in', ['open', 'decided'])
);

/** Codes of the fields that are under correction. */
export const selectRestricted = async (ctx: Context, personId: string): Promise<string[]> =>
	(await restrictedOf(ctx, personId)).map(({ field }) => field);

const restrictedOfMany = keptQuery((db: Context['db'], people: string) =>
	db
		.selectFrom('correction')
		.select(['personId', 'field', 'openedAt'])
		.where('personId', 'in', listed(db, people))
		.where('state', 'in', ['open', 'decided'])
);

/** The same of many people. */
export const selectRestrictedOf = (ctx: Context, people: readonly string[]) =>
	restrictedOfMany(ctx, JSON.stringify(people));

const columns = ['id', 'field', 'record', 'state', 'decision', 'openedAt', 'decidedAt', 'endsAt'] as const;

export type CorrectionRow = Pick<CorrectionTable, (typeof columns)[number]>;

/** Newest first; `before` is the id of the last one seen. */
export function selectCorrections(
	ctx: Context,
	personId: string,
	before: string | undefined,
	limit: number
): Promise<CorrectionRow[]> {
	const query = ctx.db
		.selectFrom('correction')
		.select(columns)
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}

export const insertCorrection = (ctx: Context, correction: CorrectionTable) =>
	ctx.db.insertInto('correction').values(correction).execute();

export const insertStep = (ctx: Context, step: CorrectionStepTable) =>
	ctx.db.insertInto('correctionStep').values(step).execute();

export const selectCorrection = (
	ctx: Context,
	personId: string,
	id: string
): Promise<CorrectionRow | undefined> =>
	ctx.db
		.selectFrom('correction')
		.select(columns)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.executeTakeFirst();

/** The one about the field that has not ended. */
export function selectStanding(
	ctx: Context,
	personId: string,
	field: string,
	record: string | null
): Promise<CorrectionRow | undefined> {
	const query = ctx.db
		.selectFrom('correction')
		.select(columns)
		.where('personId', '=', personId)
		.where('field', '=', field)
		.where('state', 'in', ['open', 'decided']);
	return (
		record === null ? query.where('record', 'is', null) : query.where('record', '=', record)
	).executeTakeFirst();
}

/** Changes one that is in one of these states; answers whether it was. */
export async function updateCorrection(
	ctx: Context,
	personId: string,
	id: string,
	{ from, to }: { from: readonly CorrectionTable['state'][]; to: Partial<CorrectionTable> }
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('correction')
		.set(to)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', 'in', from)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** The open ones of everybody, the oldest first; `after` is the last one seen. */
export function selectQueue(
	ctx: Context,
	after: { openedAt: string; id: string } | undefined,
	limit: number
): Promise<Pick<CorrectionTable, 'personId' | 'id' | 'field' | 'openedAt'>[]> {
	const query = ctx.db
		.selectFrom('correction')
		.select(['personId', 'id', 'field', 'openedAt'])
		.where('state', '=', 'open')
		.orderBy('openedAt')
		.orderBy('id')
		.limit(limit);
	if (!after) return query.execute();
	return query
		.where((row) =>
			row.or([
				row('openedAt', '>', after.openedAt),
				row.and([row('openedAt', '=', after.openedAt), row('id', '>', after.id)])
			])
		)
		.execute();
}

/** In their order. */
export const selectSteps = (ctx: Context, personId: string, correctionId: string) =>
	ctx.db
		.selectFrom('correctionStep')
		.select(['id', 'kind', 'actor', 'at', 'sealed'])
		.where('personId', '=', personId)
		.where('correctionId', '=', correctionId)
		.orderBy('id')
		.execute();

export async function countCorrections(ctx: Context, personId: string): Promise<number> {
	const { corrections } = await ctx.db
		.selectFrom('correction')
		.select((count) => count.fn.countAll<number>().as('corrections'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(corrections);
}

/** Deletes at most `limit` steps and, when none is left, corrections; answers how many rows. */
export async function deleteCorrections(ctx: Context, personId: string, limit: number): Promise<number> {
	const steps = await deleteSome(ctx, { table: 'correction_step' }, personId, limit);
	if (steps >= limit) return steps;
	return steps + (await deleteSome(ctx, { table: 'correction' }, personId, limit - steps));
}
