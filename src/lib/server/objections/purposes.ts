// Promise: for each purpose one answer, with its reason: the page shows it to the person, and the organisation's site asks for it.
import type { Context } from '../context.ts';
import * as consents from '../consents/consents.ts';
import { categoriesOf } from '../organisation/lookup.ts';
import type { Organisation, Purpose } from '../organisation/organisation.ts';
import type { PersonState } from '../schema.ts';
import { selectNewest } from './queries.ts';

/** As much of a person as answering takes. */
export interface Asked {
	id: string;
	role: string;
	state: PersonState;
	pausedAt: string | null;
}

export type Because =
	| Purpose['basis']
	| 'chosen'
	| 'consented'
	| 'objected'
	| 'switched-off'
	| 'signalled'
	| 'asked-by-agent'
	| 'not-asked'
	| 'paused'
	| Exclude<PersonState, 'active'>;

export interface PurposeAnswer {
	purpose: Purpose;
	allowed: boolean;
	/** A ground of law, or why not; each has a sentence at `purposes:because.<code>`. */
	because: Because;
	/** Since when; null where it was so from the beginning. */
	since: string | null;
}

/** Whether it is followed by partners alone, each of which needs a consent of its own: nothing is allowed in general. */
export function isByPartner({ partners, cookies, topics }: Organisation, { id, basis }: Purpose): boolean {
	const serving = partners.filter(({ purpose }) => purpose === id);
	const isOwn = [...cookies, ...topics].some(({ purpose }) => purpose === id);
	return basis === 'consent' && !isOwn && serving.length > 0 && serving.every(({ consent }) => consent);
}

const restingAlways: ReadonlySet<PersonState> = new Set(['locked', 'erasing']);

/** Nothing that could be refused is done with the data of somebody who rests, leaves, or waits for consent. */
function resting(
	{ state, pausedAt }: Asked,
	{ refusable }: Purpose
): Omit<PurposeAnswer, 'purpose'> | undefined {
	if (state !== 'active' && (refusable || restingAlways.has(state)))
		return { allowed: false, because: state, since: null };
	return refusable && pausedAt ? { allowed: false, because: 'paused', since: pausedAt } : undefined;
}

/** The purposes that have to do with a role, in the description's order: of its categories, and of cookies and messages. */
function purposesOf(organisation: Organisation, role: string): Purpose[] {
	const used = new Set([
		...categoriesOf(organisation, role).flatMap(({ purposes }) => purposes),
		...organisation.cookies.map(({ purpose }) => purpose),
		...organisation.topics.flatMap(({ purpose }) => purpose ?? [])
	]);
	return organisation.purposes.filter(({ id, refusable }) => refusable || used.has(id));
}

/**
 * Whether each purpose may be followed now. What the person chose last counts; without a choice, what rests on consent may not
 * be followed unless they agreed to a partner that serves it (GDPR Art. 6(1)(a), 7, 21).
 */
export async function answers(ctx: Context, person: Asked): Promise<Map<string, PurposeAnswer>> {
	const chosen = new Map((await selectNewest(ctx, person.id)).map((row) => [row.purpose, row]));
	const agreed = await agreedSince(ctx, person);
	return new Map(
		purposesOf(ctx.organisation, person.role).map((purpose) => {
			const answer =
				resting(person, purpose) ?? answerOf(purpose, chosen.get(purpose.id), agreed.get(purpose.id));
			return [purpose.id, { purpose, ...answer }];
		})
	);
}

function refusal(basis: Purpose['basis'], origin: string): Because {
	if (origin === 'gpc') return 'signalled';
	if (origin === 'agent') return 'asked-by-agent';
	return basis === 'consent' ? 'switched-off' : 'objected';
}

function answerOf(
	{ basis, refusable }: Purpose,
	choice: { allowed: number; origin: string; at: string } | undefined,
	agreed: string | undefined
): Omit<PurposeAnswer, 'purpose'> {
	if (choice && refusable && !choice.allowed)
		return { allowed: false, because: refusal(basis, choice.origin), since: choice.at };
	if (basis !== 'consent') return { allowed: true, because: basis, since: choice?.at ?? null };
	if (choice?.allowed) return { allowed: true, because: 'chosen', since: choice.at };
	return agreed === undefined
		? { allowed: false, because: 'not-asked', since: null }
		: { allowed: true, because: 'consented', since: agreed };
}

/** Purposes of partners to which the person has agreed, with the instant. */
export async function agreedSince(ctx: Context, person: Asked): Promise<Map<string, string>> {
	const standings = await consents.stateOf(ctx, person);
	const agreed = new Map<string, string>();
	for (const { id, purpose } of ctx.organisation.partners) {
		const standing = standings.get(id);
		if (standing?.state === 'granted' && standing.since) agreed.set(purpose, standing.since);
	}
	return agreed;
}
