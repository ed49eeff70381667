// All SQL of consents.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { keptQuery } from '../platform/database/kept.ts';
import { listed } from '../platform/database/listed.ts';
import type { ConsentEvidenceTable, ConsentTable } from '../schema.ts';

const columns = [
	'id',
	'partner',
	'decision',
	'version',
	'language',
	'sealed',
	'origin',
	'at',
	'givenBy',
	'evidence'
] as const;

export type ConsentRow = Pick<ConsentTable, (typeof columns)[number]>;

export const insertConsent = (ctx: Context, consent: ConsentTable) =>
	ctx.db.insertInto('consent').values(consent).execute();

/** The newest decision about each partner that was ever decided about. */
export const selectLatest: (ctx: Context, personId: string) => Promise<ConsentRow[]> = keptQuery(
	(db: Context['db'], personId: string) =>
		db
			.selectFrom('consent')
			.select(columns)
			.where('personId', '=', personId)
			.where('id', 'in', (consents) =>
				consents
					.selectFrom('consent')
					.select((built) => built.fn.max('id').as('id'))
					.where('personId', '=', personId)
					.groupBy('partner')
			)
);

const latestOf = keptQuery((db: Context['db'], people: string, partners: string) =>
	db
		.selectFrom((consents) =>
			consents
				.selectFrom('consent')
				.select(['personId', (built) => built.fn.max('id').as('id')])
				.where('personId', 'in', listed(db, people))
				.where('partner', 'in', listed(db, partners))
				.groupBy(['personId', 'partner'])
				.as('newest')
		)
		.innerJoin('consent', (join) =>
			join.onRef('consent.personId', '=', 'newest.personId').onRef('consent.id', '=', 'newest.id')
		)
		.select(['consent.personId', 'consent.id', 'consent.partner', 'decision', 'version'])
);

/** The same of many people, about some partners, without what is sealed. */
export const selectLatestOf = (ctx: Context, people: readonly string[], partners: readonly string[]) =>
	latestOf(ctx, JSON.stringify(people), JSON.stringify(partners));

const sealedOf = keptQuery((db: Context['db'], people: string, ids: string) =>
	db
		.selectFrom('consent')
		.select(['id', 'sealed'])
		.where('personId', 'in', listed(db, people))
		.where('id', 'in', listed(db, ids))
);

/** What is sealed of some decisions of some people. */
export const selectSealedOf = (ctx: Context, people: readonly string[], ids: readonly string[]) =>
	sealedOf(ctx, JSON.stringify(people), JSON.stringify(ids));

/** What stood about a partner at an instant: the newest decision of that time or before. */
export const selectAgreedAt = keptQuery((db: Context['db'], personId: string, partner: string, at: string) =>
	db
		.selectFrom('consent')
		.select(['decision', 'version'])
		.where('personId', '=', personId)
		.where('partner', '=', partner)
		.where('at', '<=', at)
		.orderBy('id', 'desc')
		.limit(1)
);

/** Newest first; `before` is the id of the last one seen. */
export function selectConsents(
	ctx: Context,
	personId: string,
	{ partner, before, limit }: { partner?: string | undefined; before?: string | undefined; limit: number }
): Promise<ConsentRow[]> {
	let query = ctx.db
		.selectFrom('consent')
		.select(columns)
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	if (partner !== undefined) query = query.where('partner', '=', partner);
	if (before !== undefined) query = query.where('id', '<', before);
	return query.execute();
}

export const selectConsent = (ctx: Context, personId: string, id: string): Promise<ConsentRow | undefined> =>
	ctx.db
		.selectFrom('consent')
		.select(columns)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.executeTakeFirst();

export async function countConsents(ctx: Context, personId: string): Promise<number> {
	const { consents } = await ctx.db
		.selectFrom('consent')
		.select((count) => count.fn.countAll<number>().as('consents'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(consents);
}

export const insertEvidence = (ctx: Context, evidence: ConsentEvidenceTable) =>
	ctx.db.insertInto('consentEvidence').values(evidence).execute();

/** Without its content. */
export const selectEvidence = (ctx: Context, personId: string, id: string) =>
	ctx.db
		.selectFrom('consentEvidence')
		.select(['id', 'sealed', 'at'])
		.where('personId', '=', personId)
		.where('id', '=', id)
		.executeTakeFirst();

export const selectContent = (ctx: Context, personId: string, id: string) =>
	ctx.db
		.selectFrom('consentEvidence')
		.select('content')
		.where('personId', '=', personId)
		.where('id', '=', id)
		.executeTakeFirst();

export const selectConsentIds = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('consent').select('id').where('personId', '=', personId).orderBy('id').execute();

export const selectEvidenceIds = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('consentEvidence').select('id').where('personId', '=', personId).orderBy('id').execute();

export async function countEvidence(ctx: Context, personId: string): Promise<number> {
	const { papers } = await ctx.db
		.selectFrom('consentEvidence')
		.select((count) => count.fn.countAll<number>().as('papers'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(papers);
}

/** Deletes at most `limit` papers and decisions; answers how many. */
export async function deleteConsents(ctx: Context, personId: string, limit: number): Promise<number> {
	const papers = await deleteSome(ctx, { table: 'consent_evidence' }, personId, limit);
	if (papers >= limit) return papers;
	return papers + (await deleteSome(ctx, { table: 'consent' }, personId, limit - papers));
}
