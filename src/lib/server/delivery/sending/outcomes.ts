// What becomes of a message that was not sent: put off, tried again, withheld, given up, or left to staff to decide.
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import { nextDoubled } from '../../platform/work/schedule.ts';
import { aboutSafety, type Letter } from '../letters.ts';
import { Rejected } from '../transports/transport.ts';
import { end, update, type Claimed } from './queries.ts';

/** From a quarter of a minute to four hours: some eighteen tries before it is given up. */
const steps = { firstSeconds: 15, mostSeconds: 4 * 3_600 };
const givenUpAfterMinutes = 36 * 60;
/** How long the words of a message stay of which nobody can tell whether it arrived: so long it can be sent again. */
const unconfirmedDays = 7;

/** A template named so says something that runs out after `count` minutes (letters.ts). */
export const isCode = ({ template }: Pick<Claimed, 'template'>): boolean => template.endsWith('-code');

/** A code, or a notice about the safety of an account: neither waits for any other message, nor for the next minute. */
export const isUrgent = ({ template }: Pick<Claimed, 'template'>): boolean =>
	template.endsWith('-code') || aboutSafety.some((one) => one === template);

/** Until `at`, and a second at least; that it waits does not count as a try. */
export async function putOff(ctx: Context, claimed: Claimed, at: string): Promise<undefined> {
	const soon = instant(after(ctx.clock.now(), 1, 'seconds'));
	const { attempts } = claimed;
	await update(ctx, claimed, { state: 'waiting', attempts, nextAttemptAt: at > soon ? at : soon });
}

/** The person stopped it before it left. */
export async function withhold(ctx: Context, claimed: Claimed): Promise<undefined> {
	await end(ctx, claimed, 'withheld');
	ctx.log.info({ id: claimed.id, template: claimed.template }, 'a message was stopped before it left');
}

/**
 * The other side had all of it, and nobody heard its answer. It is not sent again by itself, whatever it is about: it may have
 * arrived. Its words stay for a week, so that a member of staff can send it once more.
 */
export async function leaveUnconfirmed(ctx: Context, claimed: Claimed): Promise<undefined> {
	const nextAttemptAt = instant(after(ctx.clock.now(), unconfirmedDays, 'days'));
	await update(ctx, claimed, { state: 'unconfirmed', nextAttemptAt });
	ctx.log.error(
		{ id: claimed.id, template: claimed.template },
		'nobody can tell whether a message arrived; staff decides at /staff/deliveries'
	);
}

/** Nobody sent it again in time: its words go, and that it stayed open is all that is known. */
const forget = (ctx: Context, claimed: Claimed) => end(ctx, claimed, 'unconfirmed');

/**
 * Messages whose way has ended while nobody looked are taken out: those that a process which died had handed over, unless the
 * other side knows them again, and those that nobody sent again. Answers the others.
 */
export async function withoutEnded(
	ctx: Context,
	claimed: readonly Claimed[],
	isRepeatable: boolean
): Promise<Claimed[]> {
	const left: Claimed[] = [];
	for (const message of claimed) {
		const wasHandedOver = message.state === 'sending' && message.handedAt !== null;
		if (message.state === 'unconfirmed') await forget(ctx, message);
		else if (wasHandedOver && !isRepeatable) await leaveUnconfirmed(ctx, message);
		else left.push(message);
	}
	return left;
}

/** A code that has run out helps nobody; anything else is tried for a day and a half. */
function lastInstant({ createdAt, ...claimed }: Claimed, letter: Letter): string {
	const minutes = isCode(claimed) ? Number(letter.values.count ?? 10) : givenUpAfterMinutes;
	return instant(after(new Date(createdAt), minutes, 'minutes'));
}

/** Nobody can read what it says, now or ever. */
export async function giveUp(ctx: Context, claimed: Claimed, err: unknown): Promise<void> {
	await end(ctx, claimed, 'failed');
	ctx.log.error(
		{ err, id: claimed.id, template: claimed.template },
		'a message cannot be read and was given up'
	);
}

/** It was not sent, and that is certain: it is tried again later and later, or given up. */
export async function notSent(
	ctx: Context,
	claimed: Claimed,
	{ error, letter }: { error: unknown; letter: Letter }
): Promise<void> {
	const { id, template, attempts } = claimed;
	const nextAttemptAt = nextDoubled(ctx.clock, attempts, steps);
	const isFinal = error instanceof Rejected || nextAttemptAt > lastInstant(claimed, letter);
	const { code } = error as { code?: unknown };
	const said = { id, template, tries: attempts, code: typeof code === 'string' ? code : undefined };
	if (isFinal) {
		await end(ctx, claimed, 'failed');
		ctx.log.error(said, 'a message was given up');
		return;
	}
	await update(ctx, claimed, { state: 'waiting', attempts, handedAt: null, nextAttemptAt });
	ctx.log.warn(said, 'a message could not be delivered yet');
}
