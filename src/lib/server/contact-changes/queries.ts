// All SQL of the notes that an answer may have changed, and of their positions.
import type { Context } from '../context.ts';
import { isPostgres } from '../platform/database/columns.ts';
import { insertMany, type Inserting } from '../platform/database/insert-many.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type { ContactChangeTable } from '../schema.ts';

export const insertNote = (ctx: Context, note: ContactChangeTable) =>
	ctx.db.insertInto('contactChange').values(note).execute();

const notes: Inserting = {
	table: 'contact_change',
	columns: ['person_id', 'id', 'channel', 'topic', 'at', 'position']
};

export const insertNotes = (ctx: Context, rows: readonly ContactChangeTable[]) =>
	insertMany(
		ctx,
		notes,
		rows.map(({ personId, id, channel, topic, at, position }) => [personId, id, channel, topic, at, position])
	);

/** The position that was given last, and the last one that is no longer kept; both stay when rows go. */
type Mark = 'contact-changes' | 'contact-changes-gone';

export async function selectMark(ctx: Context, name: Mark): Promise<number> {
	const mark = await ctx.db.selectFrom('mark').select('value').where('name', '=', name).executeTakeFirst();
	return Number(mark?.value ?? 0);
}

export const updateMark = (ctx: Context, name: Mark, position: number) =>
	ctx.db
		.insertInto('mark')
		.values({ name, value: String(position) })
		.onConflict((conflict) => conflict.column('name').doUpdateSet({ value: String(position) }))
		.execute();

/** The last position given, held until the transaction ends; undefined where another process gives them out now. */
export async function lockPositions(ctx: Context): Promise<number | undefined> {
	if (!isPostgres(ctx.db as never)) return selectMark(ctx, 'contact-changes');
	await ctx.db
		.insertInto('mark')
		.values({ name: 'contact-changes', value: '0' })
		.onConflict((conflict) => conflict.doNothing())
		.execute();
	const mark = ctx.db.selectFrom('mark').select('value').where('name', '=', 'contact-changes');
	const locked = await mark.forUpdate().skipLocked().executeTakeFirst();
	return locked && Number(locked.value);
}

const withoutPosition = keptQuery((db: Context['db']) =>
	db.selectFrom('contactChange').select('id').where('position', 'is', null).limit(1)
);

export const isAnyWithoutPosition = async (ctx: Context): Promise<boolean> =>
	(await withoutPosition(ctx)).length > 0;

/** Committed notes without a position; an erasure that wants one of them waits, or has it first. */
export function lockWithoutPosition(ctx: Context, limit: number) {
	const query = ctx.db
		.selectFrom('contactChange')
		.select(['personId', 'id'])
		.where('position', 'is', null)
		.orderBy('id')
		.limit(limit);
	return (isPostgres(ctx.db as never) ? query.forUpdate().skipLocked() : query).execute();
}

export const updatePosition = (ctx: Context, personId: string, id: string, position: number) =>
	ctx.db
		.updateTable('contactChange')
		.set({ position })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();

const following = keptQuery((db: Context['db'], after: number, limit: number) =>
	db
		.selectFrom('contactChange')
		.select(['personId', 'channel', 'topic', 'at', 'position'])
		.where('position', '>', after)
		.orderBy('position')
		.limit(limit)
		.$narrowType<{ position: number }>()
);

/** In the order of their positions. */
export const selectFollowing = (ctx: Context, after: number, limit: number) => following(ctx, after, limit);

export const deleteUpTo = (ctx: Context, position: number) =>
	ctx.db.deleteFrom('contactChange').where('position', '<=', position).execute();
