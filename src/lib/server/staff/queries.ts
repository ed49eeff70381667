// All SQL of staff.
import type { Context } from '../context.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { StaffLogTable, StaffLookTable, StaffMemberTable, StaffSessionTable } from '../schema.ts';

const placeOf = (id: string) => ({ table: 'staff_member', column: 'hash', row: id });

/** A member's hash as it is kept: sealed under the portal's own key, since no person's key fits it. */
export const sealHash = (ctx: Context, id: string, hash: string): Buffer =>
	seal(ctx.keys.portalKey, placeOf(id), hash);

const openHash = (ctx: Context, { id, hash }: Pick<StaffMemberTable, 'id' | 'hash'>): string =>
	open<string>(ctx.keys.portalKey, placeOf(id), hash);

export const insertMember = (ctx: Context, member: StaffMemberTable) =>
	ctx.db.insertInto('staffMember').values(member).execute();

/** With the argon2id hash opened. */
export async function selectMember(ctx: Context, id: string) {
	const row = await ctx.db
		.selectFrom('staffMember')
		.select(['id', 'name', 'role', 'state', 'hash'])
		.where('id', '=', id)
		.executeTakeFirst();
	return row && { ...row, hash: row.hash.length > 0 ? openHash(ctx, row) : '' };
}

export const selectMembers = (ctx: Context) =>
	ctx.db
		.selectFrom('staffMember')
		.select(['id', 'name', 'role', 'state', 'passwordAt', 'initial', 'createdAt'])
		.orderBy('id')
		.limit(1_000)
		.execute();

/** Changes a member who is active; answers whether there is one. */
export async function updateMember(
	ctx: Context,
	id: string,
	change: Partial<StaffMemberTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('staffMember')
		.set(change)
		.where('id', '=', id)
		.where('state', '=', 'active')
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export const insertSession = (ctx: Context, session: StaffSessionTable) =>
	ctx.db.insertInto('staffSession').values(session).execute();

export const selectSession = (ctx: Context, sessionId: string) =>
	ctx.db
		.selectFrom('staffSession')
		.innerJoin('staffMember', 'staffMember.id', 'staffSession.staffId')
		.select([
			'staffSession.sessionId',
			'staffSession.staffId',
			'staffSession.expiresAt',
			'staffSession.seenAt',
			'staffSession.language',
			'staffMember.name',
			'staffMember.role',
			'staffMember.state',
			'staffMember.passwordAt',
			'staffMember.initial'
		])
		.where('sessionId', '=', sessionId)
		.executeTakeFirst();

export async function updateSeen(ctx: Context, sessionId: string, seenAt: string): Promise<void> {
	await ctx.db.updateTable('staffSession').set({ seenAt }).where('sessionId', '=', sessionId).execute();
}

export async function updateSessionLanguage(
	ctx: Context,
	sessionId: string,
	language: string
): Promise<void> {
	await ctx.db.updateTable('staffSession').set({ language }).where('sessionId', '=', sessionId).execute();
}

export async function deleteSession(ctx: Context, sessionId: string): Promise<void> {
	await ctx.db.deleteFrom('staffSession').where('sessionId', '=', sessionId).execute();
}

export async function deleteSessionsOf(ctx: Context, staffId: string): Promise<void> {
	await ctx.db.deleteFrom('staffSession').where('staffId', '=', staffId).execute();
}

export const insertLook = (ctx: Context, look: StaffLookTable) =>
	ctx.db.insertInto('staffLook').values(look).execute();

/** The newest one of the member for the person that still counts. */
export const selectLook = (ctx: Context, personId: string, staffId: string, now: string) =>
	ctx.db
		.selectFrom('staffLook')
		.select(['id', 'sealed', 'expiresAt'])
		.where('personId', '=', personId)
		.where('staffId', '=', staffId)
		.where('expiresAt', '>', now)
		.orderBy('id', 'desc')
		.limit(1)
		.executeTakeFirst();

export const selectLooks = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('staffLook')
		.select(['id', 'staffId', 'sealed', 'at', 'expiresAt'])
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(1_000)
		.execute();

export async function countLooks(ctx: Context, personId: string): Promise<number> {
	const { looks } = await ctx.db
		.selectFrom('staffLook')
		.select((count) => count.fn.countAll<number>().as('looks'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(looks);
}

/** Deletes at most `limit` looks; answers how many. */
export async function deleteLooks(ctx: Context, personId: string, limit: number): Promise<number> {
	const some = ctx.db.selectFrom('staffLook').select('id').where('personId', '=', personId).limit(limit);
	const { numDeletedRows } = await ctx.db
		.deleteFrom('staffLook')
		.where('personId', '=', personId)
		.where('id', 'in', some)
		.executeTakeFirst();
	return Number(numDeletedRows);
}

export const insertLog = (ctx: Context, entry: StaffLogTable) =>
	ctx.db.insertInto('staffLog').values(entry).execute();

export function selectLog(
	ctx: Context,
	{
		staffId,
		subject,
		before
	}: { staffId?: string | undefined; subject?: Buffer | undefined; before?: string | undefined }
) {
	let query = ctx.db.selectFrom('staffLog').select(['id', 'staffId', 'kind', 'at']).orderBy('id', 'desc');
	if (staffId) query = query.where('staffId', '=', staffId);
	if (subject) query = query.where('subject', '=', subject);
	if (before) query = query.where('id', '<', before);
	return query.limit(1_000).execute();
}
