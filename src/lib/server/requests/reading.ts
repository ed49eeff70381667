// Promise: a person reads of each of their requests where it stands, by which rule it is due, and who decided what, why.
import { find as findPerson } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import type { RequestTable } from '../schema.ts';
import { attachmentsOf, type Attachment } from './attachments.ts';
import { confirmationDue, sourceOf } from './clock/clock.ts';
import { grounds } from './grounds.ts';
import { readMessages, type Message } from './messages.ts';
import { selectAppeal, selectOpen, selectRequest, selectRequests } from './queries.ts';

export const messagesAPage = 50;

export interface Request extends Omit<
	RequestTable,
	'personId' | 'asks' | 'mailKey' | 'remindedAt' | 'alarmedAt'
> {
	asks: string[];
	/** Where the rule is written; undefined for the organisation's own word. */
	source: string | undefined;
	groundSource: string | undefined;
	/** The clock ran out with nothing decided. */
	isOverdue: boolean;
}

export interface Found {
	request: Request;
	/** Oldest first. */
	messages: Message[];
	more: boolean;
	attachments: Attachment[];
	/** By when the law wants the receipt to be confirmed; the portal does so at once. */
	confirmation: { dueOn: string; source: string | undefined } | undefined;
	/** The appeal against its decision. */
	appeal: string | undefined;
}

const running: readonly RequestTable['state'][] = ['open', 'waiting-for-proof'];

/** Whether the answer should be there by now. */
export const isOverdue = (
	{ clock }: Pick<Context, 'clock'>,
	{ state, dueAt }: Pick<RequestTable, 'state' | 'dueAt'>
): boolean => running.includes(state) && dueAt < instant(clock.now());

export const present = (ctx: Pick<Context, 'clock'>, row: Row): Request => ({
	...row,
	asks: row.asks.split(' ').filter(Boolean),
	source: sourceOf(row.rule),
	groundSource: grounds.find(({ id }) => id === row.ground)?.source,
	isOverdue: isOverdue(ctx, row)
});

type Row = NonNullable<Awaited<ReturnType<typeof selectRequest>>>;

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
): Promise<Found | undefined> {
	const row = await selectRequest(ctx, personId, id);
	if (!row) return undefined;
	const messages = await readMessages(ctx, personId, id, { after, limit: messagesAPage + 1 });
	return {
		request: present(ctx, row),
		messages: messages.slice(0, messagesAPage),
		more: messages.length > messagesAPage,
		attachments: await attachmentsOf(ctx, personId, id),
		confirmation: await confirmationOf(ctx, personId, row),
		appeal: (await selectAppeal(ctx, personId, id))?.id
	};
}

async function confirmationOf(ctx: Context, personId: string, row: Row): Promise<Found['confirmation']> {
	const person = await findPerson(ctx, personId);
	const due =
		person && confirmationDue(ctx, person, { kind: row.kind, receivedAt: new Date(row.receivedAt) });
	return due && { dueOn: due.dueOn, source: sourceOf(due.rule) };
}
