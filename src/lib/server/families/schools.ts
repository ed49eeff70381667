// Promise: a school obtains the parents' consents, keeps them in a register, and shows them when it is asked to.
import { guardianship } from '../accounts/accounts.ts';
import { find, type Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, dayOf, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { claimDue, type WorkKind } from '../platform/work/work.ts';
import type { EvidenceRequestTable } from '../schema.ts';
import { may, type Member } from '../staff/staff.ts';
import { grant, type PaperRefusal } from './consenting.ts';
import { noteActed } from './ledger.ts';
import {
	insertRequest,
	selectByDecision,
	selectRequests,
	selectRequestsByState,
	selectRequestsOf,
	updateEvidence,
	updateRequest
} from './queries.ts';
import type { Ward } from './rights.ts';
import { standingOf } from './standing.ts';
import { waysFor } from './ways.ts';

export interface Paper {
	way: string;
	/** The day on which a parent signed. */
	signedOn: string;
	/** Who signed, by relation only: the name stands on the paper. */
	relation: 'mother' | 'father' | 'guardian';
	language: string;
	/** A scan of it; it is put on the child's file. */
	paper?: Uint8Array | undefined;
}

type Refusal =
	'not-yours' | 'child-decides' | 'way-unknown' | 'signed-later' | 'paper-missing' | PaperRefusal;

/**
 * Enters a consent that a parent signed for the school. It covers what the way covers. Refuses `not-yours` for whoever is
 * no school of the child, `child-decides`, `way-unknown`, `signed-later` for a day that has not come, `paper-missing`, and what
 * `consents.keepEvidence` refuses.
 */
export async function register(
	ctx: Context,
	school: Pick<Person, 'id'>,
	{ child, capacity, decidesAlone }: Ward,
	paper: Paper
): Promise<{ granted: true } | { refused: Refusal }> {
	const way = waysFor(ctx.organisation, 'school').find(({ id }) => id === paper.way);
	if (capacity !== 'school') return { refused: 'not-yours' };
	if (decidesAlone) return { refused: 'child-decides' };
	if (!way) return { refused: 'way-unknown' };
	// A day ahead: a paper may be signed where it is tomorrow already.
	if (paper.signedOn > dayOf(after(ctx.clock.now(), 1, 'days'))) return { refused: 'signed-later' };
	if (way.paper && !paper.paper) return { refused: 'paper-missing' };
	return transaction(ctx, async (ctx) => {
		if (!(await guardianship.holdAll(ctx, child.id, school.id)))
			return { refused: 'person-leaving' as const };
		const { language, signedOn, relation } = paper;
		const kept = paper.paper && (await consents.keepEvidence(ctx, child.id, paper.paper));
		if (kept && 'refused' in kept) return kept;
		const evidence = kept?.id;
		const by = { giver: 'school' as const, giverId: school.id };
		const note = `${signedOn} ${relation}`;
		await grant(ctx, child, { way: way.id, scopes: way.covers, language, evidence, note, ...by });
		await noteActed(ctx, school.id, 'register', child.role);
		return { granted: true as const };
	});
}

export interface EvidenceRequest {
	childId: string;
	id: string;
	askedOf: string;
	state: EvidenceRequestTable['state'];
	askedAt: string;
	dueAt: string;
	answeredAt: string | null;
}

const toRequest = ({
	personId,
	askedBy: _,
	...row
}: Omit<EvidenceRequestTable, 'nextAttemptAt' | 'leasedUntil' | 'attempts'>): EvidenceRequest => ({
	childId: personId,
	...row
});

/** The consents that schools entered, newest first: what staff can ask to see. */
export const schoolConsents = async (ctx: Context, limit = 100) =>
	(await selectByDecision(ctx, 'granted', 'school', limit)).filter(({ scope }) => scope === 'use');

/** Those that are open or overdue, and the last that were answered. */
export async function evidenceRequests(ctx: Context): Promise<EvidenceRequest[]> {
	const states = ['overdue', 'open', 'answered'] as const;
	const found = await Promise.all(states.map((state) => selectRequestsByState(ctx, state, 50)));
	return found.flat().map(toRequest);
}

/** What a school is still asked to show. */
export const askedOf = async (ctx: Context, schoolId: string): Promise<EvidenceRequest[]> =>
	(await selectRequestsOf(ctx, schoolId)).map(toRequest);

/** What was asked about a child. */
export const requestsAbout = async (ctx: Context, childId: string): Promise<EvidenceRequest[]> =>
	(await selectRequests(ctx, childId)).map(toRequest);

/**
 * Asks the school that entered a child's consent to show the paper, within the description's days. Refuses `not-permitted`,
 * `case-unknown` where no school's consent stands, `asked-already` while one is open.
 */
export async function askEvidence(
	ctx: Context,
	member: Member,
	childId: string
): Promise<{ id: string; dueAt: string } | { refused: 'not-permitted' | 'case-unknown' | 'asked-already' }> {
	if (!may(member, 'families')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, childId))) return { refused: 'case-unknown' as const };
		const { decision } = (await standingOf(ctx, childId)).use;
		if (decision?.decision !== 'granted' || decision.giver !== 'school')
			return { refused: 'case-unknown' as const };
		const open = (await selectRequests(ctx, childId)).some(({ state }) => state !== 'answered');
		if (open) return { refused: 'asked-already' as const };
		const now = ctx.clock.now();
		const dueAt = instant(after(now, ctx.organisation.minors?.evidenceDays ?? 14, 'days'));
		const id = ctx.ids.next();
		const about = { personId: childId, id, askedOf: decision.giverId, askedBy: member.id };
		const due = { nextAttemptAt: dueAt, leasedUntil: null, attempts: 0 };
		const state = { state: 'open' as const, askedAt: instant(now), dueAt, answeredAt: null };
		await insertRequest(ctx, { ...about, ...state, ...due });
		await audit.record(ctx, childId, 'family-evidence-asked', { staff: member.id, until: dueAt });
		const path = `/family/${childId}`;
		await delivery.send(ctx, decision.giverId, {
			template: 'family-evidence-asked',
			values: { dueAt },
			path
		});
		return { id, dueAt };
	});
}

/**
 * Brings the paper of a consent that the school entered; what was asked for is answered by it. Refuses `not-yours`, and
 * what `consents.keepEvidence` refuses.
 */
export async function bringEvidence(
	ctx: Context,
	school: Pick<Person, 'id'>,
	{ child, capacity }: Ward,
	content: Uint8Array
) {
	if (capacity !== 'school') return { refused: 'not-yours' as const };
	return transaction(ctx, async (ctx) => {
		if (!(await guardianship.holdAll(ctx, child.id, school.id)))
			return { refused: 'person-leaving' as const };
		const { decision } = (await standingOf(ctx, child.id)).use;
		if (decision?.giverId !== school.id) return { refused: 'not-yours' as const };
		const kept = await consents.keepEvidence(ctx, child.id, content);
		if ('refused' in kept) return kept;
		await updateEvidence(ctx, child.id, decision.id, kept.id);
		const answered = {
			state: 'answered' as const,
			answeredAt: instant(ctx.clock.now()),
			nextAttemptAt: null
		};
		for (const { id, askedOf } of await selectRequests(ctx, child.id))
			if (askedOf === school.id)
				await updateRequest(ctx, { personId: child.id, id }, ['open', 'overdue'], answered);
		await audit.record(ctx, child.id, 'family-evidence-brought');
		await noteActed(ctx, school.id, 'evidence', child.role);
		return { kept: true as const };
	});
}

/** What a school has not shown in time is overdue: an alarm in the log, once, and a second letter to the school. */
export const evidenceWork: WorkKind<Context> = {
	name: 'evidence-requests',
	everyMilliseconds: 60_000,
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'evidence_request', 50);
		for (const { personId, id } of claims) await overdue(ctx, personId, id);
		return claims.length;
	}
};

async function overdue(ctx: Context, personId: string, id: string): Promise<void> {
	await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return;
		const change = { state: 'overdue' as const, nextAttemptAt: null, leasedUntil: null };
		if (!(await updateRequest(ctx, { personId, id }, ['open'], change))) return;
		const request = (await selectRequests(ctx, personId)).find((one) => one.id === id);
		const school = request && (await find(ctx, request.askedOf));
		ctx.log.error({ alarm: 'evidence-overdue', request: id }, 'a school has not shown a consent in time');
		if (request && school)
			await delivery.send(ctx, school.id, {
				template: 'family-evidence-asked',
				values: { dueAt: request.dueAt },
				path: `/family/${personId}`
			});
	});
}
