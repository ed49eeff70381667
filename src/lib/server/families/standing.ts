// Promise: what is agreed for a child follows from the ledger of decisions alone: the last one counts, by scope.
import { find, isBelowConsent, type Aged } from '../accounts/people.ts';
import type { Context } from '../context.ts';
import type { ConsentScope, FamilyConsentTable } from '../schema.ts';
import { selectDecisions, selectDecisionsOf } from './queries.ts';

type Decision = Omit<FamilyConsentTable, 'sealed' | 'personId'>;

export interface Standing {
	state: 'none' | 'granted' | 'withdrawn';
	/** The decision that counts. */
	decision: Decision | undefined;
	/** What was asked since, or declined: staff have not confirmed it. */
	asked: Decision | undefined;
}

/** How it stands with a child's consents. */
export async function standingOf(ctx: Context, childId: string): Promise<Record<ConsentScope, Standing>> {
	const decisions = await selectDecisions(ctx, childId);
	return { use: inScope(decisions, 'use'), sharing: inScope(decisions, 'sharing') };
}

function inScope(decisions: readonly Decision[], scope: ConsentScope): Standing {
	const own = decisions.filter((one) => one.scope === scope);
	const decision = own.findLast((one) => one.decision === 'granted' || one.decision === 'withdrawn');
	const last = own.at(-1);
	const asked = last && (last.decision === 'asked' || last.decision === 'declined') ? last : undefined;
	return { state: decision ? (decision.decision as 'granted' | 'withdrawn') : 'none', decision, asked };
}

/** Agreed to the use, and not to passing on: of whom nobody decided here, the organisation itself holds the consent. */
const isKeptIn = (decisions: readonly Decision[]): boolean =>
	inScope(decisions, 'use').state !== 'none' && inScope(decisions, 'sharing').state !== 'granted';

/**
 * Whether a child's data may be passed on to partners who don't work for the organisation (COPPA 16 CFR 312.5(a)(2)).
 * Whoever is old enough decides alone, for each partner.
 */
export const mayPassOn = async (ctx: Context, person: Aged & { id: string }): Promise<boolean> =>
	!isBelowConsent(ctx, person) || !isKeptIn(await selectDecisions(ctx, person.id));

/** Of these people the children of whom nothing may be passed on to such partners; the gate asks. */
export async function keptIn(ctx: Context, ids: readonly string[]): Promise<ReadonlySet<string>> {
	const byChild = Map.groupBy(await selectDecisionsOf(ctx, JSON.stringify(ids)), ({ personId }) => personId);
	const kept = new Set<string>();
	for (const [id, decisions] of byChild) {
		const child = isKeptIn(decisions) ? await find(ctx, id) : undefined;
		if (child && isBelowConsent(ctx, child)) kept.add(id);
	}
	return kept;
}
