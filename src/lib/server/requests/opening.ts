// Promise: what a person asks is written down with its due date the moment it comes in, whichever way it came.
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import type { ValueProblem } from '../organisation/field-value.ts';
import { categoriesOf, fieldsOf } from '../organisation/lookup.ts';
import type { Category, Field } from '../organisation/organisation.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import type { RequestTable } from '../schema.ts';
import { attach, type File, type FileProblem } from './attachments.ts';
import { dueFor } from './clock/clock.ts';
import type { Regime } from './clock/rules.ts';
import { asks as allAsks, mustSay, type Channel, type Kind } from './kinds.ts';
import { textProblem, write } from './messages.ts';
import { insertRequest, selectByMail } from './queries.ts';

/** Enough for anybody in earnest; keeps one account from filling the database. */
const perPerson: Limit = { name: 'requests', points: 30, seconds: 3_600 };
/** What came by letter may have lain for a while, but not for ever. */
const oldestDays = 366;

export type Asking = Pick<Person, 'id' | 'role' | 'country' | 'region' | 'timeZone' | 'bornOn'>;

export interface Opening {
	kind: Kind;
	/** `category.field` or `category`, for a correction. */
	subject?: string | null | undefined;
	/** In the person's own words; a question, a complaint, a correction and an appeal need some. */
	text?: string | undefined;
	/** What an access asks for. */
	asks?: readonly string[] | undefined;
	files?: readonly File[] | undefined;
	appealOf?: string | undefined;
}

/** What came in elsewhere than through the portal. */
export interface Arrival {
	channel: Channel;
	/** From when the clock runs; now where it is left out. */
	receivedAt?: Date | undefined;
	/** Nobody has shown yet that it comes from the person. */
	toBeProved?: boolean;
	/** Keyed hash of the mail. */
	mailKey?: Buffer | undefined;
	/** The law that the person named: its clock counts too, wherever they live. */
	named?: Regime | undefined;
	/** The person is told by another letter than that of a request. */
	untold?: boolean;
}

export type TextRefused = { problems: { text?: ValueProblem; files?: FileProblem } };
export type Throttled = { refused: 'too-many-tries'; waitSeconds: number };
export type Opened = { id: string; dueOn: string; rule: string };

/** What a correction may be about: `category.field` of the person's role, or a category of records. */
export function subjectOf(
	ctx: Pick<Context, 'organisation'>,
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

/** Takes one of the thirty messages and requests that a person has an hour. */
export async function takeTurn(ctx: Context, personId: string): Promise<Throttled | undefined> {
	const wait = await take(ctx, perPerson, ctx.keys.blindIndex('throttle', personId));
	return wait && { refused: 'too-many-tries', ...wait };
}

/**
 * Opens a request of the person themselves; they get a mail with the due date (GDPR Art. 12(3), 11 CCR § 7021(a)).
 * `problems` for the text (`required`, `too-long`, characters that can't be seen) and the files; refuses
 * `subject-unknown`, `person-leaving` for somebody who is being erased, and `too-many-tries` with the seconds to wait.
 */
export async function open(
	ctx: Context,
	person: Asking,
	opening: Opening
): Promise<Opened | TextRefused | Throttled | { refused: 'subject-unknown' | 'person-leaving' }> {
	const wait = problemOf(ctx, person, opening) ?? (await takeTurn(ctx, person.id));
	return wait ?? insert(ctx, person, opening, { channel: 'portal' });
}

/**
 * Writes down what the person asked by another way: the clock runs from its receipt, and they read which way it was.
 * `problems` and `subject-unknown` as for `open`; refuses `received-wrong` for a day that is to come or over a year ago.
 * The same mail twice is one request.
 */
export async function receive(
	ctx: Context,
	person: Asking,
	opening: Opening,
	arrival: Arrival
): Promise<Opened | TextRefused | { refused: 'subject-unknown' | 'person-leaving' | 'received-wrong' }> {
	const now = ctx.clock.now();
	const { receivedAt = now, mailKey } = arrival;
	if (receivedAt > now || receivedAt < after(now, -oldestDays, 'days')) return { refused: 'received-wrong' };
	const problem = problemOf(ctx, person, opening);
	if (problem) return problem;
	const known = mailKey && (await selectByMail(ctx, person.id, mailKey));
	return known ?? insert(ctx, person, opening, arrival);
}

function problemOf(
	ctx: Context,
	person: Asking,
	{ kind, subject, text = '' }: Opening
): TextRefused | { refused: 'subject-unknown' } | undefined {
	const problem = text.trim() === '' && !mustSay(kind) ? undefined : textProblem(text);
	if (problem) return { problems: { text: problem } };
	return subject && !subjectOf(ctx, person.role, subject) ? { refused: 'subject-unknown' } : undefined;
}

function rowOf(ctx: Context, person: Asking, opening: Opening, arrival: Arrival) {
	const { kind, subject, asks = [], appealOf } = opening;
	const now = ctx.clock.now();
	const { channel, receivedAt = now, toBeProved = false, mailKey, named } = arrival;
	const { dueAt, dueOn, rule } = dueFor(ctx, person, { kind, receivedAt, named });
	const row: RequestTable = {
		personId: person.id,
		id: ctx.ids.next(),
		kind,
		state: toBeProved ? 'waiting-for-proof' : 'open',
		subject: subject || null,
		rule,
		openedAt: instant(now),
		dueAt: instant(dueAt),
		closedAt: null,
		channel,
		receivedAt: instant(receivedAt),
		asks: allAsks.filter((ask) => asks.includes(ask)).join(' '),
		extendedAt: null,
		decision: null,
		ground: null,
		decidedAt: null,
		appealOf: appealOf ?? null,
		remindedAt: null,
		alarmedAt: null,
		mailKey: mailKey ?? null
	};
	return { row, dueOn };
}

async function insert(
	ctx: Context,
	person: Asking,
	opening: Opening,
	arrival: Arrival
): Promise<Opened | TextRefused | { refused: 'person-leaving' }> {
	const { row, dueOn } = rowOf(ctx, person, opening, arrival);
	const { id, kind, rule, channel } = row;
	const files = await attach.prepare(ctx, person.id, opening.files ?? []);
	if ('problems' in files) return files;
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		await insertRequest(ctx, row);
		if (opening.text?.trim() || files.length) {
			const message = await write(ctx, person.id, id, { author: 'person', text: opening.text ?? '' });
			await attach.store(ctx, person.id, { requestId: id, messageId: message.id }, files);
		}
		await audit.record(ctx, person.id, channel === 'portal' ? 'request-opened' : 'request-received', {
			kind,
			channel,
			request: id
		});
		if (!arrival.untold)
			await delivery.send(ctx, person.id, {
				template: arrival.toBeProved ? 'request-to-confirm' : 'request-opened',
				values: { dueOn },
				path: `/requests/${id}`
			});
		return { id, dueOn, rule };
	});
}
