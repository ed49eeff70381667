// All SQL of re-confirmation: when somebody is to be asked again, and of what they are to be told.
import { sql, type RawBuilder } from 'kysely';
import type { Context } from '../../context.ts';
import { keptQuery } from '../../platform/database/kept.ts';
import { listed } from '../../platform/database/listed.ts';
import type { DecisionNoticeTable, ReconfirmationTable } from '../../schema.ts';
import type { Claim } from '../../platform/work/work.ts';
import type { ChangeRow } from '../queries.ts';

const untouched = { leasedUntil: null, attempts: 0 };

/** Whoever is there already is looked at when the earlier of both instants comes. */
export async function upsertWatched(ctx: Context, watched: ReadonlyMap<string, string>): Promise<void> {
	if (!watched.size) return;
	const rows = [...watched].map(([personId, nextAttemptAt]) => ({
		personId,
		id: personId,
		askedAt: null,
		settledAt: null,
		nextAttemptAt,
		...untouched
	}));
	const earlier: RawBuilder<string> = sql`case when excluded.next_attempt_at < reconfirmation.next_attempt_at
		then excluded.next_attempt_at else reconfirmation.next_attempt_at end`;
	await ctx.db
		.insertInto('reconfirmation')
		.values(rows)
		.onConflict((conflict) => conflict.column('personId').doUpdateSet({ nextAttemptAt: earlier }))
		.execute();
}

const watched = keptQuery((db: Context['db'], personId: string) =>
	db.selectFrom('reconfirmation').select(['askedAt', 'settledAt']).where('personId', '=', personId)
);

export const selectWatched = async (
	ctx: Context,
	personId: string
): Promise<Pick<ReconfirmationTable, 'askedAt' | 'settledAt'> | undefined> =>
	(await watched(ctx, personId))[0];

export const updateWatched = (
	ctx: Context,
	personId: string,
	to: Pick<ReconfirmationTable, 'askedAt' | 'settledAt' | 'nextAttemptAt'>
) =>
	ctx.db
		.updateTable('reconfirmation')
		.set({ ...to, ...untouched })
		.where('personId', '=', personId)
		.execute();

export const deleteWatched = (ctx: Context, personId: string) =>
	ctx.db.deleteFrom('reconfirmation').where('personId', '=', personId).execute();

/** People behind one who ever said yes to one of these topics, by id. */
export const selectWhoSaidYes = async (
	ctx: Context,
	topics: readonly string[],
	behind: string,
	limit: number
): Promise<string[]> => {
	const rows = await ctx.db
		.selectFrom('preferenceChange')
		.select('personId')
		.distinct()
		.where('personId', '>', behind)
		.where('allowed', '=', 1)
		.where('topic', 'in', listed(ctx.db, JSON.stringify(topics)))
		.orderBy('personId')
		.limit(limit)
		.execute();
	return rows.map(({ personId }) => personId);
};

/** Whoever awaits a notice already gets this one with it. */
export async function upsertNotices(
	ctx: Context,
	firstIds: ReadonlyMap<string, string>,
	nextAttemptAt: string
): Promise<void> {
	if (!firstIds.size) return;
	const rows = [...firstIds].map(([personId, fromId]) => ({
		personId,
		id: personId,
		fromId,
		writtenAt: null,
		nextAttemptAt,
		...untouched
	}));
	const kept = {
		fromId: sql<string>`coalesce(decision_notice.from_id, excluded.from_id)`,
		nextAttemptAt: sql<string>`coalesce(decision_notice.next_attempt_at, excluded.next_attempt_at)`
	};
	await ctx.db
		.insertInto('decisionNotice')
		.values(rows)
		.onConflict((conflict) => conflict.column('personId').doUpdateSet(kept))
		.execute();
}

export const selectNotice = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('decisionNotice')
		.select(['fromId', 'writtenAt'])
		.where('personId', '=', personId)
		.executeTakeFirst();

export const updateNotice = (
	ctx: Context,
	personId: string,
	to: Partial<Pick<DecisionNoticeTable, 'fromId' | 'writtenAt' | 'nextAttemptAt'>>
) =>
	ctx.db
		.updateTable('decisionNotice')
		.set({ ...to, ...untouched })
		.where('personId', '=', personId)
		.execute();

/** Tables that say when to look at somebody again. */
export type Watching = 'reconfirmation' | 'decision_notice';

/** Gives a claim back until then, unless somebody else has it by now. */
export const postpone = (
	ctx: Context,
	table: Watching,
	{ personId, leasedUntil }: Claim,
	nextAttemptAt: string
) =>
	ctx.db
		.updateTable(table === 'reconfirmation' ? 'reconfirmation' : 'decisionNotice')
		.set({ nextAttemptAt, leasedUntil: null })
		.where('personId', '=', personId)
		.where('leasedUntil', '=', leasedUntil)
		.execute();

const columns = ['id', 'channel', 'topic', 'allowed', 'origin', 'changeSet', 'at'] as const;

/** The newest change of each choice since that one, oldest first; imports tell of what was known before. */
export async function selectDecisionsFrom(
	ctx: Context,
	personId: string,
	fromId: string
): Promise<ChangeRow[]> {
	const newest = ctx.db
		.selectFrom('preferenceChange')
		.select((built) => built.fn.max('id').as('id'))
		.where('personId', '=', personId)
		.where('id', '>=', fromId)
		.where('origin', '!=', 'import')
		.groupBy(['channel', 'topic']);
	return ctx.db
		.selectFrom('preferenceChange')
		.select(columns)
		.where('personId', '=', personId)
		.where('id', 'in', newest)
		.orderBy('id')
		.execute();
}
