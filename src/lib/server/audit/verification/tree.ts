// The tree is built again from its leaves and held against every stored hash and every signed head.
import type { Context } from '../../context.ts';
import { grow, rootOf, type Subtree } from '../../platform/merkle/tree.ts';
import { keyOf, selectHashes, selectLeaves } from '../tree/queries.ts';
import type { Finding } from './findings.ts';
import type { KnownHeads } from './heads.ts';

const pageSize = 1_024;

function* checkHeads(
	heads: KnownHeads['bySize'],
	size: number,
	edge: readonly Subtree[]
): Generator<Finding> {
	const known = heads.get(size);
	if (!known) return;
	const root = rootOf(edge.map(({ hash }) => hash)).toString('hex');
	for (const head of known) if (head.root !== root) yield { found: 'head-differs', place: head.place, size };
}

async function* checkNodes(ctx: Context, complete: readonly Subtree[]): AsyncGenerator<Finding> {
	const hashes = await selectHashes(ctx, complete);
	for (const subtree of complete) {
		const { level, number, hash } = subtree;
		if (!hashes.get(keyOf(subtree))?.equals(hash)) yield { found: 'node-wrong', level, number };
	}
}

/** Answers the number of leaves. After a gap nothing can be said of what follows. */
export async function* checkTree(
	ctx: Context,
	heads: KnownHeads['bySize'],
	tell: (leaves: number) => void
): AsyncGenerator<Finding, number> {
	const edge: Subtree[] = [];
	let size = 0;
	for (;;) {
		const leaves = await selectLeaves(ctx, size, pageSize);
		const complete: Subtree[] = [];
		for (const { position, commitment } of leaves) {
			if (position !== size) {
				yield { found: 'leaf-missing', position: size };
				return size;
			}
			complete.push(...grow(edge, position, commitment).filter(({ level }) => level > 0));
			yield* checkHeads(heads, (size += 1), edge);
		}
		yield* checkNodes(ctx, complete);
		tell(size);
		if (leaves.length < pageSize) break;
	}
	for (const [beyond, known] of heads)
		for (const { place } of beyond > size ? known : [])
			yield { found: 'tree-cut', place, size: beyond, leaves: size };
	return size;
}
