// Promise: staff see what is due in the order in which it is due, and open a request only under a reason that its person reads.
import type { Context } from '../context.ts';
import { after, instant, localDay } from '../platform/clock.ts';
import * as staff from '../staff/staff.ts';
import type { RequestTable } from '../schema.ts';
import { find, isOverdue, type Found } from './reading.ts';
import { selectMailTally, selectOwner, selectQueue, type QueuePlace } from './queries.ts';

/** Five whole days before the last one, from which on a request is marked and the officer is written to: day 25 of 30. */
export const reminderDays = 6;
const pageSize = 50;
const tallyDays = 30;

export interface Queued extends Pick<
	RequestTable,
	'id' | 'kind' | 'state' | 'rule' | 'dueAt' | 'receivedAt' | 'channel' | 'extendedAt'
> {
	/** Both where the person lives. */
	dueOn: string;
	receivedOn: string;
	isOverdue: boolean;
	isDueSoon: boolean;
}

export interface QueueFilter {
	state?: RequestTable['state'] | undefined;
	kind?: RequestTable['kind'] | undefined;
	/** As `Queue.next` says it. */
	from?: string | undefined;
}

export interface Queue {
	requests: Queued[];
	next: string | undefined;
}

const parsePlace = (text: string | undefined): QueuePlace | undefined => {
	const match = /^(\d{4}-\d{2}-\d{2}T[\d:.]{12}Z)\/([0-9a-f-]{36})$/.exec(text ?? '');
	return match ? { dueAt: match[1] as string, id: match[2] as string } : undefined;
};

/** What is not decided yet, the earliest due first, so that what is overdue leads. Refuses `not-permitted`. */
export async function queue(
	ctx: Context,
	member: staff.Member,
	{ state, kind, from }: QueueFilter
): Promise<Queue | { refused: 'not-permitted' }> {
	if (!staff.may(member, 'requests')) return { refused: 'not-permitted' };
	const rows = await selectQueue(ctx, { state: state ?? 'open', kind }, parsePlace(from), pageSize + 1);
	const soon = instant(after(ctx.clock.now(), reminderDays, 'days'));
	const shown = rows.slice(0, pageSize);
	const last = shown.at(-1);
	return {
		requests: shown.map(({ timeZone, ...row }) => ({
			...row,
			dueOn: localDay(new Date(row.dueAt), timeZone),
			receivedOn: localDay(new Date(row.receivedAt), timeZone),
			isOverdue: isOverdue(ctx, row),
			isDueSoon: row.dueAt <= soon
		})),
		next: rows.length > pageSize && last ? `${last.dueAt}/${last.id}` : undefined
	};
}

/**
 * One request for a member of staff: the look is noted for the person, with the number of the request as its reason.
 * Refuses `not-permitted`; `request-unknown` for one that is not there or whose person is being erased.
 */
export async function viewAs(
	ctx: Context,
	member: staff.Member,
	id: string,
	after?: string
): Promise<
	| (Found & { personId: string; externalId: string; timeZone: string; country: string })
	| { refused: 'not-permitted' | 'request-unknown' }
> {
	if (!staff.may(member, 'requests')) return { refused: 'not-permitted' };
	const personId = await selectOwner(ctx, id);
	const why = { reason: 'request' as const, note: id };
	const look = personId && (await staff.lookAt(ctx, member, personId, why));
	if (!look || 'refused' in look) return { refused: 'request-unknown' };
	const found = await find(ctx, personId, id, after);
	if (!found) return { refused: 'request-unknown' };
	const { externalId, timeZone, country } = look.person;
	return { ...found, personId, externalId, timeZone, country };
}

/** Whose request it is; undefined where there is none. */
export const ownerOf = (ctx: Context, id: string): Promise<string | undefined> => selectOwner(ctx, id);

/** How many mails of the last 30 days came to what: numbers alone. */
export const mailTally = (ctx: Context): Promise<{ outcome: string; mails: number }[]> =>
	selectMailTally(ctx, instant(after(ctx.clock.now(), -tallyDays, 'days')).slice(0, 10));
