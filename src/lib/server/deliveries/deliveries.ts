// Promise: a message of which nobody can tell whether it arrived is sent once more by somebody who may, with a reason its person reads.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { characterProblem } from '../organisation/field-value.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { log, may, type Member } from '../staff/staff.ts';

export const longestReason = 500;
const shown = 20;

export interface Standing {
	tally: delivery.log.Tally[];
	failed: delivery.log.Listed[];
	unconfirmed: delivery.log.Listed[];
}

/** How the outbox stands: counts, and the newest that did not arrive; no name, no address, no word of theirs. Refuses `not-permitted`. */
export async function standing(
	ctx: Context,
	member: Member
): Promise<Standing | { refused: 'not-permitted' }> {
	if (!may(member, 'deliveries')) return { refused: 'not-permitted' };
	const tally = await delivery.log.tally(ctx);
	const failed = await delivery.log.newest(ctx, 'failed', shown);
	return { tally, failed, unconfirmed: await delivery.log.newest(ctx, 'unconfirmed', shown) };
}

/**
 * Sends a message once more that may have arrived, under the same name, within a week. A stop of its person counts all the same:
 * it is asked again before it leaves. Refuses `not-permitted`, `reason-needed` for none or one that is no text, `message-unknown`
 * for one that is not open (any more).
 */
export async function sendAgain(
	ctx: Context,
	member: Member,
	{ id, reason }: { id: string; reason: string }
): Promise<{ offered: true } | { refused: 'not-permitted' | 'reason-needed' | 'message-unknown' }> {
	if (!may(member, 'deliveries')) return { refused: 'not-permitted' };
	const text = reason.trim();
	if (!text || text.length > longestReason || characterProblem(text, true))
		return { refused: 'reason-needed' };
	return transaction(ctx, async (ctx) => {
		const message = await delivery.log.unconfirmed(ctx, id);
		if (!message || !(await audit.holdPerson(ctx, message.personId)))
			return { refused: 'message-unknown' as const };
		const { personId, template, channel } = message;
		const isOffered = await delivery.log.offerAgain(ctx, personId, id, instant(ctx.clock.now()));
		if (!isOffered) return { refused: 'message-unknown' as const };
		await audit.record(ctx, personId, 'message-sent-again', { letter: template, channel, reason: text });
		await log(ctx, member.id, 'message-sent-again', personId);
		return { offered: true as const };
	});
}
