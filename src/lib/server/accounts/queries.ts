// All SQL of accounts.
import type { Context } from '../context.ts';
import type { CredentialTable, GuardianTable, IdentifierTable, PersonTable, SessionTable } from '../schema.ts';

const sessionColumns = ['session.sessionId', 'session.personId', 'session.createdAt', 'session.expiresAt', 'session.seenAt', 'session.provedAt', 'session.sealed'] as const;

/** Session and person in one join: the query that every signed-in page pays for. */
export async function selectSession(ctx: Context, sessionId: string) {
	const row = await ctx.db
		.selectFrom('session')
		.innerJoin('person', 'person.personId', 'session.personId')
		.select([...sessionColumns, 'session.language as sessionLanguage'])
		.select(['person.role', 'person.state', 'person.language', 'person.timeZone', 'person.country', 'person.region', 'person.sealed as personSealed', 'person.createdAt as personCreatedAt', 'person.pausedAt'])
		.where('session.sessionId', '=', sessionId)
		.executeTakeFirst();
	if (!row) return undefined;
	const { personId, createdAt, expiresAt, seenAt, provedAt, sealed, sessionLanguage } = row;
	const { role, state, language, timeZone, country, region, personSealed, personCreatedAt, pausedAt } = row;
	return {
		session: { personId, createdAt, expiresAt, seenAt, provedAt, language: sessionLanguage, sealed },
		person: { personId, role, state, language, timeZone, country, region, sealed: personSealed, createdAt: personCreatedAt, pausedAt }
	};
}

export const selectSessionsOf = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('session').selectAll().where('personId', '=', personId).orderBy('seenAt', 'desc').limit(100).execute();

export const insertSession = (ctx: Context, session: SessionTable) => ctx.db.insertInto('session').values(session).execute();

export async function updateExpiry(ctx: Context, sessionId: string, expiresAt: string): Promise<void> {
	await ctx.db.updateTable('session').set({ expiresAt }).where('sessionId', '=', sessionId).execute();
}

export async function updateSeen(ctx: Context, sessionId: string, seenAt: string): Promise<void> {
	await ctx.db.updateTable('session').set({ seenAt }).where('sessionId', '=', sessionId).execute();
}

export async function updateProved(ctx: Context, sessionId: string, provedAt: string): Promise<void> {
	await ctx.db.updateTable('session').set({ provedAt }).where('sessionId', '=', sessionId).execute();
}

export async function updateSessionLanguage(ctx: Context, sessionId: string, language: string): Promise<void> {
	await ctx.db.updateTable('session').set({ language }).where('sessionId', '=', sessionId).execute();
}

export async function deleteSession(ctx: Context, sessionId: string, personId?: string): Promise<boolean> {
	const one = ctx.db.deleteFrom('session').where('sessionId', '=', sessionId);
	const { numDeletedRows } = await (personId ? one.where('personId', '=', personId) : one).executeTakeFirst();
	return numDeletedRows > 0n;
}

export async function deleteSessionsOf(ctx: Context, personId: string, except?: string): Promise<number> {
	const all = ctx.db.deleteFrom('session').where('personId', '=', personId);
	const { numDeletedRows } = await (except ? all.where('sessionId', '!=', except) : all).executeTakeFirst();
	return Number(numDeletedRows);
}

/** Who has this identifier, by its blind index, and their sealed password hash. */
export const selectByIdentifier = (ctx: Context, kind: IdentifierTable['kind'], blind: Buffer) =>
	ctx.db
		.selectFrom('identifier')
		.leftJoin('credential', 'credential.personId', 'identifier.personId')
		.select(['identifier.personId', 'credential.sealed as credential'])
		.where('kind', '=', kind)
		.where('blind', '=', blind)
		.executeTakeFirst();

/** Which of these blind indexes belong to somebody, and to whom. */
export const selectByBlinds = (ctx: Context, kind: IdentifierTable['kind'], blinds: readonly Buffer[]) =>
	ctx.db.selectFrom('identifier').select(['personId', 'blind']).where('kind', '=', kind).where('blind', 'in', blinds).execute();

export const selectIdentifiers = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('identifier').select(['kind', 'sealed', 'verifiedAt', 'changedAt']).where('personId', '=', personId).execute();

export const insertPerson = (ctx: Context, person: PersonTable) => ctx.db.insertInto('person').values(person).execute();

export const insertIdentifier = (ctx: Context, identifier: IdentifierTable) => ctx.db.insertInto('identifier').values(identifier).execute();

export const insertGuardian = (ctx: Context, guardian: GuardianTable) => ctx.db.insertInto('guardian').values(guardian).execute();

export const insertCredential = (ctx: Context, credential: CredentialTable) => ctx.db.insertInto('credential').values(credential).execute();
