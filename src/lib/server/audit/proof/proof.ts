// Promise: a person takes away what they need to prove, without us, that their activity was neither changed nor cut.
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import { open } from '../../platform/keys/keys.ts';
import { pathOf, rootOf } from '../../platform/merkle/tree.ts';
import { place } from '../chain.ts';
import { beginning, saltOf } from '../commitments.ts';
import { selectChain, selectChained } from '../queries.ts';
import { newestHead } from '../tree/heads.ts';
import { keyOf, selectHashes } from '../tree/queries.ts';

export const proofFormat = 'candor-activity-proof/1';

/** How many events a proof holds at most: the newest. */
const eventsAtMost = 10_000;
const pageSize = 500;

/** For each position the path from its leaf to the root of the first `size` leaves. */
async function pathsOf(
	ctx: Context,
	positions: readonly number[],
	size: number
): Promise<Map<number, string[]>> {
	const paths = positions.map((position) => [position, pathOf(position, size)] as const);
	const hashes = await selectHashes(
		ctx,
		paths.flatMap(([, path]) => path.flat())
	);
	const hashOf = (entry: Parameters<typeof keyOf>[0]): Buffer => {
		const hash = hashes.get(keyOf(entry));
		if (!hash) throw new Error('the audit tree has lost nodes: run `candor verify audit`');
		return hash;
	};
	return new Map(
		paths.map(([position, path]) => [
			position,
			path.map((subtrees) => rootOf(subtrees.map(hashOf)).toString('hex'))
		])
	);
}

/** The person's events after that number, oldest first, each with its path where the signed head holds it. */
async function* proved(ctx: Context, personId: string, after: number, last: number, size: number) {
	const key = await ctx.keys.of(personId);
	for (let from = after; ;) {
		const rows = await selectChained(ctx, personId, from, last, pageSize);
		const inTree = rows.flatMap(({ position }) => (position !== null && position < size ? [position] : []));
		const paths = await pathsOf(ctx, inTree, size);
		for (const { id, kind, actor, at, sealed, number, commitment, position } of rows)
			yield {
				number,
				id,
				at,
				kind,
				actor,
				details: open(key, place(id), sealed),
				commitment: commitment.toString('hex'),
				position,
				path: position === null ? null : (paths.get(position) ?? null)
			};
		if (rows.length < pageSize) return;
		from = rows.at(-1)?.number as number;
	}
}

/** What the first event of the proof follows upon. */
async function commitmentAt(ctx: Context, personId: string, number: number): Promise<Buffer> {
	if (number === 0) return beginning;
	const [event] = await selectChained(ctx, personId, number - 1, number, 1);
	if (!event) throw new Error('the chain of a person has a gap: run `candor verify audit`');
	return event.commitment;
}

/**
 * The text of a JSON document, in pieces: the salt of the person's commitments, their newest events (10,000 at most, and
 * says so) with places and paths, and the newest signed head of the tree. An event that no head holds yet has no path.
 */
export async function* proof(ctx: Context, personId: string, atMost = eventsAtMost): AsyncGenerator<string> {
	const salt = saltOf(await ctx.keys.of(personId));
	const newest = await newestHead(ctx);
	const total = (await selectChain(ctx, personId))?.events ?? 0;
	const before = Math.max(0, total - atMost);
	const top = {
		format: proofFormat,
		created: instant(ctx.clock.now()),
		organisation: ctx.organisation.organisation.id,
		keys: `${ctx.settings.origin}/.well-known/jwks.json`,
		head: newest ? { size: newest.size, root: newest.root, at: newest.at } : null,
		jws: newest?.jws ?? null,
		salt: salt.export().toString('hex'),
		eventsInAll: total,
		eventsLeftOut: before,
		previous: (await commitmentAt(ctx, personId, before)).toString('hex')
	};
	yield `${JSON.stringify(top, null, '\t').slice(0, -2)},\n\t"events": [`;
	let first = true;
	for await (const event of proved(ctx, personId, before, total, newest?.size ?? 0)) {
		yield `${first ? '' : ','}\n\t\t${JSON.stringify(event)}`;
		first = false;
	}
	yield '\n\t]\n}\n';
}
