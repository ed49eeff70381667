// All SQL of the audit ledger: what belongs to a person. What outlives them is in tree/queries.ts.
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { isPostgres } from '../platform/database/columns.ts';
import { insertMany, type Inserting } from '../platform/database/insert-many.ts';
import { keptQuery } from '../platform/database/kept.ts';
import { listed } from '../platform/database/listed.ts';
import type { AuditChainTable, AuditEventTable } from '../schema.ts';
import { beginning } from './commitments.ts';

const insertChained = keptQuery(
	(
		db: Context['db'],
		personId: string,
		id: string,
		kind: string,
		actor: string,
		at: string,
		sealed: Buffer,
		number: number,
		commitment: Buffer
	) =>
		db
			.insertInto('auditEvent')
			.values({ personId, id, kind, actor, at, sealed, number, commitment, position: null })
);

/** Within a transaction, as all that writes to a chain. */
export async function insertEvent(
	ctx: Context,
	event: Omit<AuditEventTable, 'number' | 'commitment' | 'position'>,
	link: { number: number; commitment: Buffer }
): Promise<void> {
	const { personId, id, kind, actor, at, sealed } = event;
	await insertChained(ctx, personId, id, kind, actor, at, sealed, link.number, link.commitment);
}

export async function updateEvent(
	ctx: Context,
	personId: string,
	id: string,
	link: Pick<AuditEventTable, 'number' | 'commitment'>
): Promise<void> {
	await ctx.db
		.updateTable('auditEvent')
		.set(link)
		.where('personId', '=', personId)
		.where('id', '=', id)
		.execute();
}

const lockEnd = keptQuery((db: Context['db'], personId: string) =>
	db
		.insertInto('auditChain')
		.values({ personId, events: 0, commitment: beginning, ending: Buffer.alloc(0) })
		.onConflict((conflict) =>
			conflict.column('personId').doUpdateSet((row) => ({ events: row.ref('auditChain.events') }))
		)
		.returning(['events', 'commitment'])
);

/** The end of the person's chain, which no other transaction gets before this one has ended. */
export async function lockChain(
	ctx: Context,
	personId: string
): Promise<Pick<AuditChainTable, 'events' | 'commitment'>> {
	const [end] = await lockEnd(ctx, personId);
	return end as Pick<AuditChainTable, 'events' | 'commitment'>;
}

const stateOf = keptQuery((db: Context['db'], personId: string) =>
	db.selectFrom('person').select('state').where('personId', '=', personId)
);

/** Whether nothing may be written about the person any more: the erasure has counted what is there, or they are gone. */
export async function isLocked(ctx: Context, personId: string): Promise<boolean> {
	const [person] = await stateOf(ctx, personId);
	return person === undefined || person.state === 'erasing';
}

/**
 * Holds the person until the transaction ends, so that two changes of theirs come one after the other; false for somebody
 * who is not there or whose erasure has begun: nothing may come in behind its back and stay.
 */
export async function holdPerson(ctx: Context, personId: string): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('person')
		.set({ state: sql`state` })
		.where('personId', '=', personId)
		.where('state', '!=', 'erasing')
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

const heldOf = keptQuery((db: Context['db'], ids: string) => {
	const query = db
		.selectFrom('person')
		.select('personId')
		.where('personId', 'in', listed(db, ids))
		.where('state', '!=', 'erasing')
		.orderBy('personId');
	// On SQLite a transaction that writes has the database for itself.
	return isPostgres(db as never) ? query.forUpdate() : query;
});

/**
 * The same for many people, in one order for everybody, so that two transactions never wait for each other; answers whom it
 * holds. Within a transaction.
 */
export async function holdPeople(ctx: Context, personIds: readonly string[]): Promise<Set<string>> {
	const held = await heldOf(ctx, JSON.stringify(personIds));
	return new Set(held.map(({ personId }) => personId));
}

const updateEnd = keptQuery(
	(db: Context['db'], personId: string, events: number, commitment: Buffer, ending: Buffer) =>
		db.updateTable('auditChain').set({ events, commitment, ending }).where('personId', '=', personId)
);

export async function updateChain(
	ctx: Context,
	{ personId, events, commitment, ending }: AuditChainTable
): Promise<void> {
	await updateEnd(ctx, personId, events, commitment, ending);
}

const endsLocked: Inserting = {
	table: 'audit_chain',
	columns: ['person_id', 'events', 'commitment', 'ending'],
	ending: `on conflict (person_id) do update set events = audit_chain.events
		returning person_id, events, commitment`
};
const endsMoved: Inserting = {
	...endsLocked,
	ending: `on conflict (person_id) do update set events = excluded.events, commitment = excluded.commitment,
		ending = excluded.ending`
};
const eventsChained: Inserting = {
	table: 'audit_event',
	columns: ['person_id', 'id', 'kind', 'actor', 'at', 'sealed', 'number', 'commitment', 'position']
};

type End = Pick<AuditChainTable, 'personId' | 'events' | 'commitment'>;

const endsOf = keptQuery((db: Context['db'], people: string) =>
	db
		.selectFrom('auditChain')
		.select(['personId', 'events', 'commitment'])
		.where('personId', 'in', listed(db, people))
);

/** The ends of many chains; give the people in order, so that two transactions never wait for each other. */
export async function lockChains(ctx: Context, personIds: readonly string[]): Promise<Map<string, End>> {
	const nothing = Buffer.alloc(0);
	const rows = () => personIds.map((personId) => [personId, 0, beginning, nothing]);
	// On SQLite a transaction that writes has the database for itself, and a chain that is not there needs no lock.
	const ends = isPostgres(ctx.db as never)
		? await insertMany<End>(ctx, endsLocked, rows())
		: await endsOf(ctx, JSON.stringify(personIds));
	return new Map(ends.map((end) => [end.personId, end]));
}

export async function updateChains(ctx: Context, ends: readonly AuditChainTable[]): Promise<void> {
	await insertMany(
		ctx,
		endsMoved,
		ends.map(({ personId, events, commitment, ending }) => [personId, events, commitment, ending])
	);
}

export async function insertEvents(
	ctx: Context,
	events: readonly Omit<AuditEventTable, 'position'>[]
): Promise<void> {
	await insertMany(
		ctx,
		eventsChained,
		events.map(({ personId, id, kind, actor, at, sealed, number, commitment }) => [
			personId,
			id,
			kind,
			actor,
			at,
			sealed,
			number,
			commitment,
			null
		])
	);
}

const lockedOf = keptQuery((db: Context['db'], ids: string) =>
	db
		.selectFrom('person')
		.select('personId')
		.where('personId', 'in', listed(db, ids))
		.where('state', '!=', 'erasing')
);

/** Of these people, whether any is locked as `isLocked` says. */
export const isAnyLocked = async (ctx: Context, personIds: readonly string[]): Promise<boolean> =>
	(await lockedOf(ctx, JSON.stringify(personIds))).length < personIds.length;

export const selectChain = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('auditChain')
		.select(['events', 'commitment', 'ending'])
		.where('personId', '=', personId)
		.executeTakeFirst();

/** Every chain, a page at a time, from after that person. */
export const selectChains = (ctx: Context, after: string, limit: number) =>
	ctx.db
		.selectFrom('auditChain')
		.select(['personId', 'events', 'commitment', 'ending'])
		.where('personId', '>', after)
		.orderBy('personId')
		.limit(limit)
		.execute();

/** People who have events after the end of their chain, or no chain. */
export const selectEventsBeyondChain = (ctx: Context, limit: number) =>
	ctx.db
		.selectFrom('auditEvent')
		.leftJoin('auditChain', 'auditChain.personId', 'auditEvent.personId')
		.select('auditEvent.personId')
		.distinct()
		.where('number', 'is not', null)
		.where((row) =>
			row.or([row('auditChain.events', 'is', null), row('number', '>', row.ref('auditChain.events'))])
		)
		.limit(limit)
		.execute();

export function selectEvents(ctx: Context, personId: string, before: string | undefined, limit: number) {
	const query = ctx.db
		.selectFrom('auditEvent')
		.select(['id', 'kind', 'actor', 'at', 'sealed'])
		.where('personId', '=', personId)
		.orderBy('id', 'desc')
		.limit(limit);
	return (before ? query.where('id', '<', before) : query).execute();
}

/** In the order of the chain, from after that number up to `last`. */
export const selectChained = (ctx: Context, personId: string, after: number, last: number, limit: number) =>
	ctx.db
		.selectFrom('auditEvent')
		.select(['id', 'kind', 'actor', 'at', 'sealed', 'number', 'commitment', 'position'])
		.where('personId', '=', personId)
		.where('number', '>', after)
		.where('number', '<=', last)
		.orderBy('number')
		.limit(limit)
		.$narrowType<{ number: number; commitment: Buffer }>()
		.execute();

/** Events from before there were chains, oldest first. */
export const selectUnchained = (ctx: Context, limit: number) =>
	ctx.db
		.selectFrom('auditEvent')
		.select(['personId', 'id', 'kind', 'actor', 'at', 'sealed'])
		.where('number', 'is', null)
		.where('position', 'is', null)
		.orderBy('id')
		.limit(limit)
		.execute();

export async function countEvents(ctx: Context, personId: string): Promise<number> {
	const { events } = await ctx.db
		.selectFrom('auditEvent')
		.select((count) => count.fn.countAll<number>().as('events'))
		.where('personId', '=', personId)
		.executeTakeFirstOrThrow();
	return Number(events);
}

/** Deletes at most `limit` events; answers how many, and where they stood in the tree. */
export async function deleteEvents(
	ctx: Context,
	personId: string,
	limit: number
): Promise<{ destroyed: number; positions: number[] }> {
	const some = ctx.db.selectFrom('auditEvent').select('id').where('personId', '=', personId).limit(limit);
	const deleted = await ctx.db
		.deleteFrom('auditEvent')
		.where('personId', '=', personId)
		.where('id', 'in', some)
		.returning('position')
		.execute();
	const positions = deleted.flatMap(({ position }) => (position === null ? [] : [position]));
	return { destroyed: deleted.length, positions };
}

export async function deleteChain(ctx: Context, personId: string): Promise<void> {
	await ctx.db.deleteFrom('auditChain').where('personId', '=', personId).execute();
}
