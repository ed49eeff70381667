// Promise: each promise is shown with what is true of it now, worked out from many and never from one.
import type { Context } from '../context.ts';
import type { EvidenceCode } from '../organisation/evidence.ts';
import { evidence, type Fact } from './evidence.ts';

export type { Amount, Fact } from './evidence.ts';

/** For so long what was worked out is shown again: the page is everybody's. */
const keptMilliseconds = 60_000;

interface Kept {
	at: number;
	facts: Promise<Fact[]>;
}

const kept = new WeakMap<Context['organisation'], Map<EvidenceCode, Kept>>();

/** What is true now of a promise that names this evidence; at most a minute old. */
export async function factsOf(ctx: Context, code: EvidenceCode): Promise<Fact[]> {
	const known = kept.get(ctx.organisation) ?? new Map<EvidenceCode, Kept>();
	kept.set(ctx.organisation, known);
	const now = ctx.clock.now().getTime();
	const last = known.get(code);
	if (last && now >= last.at && now - last.at < keptMilliseconds) return last.facts;
	const facts = Promise.resolve(evidence[code](ctx));
	known.set(code, { at: now, facts });
	// What broke is not shown again.
	facts.catch(() => known.delete(code));
	return facts;
}
