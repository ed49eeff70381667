// All SQL of families.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { listed } from '../platform/database/listed.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type {
	ChildLockTable,
	ChildReportTable,
	EvidenceRequestTable,
	FamilyConsentTable
} from '../schema.ts';

const consentColumns = [
	'personId',
	'id',
	'scope',
	'decision',
	'way',
	'giver',
	'giverId',
	'evidence',
	'sealed',
	'at'
] as const;

/** The newest count: nobody decides more often about one child. */
const mostConsents = 500;

export const insertConsent = (ctx: Context, row: FamilyConsentTable) =>
	ctx.db.insertInto('familyConsent').values(row).execute();

const newestConsents = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('familyConsent')
		.select(consentColumns)
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(mostConsents)
);

/** Every decision about a child, oldest first. */
export const selectConsents = async (ctx: Context, personId: string) =>
	(await newestConsents(ctx, personId)).toReversed();

const newestDecisions = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('familyConsent')
		.select(['id', 'scope', 'decision', 'way', 'giver', 'giverId', 'evidence', 'at'])
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(mostConsents)
);

/** Without what is sealed, oldest first: what stands is told by codes. */
export const selectDecisions = async (ctx: Context, personId: string) =>
	(await newestDecisions(ctx, personId)).toReversed();

const decisionsOf = keptQuery((db: Context['db'], ids: string) =>
	db
		.selectFrom('familyConsent')
		.select(['personId', 'id', 'scope', 'decision', 'way', 'giver', 'giverId', 'evidence', 'at'])
		.where('personId', 'in', listed(db, ids))
		.orderBy('id')
);

/** Of many people, of whom few are children; `ids` is a JSON list. */
export const selectDecisionsOf = (ctx: Context, ids: string) => decisionsOf(ctx, ids);

/** The paper that a school brought later. */
export async function updateEvidence(
	ctx: Context,
	personId: string,
	id: string,
	evidence: string
): Promise<void> {
	await ctx.db
		.updateTable('familyConsent')
		.set({ evidence })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();
}

/** What guardians asked and nobody has decided since, of everybody, oldest first. */
export const selectUndecided = (ctx: Context, scope: FamilyConsentTable['scope'], limit: number) =>
	ctx.db
		.selectFrom('familyConsent as asked')
		.select(['asked.personId', 'asked.id', 'asked.way', 'asked.at'])
		.where('asked.decision', '=', 'asked')
		.where('asked.giver', '=', 'guardian')
		.where('asked.scope', '=', scope)
		.where(({ not, exists, selectFrom }) =>
			not(
				exists(
					selectFrom('familyConsent as later')
						.select('later.id')
						.whereRef('later.personId', '=', 'asked.personId')
						.whereRef('later.scope', '=', 'asked.scope')
						.whereRef('later.id', '>', 'asked.id')
				)
			)
		)
		.orderBy('asked.id')
		.limit(limit)
		.execute();

/** Of everybody, newest first: what staff work through. */
export const selectByDecision = (
	ctx: Context,
	decision: FamilyConsentTable['decision'],
	giver: FamilyConsentTable['giver'],
	limit: number
) =>
	ctx.db
		.selectFrom('familyConsent')
		.select(['personId', 'id', 'scope', 'way', 'giver', 'giverId', 'evidence', 'at'])
		.where('decision', '=', decision)
		.where('giver', '=', giver)
		.orderBy('id', 'desc')
		.limit(limit)
		.execute();

export const insertRequest = (ctx: Context, row: EvidenceRequestTable) =>
	ctx.db.insertInto('evidenceRequest').values(row).execute();

const requestColumns = [
	'personId',
	'id',
	'askedOf',
	'askedBy',
	'state',
	'askedAt',
	'dueAt',
	'answeredAt'
] as const;

export const selectRequests = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('evidenceRequest')
		.select(requestColumns)
		.where('personId', '=', personId)
		.orderBy('id')
		.limit(mostConsents)
		.execute();

export const selectRequestsByState = (ctx: Context, state: EvidenceRequestTable['state'], limit: number) =>
	ctx.db
		.selectFrom('evidenceRequest')
		.select(requestColumns)
		.where('state', '=', state)
		.orderBy('id', 'desc')
		.limit(limit)
		.execute();

/** What a school is still asked to show. */
export const selectRequestsOf = (ctx: Context, askedOf: string) =>
	ctx.db
		.selectFrom('evidenceRequest')
		.select(requestColumns)
		.where('askedOf', '=', askedOf)
		.where('state', '!=', 'answered')
		.orderBy('id')
		.limit(mostConsents)
		.execute();

/** False when it was not in one of these states any more. */
export async function updateRequest(
	ctx: Context,
	{ personId, id }: { personId: string; id: string },
	from: readonly EvidenceRequestTable['state'][],
	change: Partial<EvidenceRequestTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('evidenceRequest')
		.set(change)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', 'in', from)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export const insertReport = (ctx: Context, row: ChildReportTable) =>
	ctx.db.insertInto('childReport').values(row).execute();

export const selectReport = (ctx: Context, id: string) =>
	ctx.db.selectFrom('childReport').selectAll().where('id', '=', id).executeTakeFirst();

export const selectReports = (ctx: Context, state: ChildReportTable['state'], limit: number) =>
	ctx.db
		.selectFrom('childReport')
		.select(['id', 'state', 'found', 'at', 'closedAt', 'outcome'])
		.where('state', '=', state)
		.orderBy('id', 'desc')
		.limit(limit)
		.execute();

/** False when it was closed before. */
export async function updateReport(
	ctx: Context,
	id: string,
	change: Partial<ChildReportTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('childReport')
		.set(change)
		.where('id', '=', id)
		.where('state', '=', 'open')
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export const insertLock = (ctx: Context, row: ChildLockTable) =>
	ctx.db.insertInto('childLock').values(row).execute();

export const selectLocks = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('childLock')
		.selectAll()
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(mostConsents)
		.execute();

/** Whose account a report has locked. */
export const selectLockOf = (ctx: Context, reportId: string) =>
	ctx.db
		.selectFrom('childLock')
		.selectAll()
		.where('id', '=', reportId)
		.where('state', '=', 'locked')
		.executeTakeFirst();

/** False when it was not locked any more. */
export async function updateLock(
	ctx: Context,
	personId: string,
	id: string,
	change: Partial<ChildLockTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('childLock')
		.set(change)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('state', '=', 'locked')
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export const tablesOfChild = ['family_consent', 'evidence_request', 'child_lock'] as const;

export const deleteRows = (
	ctx: Context,
	table: (typeof tablesOfChild)[number],
	personId: string,
	limit: number
): Promise<number> => deleteSome(ctx, { table }, personId, limit);
