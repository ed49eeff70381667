// Promise: both sides write in one thread; what comes in another person's name waits until the person says that it is theirs.
import { find as findPerson } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { RequestTable } from '../schema.ts';
import { attach, type File } from './attachments.ts';
import { dueFor } from './clock/clock.ts';
import { textProblem, write } from './messages.ts';
import { open, takeTurn, type Asking, type TextRefused, type Throttled } from './opening.ts';
import { selectAppeal, selectRequest, updateRequest } from './queries.ts';

type Unknown = { refused: 'request-unknown' };
type Row = Omit<RequestTable, 'personId' | 'mailKey'>;

/** Ended now; nothing is due any more. */
export const ended = (ctx: Pick<Context, 'clock'>) => ({
	state: 'closed' as const,
	closedAt: instant(ctx.clock.now())
});

/** Something written after an answer opens the request again, under a clock of its own. */
async function reopened(ctx: Context, personId: string, { kind }: Pick<Row, 'kind'>) {
	const receivedAt = ctx.clock.now();
	const person = await findPerson(ctx, personId);
	const none = { country: '', region: null, timeZone: 'UTC' };
	const { dueAt, rule } = dueFor(ctx, person ?? none, { kind, receivedAt });
	const noneYet = { extendedAt: null, remindedAt: null, alarmedAt: null };
	return { state: 'open' as const, receivedAt: instant(receivedAt), dueAt: instant(dueAt), rule, ...noneYet };
}

/**
 * The person writes further; an answered request is open again. `problems` for the text and the files; refuses
 * `request-unknown`, `request-closed`, `not-proved` for one that is still to be confirmed, and `too-many-tries`.
 */
export async function addMessage(
	ctx: Context,
	personId: string,
	{ requestId, text, files = [] }: { requestId: string; text: string; files?: readonly File[] }
): Promise<
	| { id: string }
	| TextRefused
	| Throttled
	| Unknown
	| { refused: 'request-closed' | 'not-proved' | 'person-leaving' }
> {
	const problem = textProblem(text);
	if (problem) return { problems: { text: problem } };
	const found = await selectRequest(ctx, personId, requestId);
	if (!found) return { refused: 'request-unknown' };
	if (found.state === 'closed') return { refused: 'request-closed' };
	if (found.state === 'waiting-for-proof') return { refused: 'not-proved' };
	const wait = await takeTurn(ctx, personId);
	if (wait) return wait;
	const prepared = await attach.prepare(ctx, personId, files);
	if ('problems' in prepared) return prepared;

	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		await updateRequest(ctx, personId, requestId, ['answered'], await reopened(ctx, personId, found));
		await audit.record(ctx, personId, 'request-message', { request: requestId });
		const message = await write(ctx, personId, requestId, { author: 'person', text });
		await attach.store(ctx, personId, { requestId, messageId: message.id }, prepared);
		return message;
	});
}

/** The person says that it is settled. Twice is once. Refuses `request-unknown`. */
export async function close(
	ctx: Context,
	personId: string,
	requestId: string
): Promise<{ closed: boolean } | Unknown> {
	if (!(await selectRequest(ctx, personId, requestId))) return { refused: 'request-unknown' };
	return transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, personId);
		const closed = await updateRequest(ctx, personId, requestId, ['open', 'answered'], ended(ctx));
		if (closed) await audit.record(ctx, personId, 'request-closed', { request: requestId });
		return { closed };
	});
}

/**
 * The signed-in person says that what came by mail or through an agent is theirs (GDPR Art. 12(6): no other proof is asked
 * for than the sign-in). The clock runs on from the receipt. Twice is once. Refuses `request-unknown`.
 */
export async function confirm(
	ctx: Context,
	personId: string,
	requestId: string
): Promise<{ confirmed: boolean } | Unknown> {
	if (!(await selectRequest(ctx, personId, requestId))) return { refused: 'request-unknown' };
	return transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, personId);
		const confirmed = await updateRequest(ctx, personId, requestId, ['waiting-for-proof'], { state: 'open' });
		if (confirmed) await audit.record(ctx, personId, 'request-confirmed', { request: requestId });
		return { confirmed };
	});
}

/**
 * Ends a request that waits for proof or was not decided yet: the person says that it is none of theirs (`not-mine`), or
 * whoever made it in their name takes it back (`revoked`). Refuses `request-unknown`.
 */
export async function disown(
	ctx: Context,
	personId: string,
	requestId: string,
	why: 'not-mine' | 'revoked'
): Promise<{ ended: boolean } | Unknown> {
	if (!(await selectRequest(ctx, personId, requestId))) return { refused: 'request-unknown' };
	const from: RequestTable['state'][] =
		why === 'revoked' ? ['waiting-for-proof', 'open'] : ['waiting-for-proof'];
	return transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, personId);
		const decidedAt = instant(ctx.clock.now());
		const change = { ...ended(ctx), decision: why, decidedAt };
		const done = await updateRequest(ctx, personId, requestId, from, change);
		if (done) await audit.record(ctx, personId, `request-${why}`, { request: requestId });
		return { ended: done };
	});
}

/**
 * The person does not accept a decision (CCPA, PIPA Art. 38(5): the way to object to a refusal): a request of its own, once
 * for each decision that did not grant everything. `problems` for the text; refuses `request-unknown`,
 * `nothing-to-appeal`, and what `open` refuses.
 */
export async function appeal(
	ctx: Context,
	person: Asking,
	requestId: string,
	text: string
): Promise<Awaited<ReturnType<typeof open>> | Unknown | { refused: 'nothing-to-appeal' }> {
	const found = await selectRequest(ctx, person.id, requestId);
	if (!found) return { refused: 'request-unknown' };
	const { decision, subject } = found;
	if (decision !== 'refused' && decision !== 'partly') return { refused: 'nothing-to-appeal' };
	if (await selectAppeal(ctx, person.id, requestId)) return { refused: 'nothing-to-appeal' };
	return open(ctx, person, { kind: 'appeal', subject, text, appealOf: requestId });
}
