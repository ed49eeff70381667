// Promise: whoever changes, drops, swaps, cuts or rebuilds what was written down is found out (STANDARDS §7.5).
import type { Context } from '../../context.ts';
import { headsFile } from '../tree/heads.ts';
import { countOwned } from '../tree/queries.ts';
import { checkChains, type Counted } from './chains.ts';
import type { Finding } from './findings.ts';
import { knownHeads } from './heads.ts';
import { checkTree } from './tree.ts';

export interface Verification extends Counted {
	leaves: number;
	heads: { database: number; file: number };
	/** The first of them. */
	findings: Finding[];
	/** How many there are in all. */
	found: number;
}

const shownFindings = 100;

/** Everybody's events in one look: what is in the tree without an owner was dropped, unless an erasure took it. */
async function* checkOwners(ctx: Context): AsyncGenerator<Finding> {
	const { leaves, events } = await countOwned(ctx);
	if (leaves !== events) yield { found: 'events-gone', leaves, events };
}

/**
 * Computes everything anew: places without gaps, the tree and its hashes, all signed heads (those of `file`, the one
 * outside the database unless another is given, too), and the chain of every person who is there. Changes nothing, and
 * may run while the portal works. `tell` hears how many leaves, then how many people, were looked at.
 */
export async function verify(
	ctx: Context,
	file = headsFile(ctx.settings),
	tell: (done: number, what: 'leaves' | 'people') => void = () => undefined
): Promise<Verification> {
	const heads = await knownHeads(ctx, file);
	const result: Verification = {
		people: 0,
		events: 0,
		beingErased: 0,
		leaves: 0,
		heads: heads.count,
		findings: [],
		found: 0
	};
	const take = (finding: Finding) => {
		if (result.findings.length < shownFindings) result.findings.push(finding);
		result.found += 1;
	};
	for (const finding of heads.findings) take(finding);
	const tree = checkTree(ctx, heads.bySize, (leaves) => tell(leaves, 'leaves'));
	let step = await tree.next();
	for (; !step.done; step = await tree.next()) take(step.value);
	result.leaves = step.value;
	for await (const finding of checkChains(ctx, result, (people) => tell(people, 'people'))) take(finding);
	for await (const finding of checkOwners(ctx)) take(finding);
	return result;
}
