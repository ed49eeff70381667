// Promise: what is agreed for a child follows from the ledger of decisions alone: the last one counts, by scope.
import { isBelowConsent, type Aged } from '../accounts/people.ts';
import type { Context } from '../context.ts';
import type { ConsentScope, FamilyConsentTable } from '../schema.ts';
import { selectDecisions } from './queries.ts';

export const scopes: readonly ConsentScope[] = ['use', 'sharing'];

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

/**
 * Whether a guardian has agreed that a child's data is passed on to partners who don't work for the organisation (COPPA 16
 * CFR 312.5(a)(2)). Of whom nobody decided here, the organisation itself holds the consent; whoever is old enough decides
 * alone, for each partner.
 */
export async function mayPassOn(ctx: Context, person: Aged & { id: string }): Promise<boolean> {
	if (!isBelowConsent(ctx, person)) return true;
	const { use, sharing } = await standingOf(ctx, person.id);
	return use.state === 'none' || sharing.state === 'granted';
}
