// Promise: what a person asks is written down with its due date, answered in one thread that both sides see, and never lost.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import type { ValueProblem } from '../organisation/field-value.ts';
import { categoriesOf, fieldsOf } from '../organisation/lookup.ts';
import type { Category, Field } from '../organisation/organisation.ts';
import { dayOf, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import type { RequestTable } from '../schema.ts';
import { dueFor, type Rule } from './clock.ts';
import { readMessages, textProblem, write, type Message } from './messages.ts';
import {
	insertRequest,
	selectOpen,
	selectPlace,
	selectRequest,
	selectRequests,
	updateDue,
	updateState
} from './queries.ts';

export { dueFor, type Rule } from './clock.ts';
export { keptUntil } from './ends.ts';
export { longestText, type Message } from './messages.ts';
export type Kind = RequestTable['kind'];

export const kinds: readonly Kind[] = ['correction', 'question', 'objection', 'complaint'];
export const messagesAPage = 50;

/** Enough for anybody in earnest; keeps one account from filling the database. */
const perPerson: Limit = { name: 'requests', points: 30, seconds: 3_600 };

export interface Request {
	id: string;
	kind: Kind;
	state: RequestTable['state'];
	/** `category.field` or `category`, for a correction. */
	subject: string | null;
	rule: Rule;
	openedAt: string;
	dueAt: string;
	closedAt: string | null;
	/** The clock ran out with nothing answered. */
	isOverdue: boolean;
}

type TextRefused = { problems: { text: ValueProblem } };
type Throttled = { refused: 'too-many-tries'; waitSeconds: number };

/** What a correction may be about: `category.field` of the person's role, or a category of records. */
export function subjectOf(
	ctx: Context,
	role: string,
	subject: string
): { category: Category; field?: Field } | undefined {
	const [categoryId, fieldId, more] = subject.split('.');
	const category = categoriesOf(ctx.organisation, role).find(({ id }) => id === categoryId);
	if (!category || more !== undefined) return undefined;
	if (fieldId === undefined) return { category };
	const field = fieldsOf(category, role).find(({ id }) => id === fieldId);
	return field && { category, field };
}

/**
 * Opens a request with its first message; the person gets a mail with the due date (GDPR Art. 12(3)).
 * `problems` for the text (`required`, `too-long`, characters that can't be seen); refuses `subject-unknown`, and
 * `too-many-tries` with the seconds to wait (30 messages an hour).
 */
export async function open(
	ctx: Context,
	person: { id: string; role: string; country: string; region: string | null },
	{ kind, subject, text }: { kind: Kind; subject?: string | null | undefined; text: string }
): Promise<{ id: string } | TextRefused | Throttled | { refused: 'subject-unknown' }> {
	const problem = textProblem(text);
	if (problem) return { problems: { text: problem } };
	if (subject && !subjectOf(ctx, person.role, subject)) return { refused: 'subject-unknown' };
	const wait = await take(ctx, perPerson, ctx.keys.blindIndex('throttle', person.id));
	if (wait) return { refused: 'too-many-tries', ...wait };

	const id = ctx.ids.next();
	const now = ctx.clock.now();
	const { dueAt, rule } = dueFor(ctx, person, now);
	await transaction(ctx, async (ctx) => {
		await insertRequest(ctx, {
			personId: person.id,
			id,
			kind,
			state: 'open',
			subject: subject || null,
			rule,
			openedAt: instant(now),
			dueAt: instant(dueAt),
			closedAt: null
		});
		await write(ctx, person.id, id, { author: 'person', text });
		await audit.record(ctx, person.id, 'request-opened', { kind, request: id });
		await delivery.send(ctx, person.id, {
			template: 'request-opened',
			values: { dueOn: dayOf(dueAt) },
			path: `/requests/${id}`
		});
	});
	return { id };
}

/**
 * The person writes further. Something written after an answer opens the request again, under a clock of its own.
 * Refuses `request-unknown`, `request-closed` and `too-many-tries`.
 */
export async function addMessage(
	ctx: Context,
	personId: string,
	{ requestId, text }: { requestId: string; text: string }
): Promise<{ id: string } | TextRefused | Throttled | { refused: 'request-unknown' | 'request-closed' }> {
	const problem = textProblem(text);
	if (problem) return { problems: { text: problem } };
	const found = await selectRequest(ctx, personId, requestId);
	if (!found) return { refused: 'request-unknown' };
	if (found.state === 'closed') return { refused: 'request-closed' };
	const wait = await take(ctx, perPerson, ctx.keys.blindIndex('throttle', personId));
	if (wait) return { refused: 'too-many-tries', ...wait };

	return transaction(ctx, async (ctx) => {
		if (await updateState(ctx, personId, requestId, { from: ['answered'], to: 'open', closedAt: null }))
			await restartClock(ctx, personId, requestId);
		await audit.record(ctx, personId, 'request-message', { request: requestId });
		return write(ctx, personId, requestId, { author: 'person', text });
	});
}

/** The organisation answers; the person gets a mail that says so and nothing of what it says. Refuses `request-unknown`, `request-closed`. */
export async function answer(
	ctx: Context,
	personId: string,
	{ requestId, text }: { requestId: string; text: string }
): Promise<{ id: string } | TextRefused | { refused: 'request-unknown' | 'request-closed' }> {
	const problem = textProblem(text);
	if (problem) return { problems: { text: problem } };
	if (!(await selectRequest(ctx, personId, requestId))) return { refused: 'request-unknown' };

	return transaction(ctx, async (ctx) => {
		const changed = await updateState(ctx, personId, requestId, {
			from: ['open', 'answered'],
			to: 'answered',
			closedAt: null
		});
		if (!changed) return { refused: 'request-closed' } as const;
		await audit.record(ctx, personId, 'request-answered', { request: requestId });
		await delivery.send(ctx, personId, { template: 'request-answered', path: `/requests/${requestId}` });
		return write(ctx, personId, requestId, { author: 'organisation', text });
	});
}

/** The person says that it is settled. Twice is once. Refuses `request-unknown`. */
export async function close(
	ctx: Context,
	personId: string,
	requestId: string
): Promise<{ closed: boolean } | { refused: 'request-unknown' }> {
	if (!(await selectRequest(ctx, personId, requestId))) return { refused: 'request-unknown' };
	return transaction(ctx, async (ctx) => {
		const closed = await updateState(ctx, personId, requestId, {
			from: ['open', 'answered'],
			to: 'closed',
			closedAt: instant(ctx.clock.now())
		});
		if (closed) await audit.record(ctx, personId, 'request-closed', { request: requestId });
		return { closed };
	});
}

/** The person's requests, newest first; `before` is the id of the last one seen. */
export async function list(
	ctx: Context,
	personId: string,
	{ before, limit }: { before?: string | undefined; limit: number }
): Promise<Request[]> {
	return (await selectRequests(ctx, personId, before, limit)).map((row) => present(ctx, row));
}

/** How many are open, counted up to 100. */
export const openCount = async (ctx: Context, personId: string): Promise<number> =>
	(await selectOpen(ctx, personId, 100)).length;

/** One request with a page of its thread, oldest first; `after` is the id of the last message seen. */
export async function find(
	ctx: Context,
	personId: string,
	id: string,
	after?: string
): Promise<{ request: Request; messages: Message[]; more: boolean } | undefined> {
	const row = await selectRequest(ctx, personId, id);
	if (!row) return undefined;
	const messages = await readMessages(ctx, personId, id, { after, limit: messagesAPage + 1 });
	return {
		request: present(ctx, row),
		messages: messages.slice(0, messagesAPage),
		more: messages.length > messagesAPage
	};
}

async function restartClock(ctx: Context, personId: string, requestId: string): Promise<void> {
	const place = await selectPlace(ctx, personId);
	const { dueAt, rule } = dueFor(ctx, place ?? { country: '', region: null }, ctx.clock.now());
	await updateDue(ctx, personId, requestId, { dueAt: instant(dueAt), rule });
}

const present = (ctx: Context, { rule, ...row }: Omit<RequestTable, 'personId'>): Request => ({
	...row,
	rule: rule as Rule,
	isOverdue: row.state === 'open' && row.dueAt < instant(ctx.clock.now())
});
