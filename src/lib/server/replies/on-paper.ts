// Promise: a stop counts from the day on which it was said, also when somebody said it on the phone, and its person is told.
import { find as findPerson } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import type { ValueProblem } from '../organisation/field-value.ts';
import type { Channel } from '../organisation/organisation.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as preferences from '../preferences/preferences.ts';
import { may, type Member } from '../staff/staff.ts';
import { reasonProblem } from './handling.ts';

/** Nobody finds a note that is older: then it is a matter for a request. */
const longestAgoDays = 366;

export interface SaidElsewhere {
	personId: string;
	/** By which way nothing more is to come that can be refused. */
	channel: Channel;
	/** When it was said or arrived. */
	receivedAt: Date;
	/** How it came, in the member's words; the person reads it. */
	reason: string;
}

/**
 * Writes down a stop that came by phone, letter or at a counter: everything that can be refused by that way is off, and the
 * person is told, so that a mistake can be undone. `problems` for `reason` and `received`; refuses `not-permitted`,
 * `channel-unknown` and `person-leaving`.
 */
export async function recordStop(
	ctx: Context,
	member: Member,
	{ personId, channel, receivedAt, reason }: SaidElsewhere
): Promise<
	| { changed: number }
	| { problems: Partial<Record<'reason' | 'received', ValueProblem>> }
	| { refused: 'not-permitted' | 'channel-unknown' | 'person-leaving' }
> {
	if (!may(member, 'requests')) return { refused: 'not-permitted' };
	const problem = reasonProblem(reason);
	const now = ctx.clock.now();
	if (problem) return { problems: { reason: problem } };
	if (receivedAt > now || receivedAt < after(now, -longestAgoDays, 'days'))
		return { problems: { received: { code: 'received-wrong' } } };
	const described = ctx.organisation.channels.find(({ id }) => id === channel);
	if (!described) return { refused: 'channel-unknown' };
	const outcome = await transaction(ctx, async (ctx) => {
		const isHere = await audit.holdPerson(ctx, personId);
		const person = isHere ? await findPerson(ctx, personId) : undefined;
		if (!person) return { refused: 'person-leaving' as const };
		const written = await preferences.stopChannel(ctx, person, channel, 'staff', { at: receivedAt });
		if ('refused' in written) return written;
		await audit.record(ctx, personId, 'stop-recorded', { channel, receivedAt: instant(receivedAt), reason });
		const way = described.label[person.language] ?? channel;
		await delivery.send(ctx, personId, { template: 'stop-recorded', values: { way } });
		return { changed: written.changed };
	});
	if ('changed' in outcome) await delivery.settled(ctx, personId);
	return outcome;
}
