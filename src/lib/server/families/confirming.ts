// Promise: where the portal cannot see for itself that a guardian agreed, a member of staff does, from a paper or a call, and signs for it.
import { guardianship } from '../accounts/accounts.ts';
import { find, isBelowConsent } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import { consentWayOf } from '../organisation/lookup.ts';
import { transaction } from '../platform/database/transaction.ts';
import { may, type Member } from '../staff/staff.ts';
import { grant, type PaperRefusal } from './consenting.ts';
import { append, history, tellGuardians, type Decision } from './ledger.ts';
import { selectUndecided } from './queries.ts';
import { standingOf } from './standing.ts';

const shown = 100;

export interface Waiting {
	childId: string;
	id: string;
	way: string;
	at: string;
}

/** What guardians asked and staff have not decided, oldest first; a child's both scopes are one. */
export async function waitingConsents(ctx: Context): Promise<Waiting[]> {
	const rows = await selectUndecided(ctx, 'use', shown);
	return rows.map(({ personId, ...row }) => ({ childId: personId, ...row }));
}

export interface Case {
	childId: string;
	externalId: string;
	role: string;
	country: string;
	/** What is asked, and all that was decided before, newest first. */
	decisions: Decision[];
	/** Papers that were brought, by id. */
	evidence: consents.Evidence[];
}

/** What a member sees of a child whose consent is to be decided; the child reads that they looked. Refuses `not-permitted`, `case-unknown`. */
export async function consentCase(
	ctx: Context,
	member: Member,
	childId: string
): Promise<Case | { refused: 'not-permitted' | 'case-unknown' }> {
	if (!may(member, 'families')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		const child = (await audit.holdPerson(ctx, childId)) ? await find(ctx, childId) : undefined;
		const decisions = child ? await history(ctx, childId) : [];
		if (!child || !decisions.length) return { refused: 'case-unknown' as const };
		await audit.record(ctx, childId, 'family-looked', { staff: member.id });
		const papers = [...new Set(decisions.flatMap(({ evidence }) => evidence ?? []))];
		const evidence = await Promise.all(papers.map((id) => consents.evidence(ctx, childId, id)));
		const { externalId, role, country } = child;
		const found = evidence.filter((one) => one !== undefined);
		return { childId, externalId, role, country, decisions, evidence: found };
	});
}

export interface Verdict {
	confirmed: boolean;
	/** What was seen or heard, or why it is not enough; the guardian and the child read it. */
	note: string;
	/** A paper that staff put on file. */
	paper?: Uint8Array | undefined;
}

/**
 * Confirms or declines what a guardian asked. Refuses `not-permitted`, `case-unknown` for what is decided or withdrawn
 * already, and to confirm for whoever is no guardian any more, `paper-missing` for a way that needs one on file, `child-decides` for one that grew old enough meanwhile.
 */
export async function decideAsked(
	ctx: Context,
	member: Member,
	childId: string,
	{ confirmed, note, paper }: Verdict
): Promise<
	| { decided: true }
	| { refused: 'not-permitted' | 'case-unknown' | 'paper-missing' | 'child-decides' | PaperRefusal }
> {
	if (!may(member, 'families')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		const child = (await audit.holdPerson(ctx, childId)) ? await find(ctx, childId) : undefined;
		const standing = child && (await standingOf(ctx, childId));
		const asked = [standing?.use.asked, standing?.sharing.asked].filter((one) => one?.decision === 'asked');
		const first = asked[0];
		if (!child || !first) return { refused: 'case-unknown' as const };
		const guardians = (await guardianship.guardiansOf(ctx, childId)).map(({ person }) => person.id);
		if (confirmed && !asked.every((one) => one && guardians.includes(one.giverId)))
			return { refused: 'case-unknown' as const };
		if (confirmed && !isBelowConsent(ctx, child)) return { refused: 'child-decides' as const };
		const kept = paper && (await consents.keepEvidence(ctx, childId, paper));
		if (kept && 'refused' in kept) return kept;
		const evidence = kept?.id ?? first.evidence;
		if (confirmed && consentWayOf(ctx.organisation, first.way)?.paper && !evidence)
			return { refused: 'paper-missing' as const };
		const scopes = asked.flatMap((one) => one?.scope ?? []);
		const read = (await history(ctx, childId)).find(({ id }) => id === first.id);
		const language = read?.language ?? child.language;
		const given = { way: first.way, language, note, evidence };
		const by = { giver: 'guardian' as const, giverId: first.giverId };
		if (confirmed) await grant(ctx, child, { ...given, ...by, scopes });
		else
			for (const scope of scopes) await append(ctx, child, { ...given, ...by, scope, decision: 'declined' });
		const kind = confirmed ? 'family-confirmed' : 'family-declined';
		await audit.record(ctx, childId, kind, { staff: member.id, note });
		const path = `/family/${childId}`;
		await tellGuardians(ctx, childId, {
			template: confirmed ? 'family-consent-given' : 'family-declined',
			path
		});
		return { decided: true as const };
	});
}

/** Lets a member open a paper on a child's file; the child reads that they did. Refuses `not-permitted`, `case-unknown`. */
export async function openEvidence(
	ctx: Context,
	member: Member,
	childId: string
): Promise<{ opened: true } | { refused: 'not-permitted' | 'case-unknown' }> {
	if (!may(member, 'families')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, childId))) return { refused: 'case-unknown' as const };
		await audit.record(ctx, childId, 'family-evidence-opened', { staff: member.id });
		return { opened: true as const };
	});
}
