// Each living person's chain is made again from what their events say, and held against what is stored.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../../context.ts';
import { open } from '../../platform/keys/keys.ts';
import type { AuditChainTable } from '../../schema.ts';
import { place } from '../chain.ts';
import { beginning, commitmentOf, endingOf, saltOf, type AuditEvent } from '../commitments.ts';
import { selectChained, selectChains, selectEventsBeyondChain } from '../queries.ts';
import { selectLeavesAt } from '../tree/queries.ts';
import type { Finding } from './findings.ts';

const peopleAtOnce = 500;
const eventsAtOnce = 1_000;

type Stored = Awaited<ReturnType<typeof selectChained>>[number];

/** Whether the event says what it said when it was written. */
function isUnchanged(key: KeyObject, previous: Buffer, { sealed, commitment, ...event }: Stored): boolean {
	try {
		const details = open<AuditEvent['details']>(key, place(event.id), sealed);
		return commitmentOf(saltOf(key), previous, { ...event, details }).equals(commitment);
	} catch {
		return false;
	}
}

async function* checkChain(
	ctx: Context,
	key: KeyObject,
	{ personId, events, ...end }: AuditChainTable
): AsyncGenerator<Finding> {
	let [previous, number] = [beginning, 0];
	while (number < events) {
		const page = await selectChained(ctx, personId, number, events, eventsAtOnce);
		const positions = page.flatMap(({ position }) => position ?? []);
		const leaves = await selectLeavesAt(ctx, positions);
		for (const event of page) {
			if (event.number !== (number += 1)) return yield { found: 'event-missing', personId, number };
			if (!isUnchanged(key, previous, event)) yield { found: 'event-changed', personId, number };
			const { position, commitment } = event;
			if (position !== null && !leaves.get(position)?.equals(commitment))
				yield { found: 'leaf-differs', personId, number, position };
			previous = commitment;
		}
		if (page.length === 0) return yield { found: 'event-missing', personId, number: number + 1 };
	}
	if (!previous.equals(end.commitment) || !endingOf(saltOf(key), previous).equals(end.ending))
		yield { found: 'chain-cut', personId };
}

export interface Counted {
	people: number;
	events: number;
	/** People whose key is gone and whose rows are going. */
	beingErased: number;
}

export async function* checkChains(
	ctx: Context,
	counted: Counted,
	tell: (people: number) => void
): AsyncGenerator<Finding> {
	for (let after = ''; ;) {
		const chains = await selectChains(ctx, after, peopleAtOnce);
		for (const chain of chains) {
			const key = await ctx.keys.find(chain.personId);
			const findings = key ? await Array.fromAsync(checkChain(ctx, key, chain)) : [];
			// Whoever was erased while we looked has lost rows rightly.
			const isLeaving = !key || (findings.length > 0 && (await ctx.keys.isErased(chain.personId)));
			counted[isLeaving ? 'beingErased' : 'people'] += 1;
			if (isLeaving) continue;
			counted.events += chain.events;
			yield* findings;
		}
		tell(counted.people);
		if (chains.length < peopleAtOnce) break;
		after = chains.at(-1)?.personId as string;
	}
	for (const { personId } of await selectEventsBeyondChain(ctx, peopleAtOnce))
		yield { found: 'chain-cut', personId };
}
