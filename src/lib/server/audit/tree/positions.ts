// Promise: every committed event gets one place in the tree, without gaps, from one process at a time (DESIGN §3.11).
import type { Context } from '../../context.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { open } from '../../platform/keys/keys.ts';
import { grow, type Subtree } from '../../platform/merkle/tree.ts';
import type { WorkKind } from '../../platform/work/work.ts';
import { appendOlder, place } from '../chain.ts';
import { selectUnchained } from '../queries.ts';
import { edgeOf, makeHead } from './heads.ts';
import {
	insertLeaves,
	insertNodes,
	isAnyWithoutPosition,
	lockTree,
	lockWithoutPosition,
	selectSize,
	updatePosition
} from './queries.ts';

const batch = 500;

/** Events from before there were chains join their person's chain. Somebody whose key is gone is being erased. */
async function chainOlder(ctx: Context): Promise<number> {
	let chained = 0;
	for (const { personId, sealed, ...event } of await selectUnchained(ctx, batch)) {
		const key = await ctx.keys.find(personId);
		if (!key) continue;
		const details = open<Record<string, string | number>>(key, place(event.id), sealed);
		await transaction(ctx, (ctx) => appendOlder(ctx, personId, key, { ...event, details }));
		chained += 1;
	}
	return chained;
}

async function placeSome(ctx: Context): Promise<number> {
	if (!(await lockTree(ctx))) return 0;
	const events = await lockWithoutPosition(ctx, batch);
	if (events.length === 0) return 0;
	const size = await selectSize(ctx);
	const edge = await edgeOf(ctx, size);
	if (!edge) throw new Error('the audit tree has lost nodes: run `candor verify audit`');
	const placed = events.map((event, index) => ({ ...event, position: size + index }));
	const complete = placed.flatMap(({ position, commitment }): Subtree[] => grow(edge, position, commitment));
	await insertLeaves(
		ctx,
		placed.map(({ position, commitment }) => ({ position, commitment }))
	);
	await insertNodes(
		ctx,
		complete.filter(({ level }) => level > 0)
	);
	for (const { personId, id, position } of placed) await updatePosition(ctx, personId, id, position);
	return events.length;
}

/** Gives positions to what was committed since, and signs a head when one is due. */
export const auditWork: WorkKind<Context> = {
	name: 'audit-tree',
	run: async (ctx) => {
		const isAny = await isAnyWithoutPosition(ctx);
		const chained = isAny ? await chainOlder(ctx) : 0;
		const placed = isAny ? await transaction(ctx, placeSome) : 0;
		// While there is more to place, a head of less would keep the next one waiting for a minute.
		return chained + placed + Number(placed < batch && (await makeHead(ctx)));
	}
};
