// Promise: staff answer, postpone once with a reason, and decide with reasons; the person is told of each, and of the way to complain.
import { find as findPerson } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as staff from '../staff/staff.ts';
import type { RequestTable } from '../schema.ts';
import { attach, type File } from './attachments.ts';
import { dueWhenExtended, sourceOf } from './clock/clock.ts';
import { groundsFor } from './grounds.ts';
import { textProblem, write } from './messages.ts';
import type { TextRefused } from './opening.ts';
import { selectRequest, updateRequest } from './queries.ts';
import { ended } from './thread.ts';

export interface Which {
	personId: string;
	requestId: string;
}

type Unknown = { refused: 'request-unknown' };
type Forbidden = { refused: 'not-permitted' };
type Row = NonNullable<Awaited<ReturnType<typeof selectRequest>>>;

/** What cannot be worked on: nothing is told to anybody who has not shown to be the person. */
const notNow = ({ state }: Row): { refused: 'request-closed' | 'not-proved' } | undefined => {
	if (state === 'closed') return { refused: 'request-closed' };
	return state === 'waiting-for-proof' ? { refused: 'not-proved' } : undefined;
};

/** Where a law sets the clock, words do not stop it: only a decision does. An answered question waits for nothing more. */
function standsAfterAnswer({
	kind,
	rule,
	state
}: Row): [RequestTable['state'][], Pick<RequestTable, 'state'>] {
	const stops = kind === 'question' || sourceOf(rule) === undefined;
	return stops ? [['open', 'answered'], { state: 'answered' }] : [[state], { state }];
}

/**
 * The organisation answers; the person gets a mail that says so and nothing of what it says. `problems` for the text and
 * the files; refuses `request-unknown`, `request-closed`, `not-proved`.
 */
export async function answer(
	ctx: Context,
	personId: string,
	{ requestId, text, files = [] }: { requestId: string; text: string; files?: readonly File[] }
): Promise<
	{ id: string } | TextRefused | Unknown | { refused: 'request-closed' | 'not-proved' | 'person-leaving' }
> {
	const problem = textProblem(text);
	if (problem) return { problems: { text: problem } };
	const found = await selectRequest(ctx, personId, requestId);
	if (!found) return { refused: 'request-unknown' };
	const refusal = notNow(found);
	if (refusal) return refusal;
	const prepared = await attach.prepare(ctx, personId, files);
	if ('problems' in prepared) return prepared;

	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		if (!(await updateRequest(ctx, personId, requestId, ...standsAfterAnswer(found))))
			return { refused: 'request-closed' as const };
		await audit.record(ctx, personId, 'request-answered', { request: requestId });
		await delivery.send(ctx, personId, { template: 'request-answered', path: `/requests/${requestId}` });
		const message = await write(ctx, personId, requestId, { author: 'organisation', text });
		await attach.store(ctx, personId, { requestId, messageId: message.id }, prepared);
		return message;
	});
}

/** The same by a member of staff: refuses `not-permitted` too. */
export async function answerAs(
	ctx: Context,
	member: staff.Member,
	{ personId, requestId }: Which,
	given: { text: string; files?: readonly File[] }
): Promise<Awaited<ReturnType<typeof answer>> | Forbidden> {
	if (!staff.may(member, 'requests')) return { refused: 'not-permitted' };
	return answer(ctx, personId, { requestId, ...given });
}

/**
 * Puts the due date off as far as the rule lets it (GDPR Art. 12(3): two months; 11 CCR § 7021(b): 45 days), once, while
 * the first period runs, with a reason that the person reads. `problems` for the reason; refuses `not-permitted`,
 * `request-unknown`, `request-closed`, `not-proved`, `extended-already`, `too-late-to-extend`, and `cannot-extend` where the rule
 * gives no more time.
 */
export async function extend(
	ctx: Context,
	member: staff.Member,
	{ personId, requestId }: Which,
	reason: string
): Promise<
	| { dueOn: string }
	| TextRefused
	| Unknown
	| Forbidden
	| {
			refused:
				| 'request-closed'
				| 'not-proved'
				| 'extended-already'
				| 'too-late-to-extend'
				| 'cannot-extend'
				| 'person-leaving';
	  }
> {
	if (!staff.may(member, 'decide-requests')) return { refused: 'not-permitted' };
	const problem = textProblem(reason);
	if (problem) return { problems: { text: problem } };
	const found = await selectRequest(ctx, personId, requestId);
	const person = await findPerson(ctx, personId);
	if (!found || !person) return { refused: 'request-unknown' };
	const refusal = notNow(found);
	if (refusal) return refusal;
	if (found.extendedAt) return { refused: 'extended-already' };
	const now = ctx.clock.now();
	if (found.dueAt < instant(now)) return { refused: 'too-late-to-extend' };
	const due = dueWhenExtended(ctx, person, { kind: found.kind, receivedAt: new Date(found.receivedAt) });
	if (instant(due.dueAt) <= found.dueAt) return { refused: 'cannot-extend' };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		const change = { dueAt: instant(due.dueAt), rule: due.rule, extendedAt: instant(now), remindedAt: null };
		if (!(await updateRequest(ctx, personId, requestId, ['open', 'answered'], change)))
			return { refused: 'request-closed' as const };
		await write(ctx, personId, requestId, { author: 'organisation', text: reason });
		await audit.record(ctx, personId, 'request-extended', { request: requestId, dueOn: due.dueOn });
		await delivery.send(ctx, personId, {
			template: 'request-extended',
			values: { dueOn: due.dueOn },
			path: `/requests/${requestId}`
		});
		return { dueOn: due.dueOn };
	});
}

export type Decision = 'granted' | 'partly' | 'refused';

/**
 * Decides, with reasons that the person reads; a refusal, in whole or in part, names its legal ground (GDPR Art. 12(4),
 * 11 CCR § 7022(f), PIPA Decree Art. 43(3)). `problems` for the reasons; refuses `not-permitted`, `request-unknown`,
 * `request-closed`, `not-proved`, `ground-needed`.
 */
export async function decide(
	ctx: Context,
	member: staff.Member,
	{ personId, requestId }: Which,
	{ decision, reasons, ground }: { decision: Decision; reasons: string; ground?: string | undefined }
): Promise<
	| { decided: Decision }
	| TextRefused
	| Unknown
	| Forbidden
	| { refused: 'request-closed' | 'not-proved' | 'ground-needed' | 'person-leaving' }
> {
	if (!staff.may(member, 'decide-requests')) return { refused: 'not-permitted' };
	const problem = textProblem(reasons);
	if (problem) return { problems: { text: problem } };
	const found = await selectRequest(ctx, personId, requestId);
	if (!found) return { refused: 'request-unknown' };
	const refusal = notNow(found);
	if (refusal) return refusal;
	const named = groundsFor(found.kind).find(({ id }) => id === ground);
	if (decision !== 'granted' && !named) return { refused: 'ground-needed' };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		const change: Partial<RequestTable> = {
			...ended(ctx),
			decision,
			ground: decision === 'granted' ? null : (named?.id ?? null),
			decidedAt: instant(ctx.clock.now())
		};
		if (!(await updateRequest(ctx, personId, requestId, ['open', 'answered'], change)))
			return { refused: 'request-closed' as const };
		await write(ctx, personId, requestId, { author: 'organisation', text: reasons });
		await audit.record(ctx, personId, `request-decided-${decision}`, { request: requestId });
		await delivery.send(ctx, personId, { template: 'request-decided', path: `/requests/${requestId}` });
		return { decided: decision };
	});
}
