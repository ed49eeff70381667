// Promise: a message begins to leave in a transaction that comes wholly before a stop of its person, or wholly after it.
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import { gathered } from '../../platform/database/gathered.ts';
import { transaction } from '../../platform/database/transaction.ts';
import type { Letter } from '../letters.ts';
import type { Written } from '../writing.ts';
import { isCode, isUrgent, putOff, withhold } from './outcomes.ts';
import { markSending, selectEarlier, type Claimed } from './queries.ts';

/** Whether a message may leave at this very moment: `preferences.mayStillGo`. `topic` is null where it cannot be refused. */
export type MayStillGo = (
	ctx: Context,
	personId: string,
	channel: string,
	topic: string | null,
	going: { to?: string; isCode?: boolean }
) => Promise<boolean>;

/** The same for many about topics, in their order; what may leave, but not at this hour, is told when. */
export type MayAllStillGo = (
	ctx: Context,
	messages: readonly { personId: string; channel: string; topic: string }[]
) => Promise<(boolean | { notBefore: string })[]>;

/** One after the other, where nobody can be asked about many at once. */
export const oneByOne =
	(mayStillGo: MayStillGo): MayAllStillGo =>
	async (ctx, messages) => {
		const answers: boolean[] = [];
		for (const { personId, channel, topic } of messages)
			answers.push(await mayStillGo(ctx, personId, channel, topic, {}));
		return answers;
	};

/** What beginning asks of others. */
export interface Beginner {
	ctx: Context;
	mayStillGo: MayStillGo;
	mayAllStillGo: MayAllStillGo;
}

/** A message that is ready to leave. */
export interface Ready {
	message: Claimed;
	letter: Letter;
	written: Written;
}

const leaseMinutes = 5;
export const leaseFrom = (now: Date): string => instant(after(now, leaseMinutes, 'minutes'));

type Asked = Beginner & Ready;

/** The people are held, so that a stop of theirs comes before this or after it, and is never half seen. */
async function answersAbout(
	ctx: Context,
	asked: readonly Asked[]
): Promise<Map<Asked, boolean | { notBefore: string }>> {
	const topics = asked.flatMap((one) => {
		const { personId, channel, topic } = one.message;
		return topic === null ? [] : [{ one, personId, channel, topic }];
	});
	if (!topics.length) return new Map();
	const held = await audit.holdPeople(ctx, [...new Set(topics.map(({ personId }) => personId))]);
	const answers = await (topics[0] as { one: Asked }).one.mayAllStillGo(ctx, topics);
	return new Map(
		topics.map(({ one, personId }, index) => [one, held.has(personId) && (answers[index] ?? false)])
	);
}

async function beginOne(
	ctx: Context,
	{ message, letter, written, mayStillGo }: Asked,
	answer: boolean | { notBefore: string } | undefined
): Promise<Ready | undefined> {
	const { personId, channel } = message;
	const now = ctx.clock.now();
	const isOver = letter.until !== undefined && letter.until <= instant(now);
	const going = { to: letter.to, isCode: isCode(message) };
	const earlier = isUrgent(message) ? undefined : await selectEarlier(ctx, message, instant(now));
	if (earlier) return putOff(ctx, message, earlier);
	// Its tries in vain are forgotten: what waits for the morning holds up nothing that may leave at night.
	if (typeof answer === 'object' && !isOver)
		return putOff(ctx, { ...message, attempts: 0 }, answer.notBefore);
	const mayLeave = isOver ? false : (answer ?? (await mayStillGo(ctx, personId, channel, null, going)));
	if (!mayLeave) return withhold(ctx, message);
	const attempts = message.attempts + 1;
	const leasedUntil = leaseFrom(now);
	const isOurs = await markSending(ctx, message, { attempts, until: leasedUntil });
	return isOurs ? { message: { ...message, attempts, leasedUntil }, letter, written } : undefined;
}

const beginTogether = gathered((ctx: Context, asked: readonly Asked[]) =>
	transaction(ctx, async (ctx) => {
		const answers = await answersAbout(ctx, asked);
		const begun: (Ready | undefined)[] = [];
		for (const one of asked) begun.push(await beginOne(ctx, one, answers.get(one)));
		return begun;
	})
);

/** From `waiting` to `sending`; undefined when it is not its turn, must not leave, or somebody else has it. */
export const begin = (
	{ ctx, mayStillGo, mayAllStillGo }: Beginner,
	ready: Ready
): Promise<Ready | undefined> => beginTogether(ctx, { ctx, mayStillGo, mayAllStillGo, ...ready });
