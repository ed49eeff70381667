// All SQL of the tree over everybody's events: positions, commitments and hashes, and nobody's name.
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { keptQuery } from '../../platform/database/kept.ts';
import { isPostgres } from '../../platform/database/columns.ts';
import type { Place, Subtree } from '../../platform/merkle/tree.ts';
import { leafHash } from '../../platform/merkle/tree.ts';
import type { AuditHeadTable } from '../../schema.ts';

const lockName = 'audit-tree';
/** Bound values a statement may have on SQLite, with room to spare. */
const placesAtOnce = 400;
const rowsAtOnce = 500;

/** Whether this transaction alone gives out positions now. */
export async function lockTree(ctx: Context): Promise<boolean> {
	if (!isPostgres(ctx.db as never)) return true;
	await ctx.db
		.insertInto('mark')
		.values({ name: lockName, value: '' })
		.onConflict((conflict) => conflict.doNothing())
		.execute();
	const mark = ctx.db.selectFrom('mark').select('name').where('name', '=', lockName);
	return (await mark.forUpdate().skipLocked().executeTakeFirst()) !== undefined;
}

export async function isAnyWithoutPosition(ctx: Context): Promise<boolean> {
	const any = ctx.db.selectFrom('auditEvent').select('id').where('position', 'is', null).limit(1);
	return (await any.executeTakeFirst()) !== undefined;
}

/** Committed events without a position; an erasure that wants one of them waits, or has it first. */
export function lockWithoutPosition(ctx: Context, limit: number) {
	const query = ctx.db
		.selectFrom('auditEvent')
		.select(['personId', 'id', 'commitment'])
		.where('position', 'is', null)
		.where('number', 'is not', null)
		.orderBy('id')
		.limit(limit)
		.$narrowType<{ commitment: Buffer }>();
	return (isPostgres(ctx.db as never) ? query.forUpdate().skipLocked() : query).execute();
}

const placed = keptQuery((db: Context['db'], position: number, personId: string, id: string) =>
	db.updateTable('auditEvent').set({ position }).where('personId', '=', personId).where('id', '=', id)
);

/** Within a transaction. */
export async function updatePosition(
	ctx: Context,
	personId: string,
	id: string,
	position: number
): Promise<void> {
	await placed(ctx, position, personId, id);
}

/** How many leaves there are. */
export async function selectSize(ctx: Context): Promise<number> {
	const last = ctx.db.selectFrom('auditLeaf').select('position').orderBy('position', 'desc').limit(1);
	return ((await last.executeTakeFirst())?.position ?? -1) + 1;
}

/** From that position, in order. */
export const selectLeaves = (ctx: Context, from: number, limit: number) =>
	ctx.db
		.selectFrom('auditLeaf')
		.select(['position', 'commitment'])
		.where('position', '>=', from)
		.orderBy('position')
		.limit(limit)
		.execute();

/** The commitments at these positions. */
export async function selectLeavesAt(
	ctx: Context,
	positions: readonly number[]
): Promise<Map<number, Buffer>> {
	const leaves = new Map<number, Buffer>();
	for (let start = 0; start < positions.length; start += placesAtOnce)
		for (const { position, commitment } of await ctx.db
			.selectFrom('auditLeaf')
			.select(['position', 'commitment'])
			.where('position', 'in', positions.slice(start, start + placesAtOnce))
			.execute())
			leaves.set(position, commitment);
	return leaves;
}

export async function insertLeaves(
	ctx: Context,
	leaves: readonly { position: number; commitment: Buffer }[]
): Promise<void> {
	await ctx.db
		.insertInto('auditLeaf')
		.values(leaves.map((leaf) => ({ ...leaf, erased: 0 })))
		.execute();
}

/** An erasure took the events that stood there. */
export async function markErased(ctx: Context, positions: readonly number[]): Promise<void> {
	for (let start = 0; start < positions.length; start += placesAtOnce)
		await ctx.db
			.updateTable('auditLeaf')
			.set({ erased: 1 })
			.where('position', 'in', positions.slice(start, start + placesAtOnce))
			.execute();
}

/** Complete subtrees of two leaves and more; a leaf's own hash follows from its commitment. */
export async function insertNodes(ctx: Context, nodes: readonly Subtree[]): Promise<void> {
	for (let start = 0; start < nodes.length; start += rowsAtOnce)
		await ctx.db
			.insertInto('auditNode')
			.values(
				nodes.slice(start, start + rowsAtOnce).map(({ level, number, hash }) => ({ level, number, hash }))
			)
			.execute();
}

export const keyOf = ({ level, number }: Place): string => `${level}/${number}`;

/** The hashes of complete subtrees by `keyOf`; one that the database does not have is missing from the answer. */
export async function selectHashes(ctx: Context, places: readonly Place[]): Promise<Map<string, Buffer>> {
	const hashes = new Map<string, Buffer>();
	const wanted = new Map(places.map((place) => [keyOf(place), place]));
	const leaves = [...wanted.values()].filter(({ level }) => level === 0).map(({ number }) => number);
	for (const [position, commitment] of await selectLeavesAt(ctx, leaves))
		hashes.set(keyOf({ level: 0, number: position }), leafHash(commitment));
	for (const [level, some] of Map.groupBy(wanted.values(), (place) => place.level))
		for (let start = 0; level > 0 && start < some.length; start += placesAtOnce) {
			const numbers = some.slice(start, start + placesAtOnce).map(({ number }) => number);
			for (const row of await selectNodesIn(ctx, level, numbers)) hashes.set(keyOf(row), row.hash);
		}
	return hashes;
}

const selectNodesIn = (ctx: Context, level: number, numbers: readonly number[]) =>
	ctx.db
		.selectFrom('auditNode')
		.select(['level', 'number', 'hash'])
		.where('level', '=', level)
		.where('number', 'in', numbers)
		.execute();

export const selectNewestHead = (ctx: Context) =>
	ctx.db
		.selectFrom('auditHead')
		.select(['size', 'root', 'at', 'jws'])
		.orderBy('size', 'desc')
		.limit(1)
		.executeTakeFirst();

/** Smallest first, from after that size. */
export const selectHeads = (ctx: Context, after: number, limit: number) =>
	ctx.db
		.selectFrom('auditHead')
		.select(['size', 'root', 'at', 'jws'])
		.where('size', '>', after)
		.orderBy('size')
		.limit(limit)
		.execute();

export async function insertHead(ctx: Context, head: AuditHeadTable): Promise<void> {
	await ctx.db
		.insertInto('auditHead')
		.values(head)
		.onConflict((conflict) => conflict.doNothing())
		.execute();
}

/** In one look, so that what happens meanwhile counts on both sides: leaves that are somebody's, and numbered events. */
export async function countOwned(ctx: Context): Promise<{ leaves: number; events: number }> {
	const { rows } = await sql<{ leaves: number; events: number }>`select
		(select count(*) from audit_leaf where erased = 0) as leaves,
		(select count(*) from audit_event where position is not null) as events`.execute(ctx.db);
	const [counted] = rows as [{ leaves: number; events: number }];
	return { leaves: Number(counted.leaves), events: Number(counted.events) };
}
