// All SQL of policies.
import type { Context } from '../context.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type { PolicyAnnouncementTable, PolicyAnswerTable } from '../schema.ts';

export const selectAnswers = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('policyAnswer')
		.select(['version', 'answer', 'language', 'at'])
		.where('personId', '=', personId)
		.orderBy('at')
		.limit(1_000)
);

/** That a version was seen keeps its first instant; a word that comes back counts from now. */
export async function upsertAnswer(ctx: Context, answer: PolicyAnswerTable): Promise<void> {
	const { at, language } = answer;
	await ctx.db
		.insertInto('policyAnswer')
		.values(answer)
		.onConflict((conflict) => {
			const again = conflict.columns(['personId', 'version', 'answer']);
			return answer.answer === 'seen' ? again.doNothing() : again.doUpdateSet({ at, language });
		})
		.execute();
}

export async function deleteAnswers(ctx: Context, personId: string): Promise<number> {
	const { numDeletedRows } = await ctx.db
		.deleteFrom('policyAnswer')
		.where('personId', '=', personId)
		.executeTakeFirst();
	return Number(numDeletedRows);
}

export const insertAnnouncement = (ctx: Context, row: PolicyAnnouncementTable) =>
	ctx.db
		.insertInto('policyAnnouncement')
		.values(row)
		.onConflict((conflict) => conflict.doNothing())
		.execute();

export const selectAnnouncements = (ctx: Context) =>
	ctx.db.selectFrom('policyAnnouncement').select(['id', 'phase', 'knownAt', 'found', 'told']).execute();

/** People who were there before a day, after the last one seen; the one look at accounts' table from here. */
export async function selectJoinedBefore(
	ctx: Context,
	day: string,
	after: string | null,
	limit: number
): Promise<string[]> {
	let query = ctx.db
		.selectFrom('person')
		.select('personId')
		.where('createdAt', '<', day)
		.where('state', '!=', 'erasing')
		.orderBy('personId')
		.limit(limit);
	if (after) query = query.where('personId', '>', after);
	return (await query.execute()).map(({ personId }) => personId);
}

/** How many people answered a version, and how. */
export async function countAnswers(ctx: Context, version: string) {
	const rows = await ctx.db
		.selectFrom('policyAnswer')
		.select(({ fn }) => ['answer', fn.countAll<number>().as('people')])
		.where('version', '=', version)
		.groupBy('answer')
		.execute();
	return rows.map(({ answer, people }) => ({ answer, people: Number(people) }));
}
