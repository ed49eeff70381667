// All SQL of support links.
import type { Context } from '../../context.ts';
import { deleteSome } from '../../platform/database/delete-some.ts';
import type { SupportLinkTable } from '../../schema.ts';

const personColumns = ['person.personId', 'person.role', 'person.state', 'person.language'] as const;

export const selectPerson = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('person').select(personColumns).where('personId', '=', personId).executeTakeFirst();

export const selectPersonByExternalId = (ctx: Context, blind: Buffer) =>
	ctx.db
		.selectFrom('identifier')
		.innerJoin('person', 'person.personId', 'identifier.personId')
		.select(personColumns)
		.where('identifier.kind', '=', 'external')
		.where('identifier.blind', '=', blind)
		.executeTakeFirst();

export const insertLink = (ctx: Context, link: SupportLinkTable) =>
	ctx.db.insertInto('supportLink').values(link).execute();

export const selectLinkByHash = (ctx: Context, hash: Buffer) =>
	ctx.db
		.selectFrom('supportLink')
		.select(['personId', 'id', 'page', 'language', 'expiresAt', 'openedAt'])
		.where('hash', '=', hash)
		.executeTakeFirst();

export const selectLinks = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('supportLink')
		.select(['id', 'page', 'language', 'madeBy', 'createdAt', 'expiresAt', 'openedAt', 'confirmedAt'])
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(1_000)
		.execute();

/** The links of a person that still take a code. */
export const selectOpenLinks = (ctx: Context, personId: string, now: string, tries: number) =>
	ctx.db
		.selectFrom('supportLink')
		.select(['id', 'page', 'language', 'code'])
		.where('personId', '=', personId)
		.where('expiresAt', '>', now)
		.where('tries', '<', tries)
		.orderBy('id', 'desc')
		.limit(100)
		.execute();

/** Answers whether this was the first time. */
export async function updateOpened(
	ctx: Context,
	personId: string,
	id: string,
	openedAt: string
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('supportLink')
		.set({ openedAt })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('openedAt', 'is', null)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** Answers whether this was the first time. */
export async function updateConfirmed(
	ctx: Context,
	personId: string,
	id: string,
	confirmedAt: string
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('supportLink')
		.set({ confirmedAt })
		.where('personId', '=', personId)
		.where('id', '=', id)
		.where('confirmedAt', 'is', null)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export async function updateTries(ctx: Context, personId: string, ids: readonly string[]): Promise<void> {
	if (ids.length === 0) return;
	await ctx.db
		.updateTable('supportLink')
		.set((row) => ({ tries: row('tries', '+', 1) }))
		.where('personId', '=', personId)
		.where('id', 'in', ids)
		.execute();
}

export async function countLinks(ctx: Context, personId: string): Promise<number> {
	const { links } = await ctx.db
		.selectFrom('supportLink')
		.select((count) => count.fn.countAll<number>().as('links'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(links);
}

/** Deletes at most `limit` links; answers how many. */
export const deleteLinks = (ctx: Context, personId: string, limit: number): Promise<number> =>
	deleteSome(ctx, { table: 'support_link' }, personId, limit);
