// All SQL of accounts.
import type { Context } from '../context.ts';
import { deleteSome } from '../platform/database/delete-some.ts';
import { instant } from '../platform/clock.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type {
	CredentialTable,
	GuardianTable,
	IdentifierTable,
	PersonTable,
	SessionTable
} from '../schema.ts';

const sessionColumns = [
	'session.sessionId',
	'session.personId',
	'session.createdAt',
	'session.expiresAt',
	'session.seenAt',
	'session.provedAt',
	'session.sealed'
] as const;

/** Session and person in one join: the query that every signed-in page pays for. */
const sessionWithPerson = keptQuery((db: Context['db'], sessionId: string) =>
	db
		.selectFrom('session')
		.innerJoin('person', 'person.personId', 'session.personId')
		.select([...sessionColumns, 'session.language as sessionLanguage'])
		.select([
			'person.role',
			'person.state',
			'person.language',
			'person.timeZone',
			'person.country',
			'person.region',
			'person.sealed as personSealed',
			'person.createdAt as personCreatedAt',
			'person.pausedAt'
		])
		.where('session.sessionId', '=', sessionId)
);

export async function selectSession(ctx: Context, sessionId: string) {
	const [row] = await sessionWithPerson(ctx, sessionId);
	if (!row) return undefined;
	const { personId, createdAt, expiresAt, seenAt, provedAt, sealed, sessionLanguage } = row;
	const { role, state, language, timeZone, country, region, personSealed, personCreatedAt, pausedAt } = row;
	return {
		session: { personId, createdAt, expiresAt, seenAt, provedAt, language: sessionLanguage, sealed },
		person: {
			personId,
			role,
			state,
			language,
			timeZone,
			country,
			region,
			sealed: personSealed,
			createdAt: personCreatedAt,
			pausedAt
		}
	};
}

export const selectSessionsOf = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('session')
		.selectAll()
		.where('personId', '=', personId)
		.orderBy('seenAt', 'desc')
		.limit(100)
		.execute();

export const insertSession = (ctx: Context, session: SessionTable) =>
	ctx.db.insertInto('session').values(session).execute();

export async function updateExpiry(ctx: Context, sessionId: string, expiresAt: string): Promise<void> {
	await ctx.db.updateTable('session').set({ expiresAt }).where('sessionId', '=', sessionId).execute();
}

export async function updateSeen(ctx: Context, sessionId: string, seenAt: string): Promise<void> {
	await ctx.db.updateTable('session').set({ seenAt }).where('sessionId', '=', sessionId).execute();
}

export async function updateSessionLanguage(
	ctx: Context,
	sessionId: string,
	language: string
): Promise<void> {
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

/** Who has this identifier, by its blind index. */
export const selectByIdentifier = (ctx: Context, kind: IdentifierTable['kind'], blind: Buffer) =>
	ctx.db
		.selectFrom('identifier')
		.select('personId')
		.where('kind', '=', kind)
		.where('blind', '=', blind)
		.executeTakeFirst();

/** The same with what signing in needs: state, and the sealed password hash. */
export const selectForSignIn = (ctx: Context, kind: IdentifierTable['kind'], blind: Buffer) =>
	ctx.db
		.selectFrom('identifier')
		.innerJoin('person', 'person.personId', 'identifier.personId')
		.leftJoin('credential', 'credential.personId', 'identifier.personId')
		.select(['identifier.personId', 'person.state', 'credential.sealed as credential'])
		.where('identifier.kind', '=', kind)
		.where('identifier.blind', '=', blind)
		.executeTakeFirst();

/** Which of these blind indexes belong to somebody, and to whom. */
export const selectByBlinds = (ctx: Context, kind: IdentifierTable['kind'], blinds: readonly Buffer[]) =>
	ctx.db
		.selectFrom('identifier')
		.select(['personId', 'blind'])
		.where('kind', '=', kind)
		.where('blind', 'in', blinds)
		.execute();

export const selectIdentifiers = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('identifier')
		.select(['kind', 'sealed', 'verifiedAt', 'changedAt', 'use'])
		.where('personId', '=', personId)
);

export const insertPerson = (ctx: Context, person: PersonTable) =>
	ctx.db.insertInto('person').values(person).execute();

export const insertIdentifier = (ctx: Context, identifier: IdentifierTable) =>
	ctx.db.insertInto('identifier').values(identifier).execute();

export const insertGuardian = (ctx: Context, guardian: GuardianTable) =>
	ctx.db.insertInto('guardian').values(guardian).execute();

/** From now on the person is looked at every day, until they are grown up; a second call changes nothing. */
export const insertMinor = (ctx: Context, personId: string, now: string) =>
	ctx.db
		.insertInto('minor')
		.values({ personId, id: personId, told: 0, nextAttemptAt: now, leasedUntil: null, attempts: 0 })
		.onConflict((conflict) => conflict.doNothing())
		.execute();

export const insertCredential = (ctx: Context, credential: CredentialTable) =>
	ctx.db.insertInto('credential').values(credential).execute();

export const selectPerson = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('person').selectAll().where('personId', '=', personId).executeTakeFirst();

export const selectCredential = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('credential').select('sealed').where('personId', '=', personId).executeTakeFirst();

export const upsertCredential = (ctx: Context, { personId, sealed, changedAt }: CredentialTable) =>
	ctx.db
		.insertInto('credential')
		.values({ personId, sealed, changedAt })
		.onConflict((conflict) => conflict.column('personId').doUpdateSet({ sealed, changedAt }))
		.execute();

/** The person's identifier of the kind, made or replaced. Throws where another person has the same one. */
export const upsertIdentifier = (
	ctx: Context,
	{ personId, kind, blind, sealed, verifiedAt, changedAt, use }: IdentifierTable
) =>
	ctx.db
		.insertInto('identifier')
		.values({ personId, kind, blind, sealed, verifiedAt, changedAt, use })
		.onConflict((conflict) =>
			conflict.columns(['personId', 'kind']).doUpdateSet({ blind, sealed, verifiedAt, changedAt, use })
		)
		.execute();

/** Answers false where it was so already, or there is no such address. */
export async function updateUse(
	ctx: Context,
	personId: string,
	kind: 'email' | 'phone',
	use: IdentifierTable['use']
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('identifier')
		.set({ use })
		.where('personId', '=', personId)
		.where('kind', '=', kind)
		.where('use', '!=', use)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

export async function deleteIdentifier(
	ctx: Context,
	personId: string,
	kind: IdentifierTable['kind']
): Promise<boolean> {
	const { numDeletedRows } = await ctx.db
		.deleteFrom('identifier')
		.where('personId', '=', personId)
		.where('kind', '=', kind)
		.executeTakeFirst();
	return numDeletedRows > 0n;
}

export const selectGuardians = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('guardian').select(['guardianId', 'since']).where('personId', '=', personId).execute();

/** Facts about the database itself, such as the demonstration's ways in. */
export const selectMark = (ctx: Context, name: string) =>
	ctx.db.selectFrom('mark').select('value').where('name', '=', name).executeTakeFirst();

export const upsertMark = (ctx: Context, name: string, value: string) =>
	ctx.db
		.insertInto('mark')
		.values({ name, value })
		.onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
		.execute();

/** Of these ids those that somebody has. */
export async function selectExisting(ctx: Context, personIds: readonly string[]): Promise<string[]> {
	const rows = await ctx.db
		.selectFrom('person')
		.select('personId')
		.where('personId', 'in', personIds)
		.execute();
	return rows.map(({ personId }) => personId);
}

/** Those who came last. */
export const selectNewest = ({ db }: Pick<Context, 'db'>, limit: number) =>
	db.selectFrom('person').select(['personId', 'state']).orderBy('personId', 'desc').limit(limit).execute();

/** Of these people those who are there, and how they stand. */
export const selectStates = ({ db }: Pick<Context, 'db'>, personIds: readonly string[]) =>
	db.selectFrom('person').select(['personId', 'state']).where('personId', 'in', personIds).execute();

/** What hangs on a person here, in the order of erasing: the person comes last. */
export const tablesOfPerson = [
	'one_time_code',
	'step_up',
	'session',
	'credential',
	'guardian',
	'minor',
	'identifier',
	'person'
] as const;

/** Deletes at most `limit` rows of one of these tables; answers how many. */
export const deleteRows = (
	ctx: Context,
	table: (typeof tablesOfPerson)[number],
	personId: string,
	limit: number
): Promise<number> => deleteSome(ctx, { table, key: rowKeys[table] }, personId, limit);

/** What tells a person's rows of a table apart; several steps of one session may go together. */
const rowKeys = {
	one_time_code: 'id',
	step_up: 'action',
	session: 'session_id',
	credential: 'person_id',
	guardian: 'guardian_id',
	minor: 'id',
	identifier: 'kind',
	person: 'person_id'
} as const;

export async function countSessions(ctx: Context, personId: string): Promise<number> {
	const { sessions } = await ctx.db
		.selectFrom('session')
		.select((count) => count.fn.countAll<number>().as('sessions'))
		.where('personId', '=', personId)
		.where('expiresAt', '>', instant(ctx.clock.now()))
		.executeTakeFirstOrThrow();
	return Number(sessions);
}

/** Changes a person who is in this state, and holds them in it until the transaction ends; false in any other state. */
export async function updateInState(
	ctx: Context,
	personId: string,
	state: PersonTable['state'],
	changes: Partial<PersonTable>
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('person')
		.set({ state, ...changes })
		.where('personId', '=', personId)
		.where('state', '=', state)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** The wards of a guardian or school, by id; `after` is the last one seen. */
export const selectWards = (ctx: Context, guardianId: string, after: string, limit: number) =>
	ctx.db
		.selectFrom('guardian')
		.select(['personId', 'since'])
		.where('guardianId', '=', guardianId)
		.where('personId', '>', after)
		.orderBy('personId')
		.limit(limit)
		.execute();

export const selectMinor = (ctx: Context, personId: string) =>
	ctx.db.selectFrom('minor').select('told').where('personId', '=', personId).executeTakeFirst();

export const updateMinor = (
	ctx: Context,
	personId: string,
	change: { told?: number; nextAttemptAt?: string; leasedUntil?: null; attempts?: number }
) => ctx.db.updateTable('minor').set(change).where('personId', '=', personId).execute();

export const deleteMinor = (ctx: Context, personId: string) =>
	ctx.db.deleteFrom('minor').where('personId', '=', personId).execute();

export async function deleteGuardian(ctx: Context, personId: string, guardianId: string): Promise<void> {
	await ctx.db
		.deleteFrom('guardian')
		.where('personId', '=', personId)
		.where('guardianId', '=', guardianId)
		.execute();
}
