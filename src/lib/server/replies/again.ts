// Promise: whoever wants messages at an address that we left alone gets them, and an address that is really gone is left alone again.
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { transaction } from '../platform/database/transaction.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import * as preferences from '../preferences/preferences.ts';

/** Every message to an address that is gone costs every other one of the organisation some of its good name. */
const perPerson: Limit = { name: 'write-again', points: 3, seconds: 86_400 };

/** What a person ends by a click; a carrier's block ends where it was set, and what they wrote has to be read first. */
export const isLiftable = ({ channel, because }: preferences.Block): boolean =>
	because === 'bounced' || (because === 'complained' && channel === 'email');

/**
 * The person wants to be written to at their address by that way again, after messages had come back from it or had been called
 * spam. One goes there at once: if it comes back too, the address is blocked as before. What they turned off stays off. Where
 * nothing is blocked, nothing is done. Refuses `too-many-tries` (3 a day), and `person-leaving` once the erasure has begun.
 */
export async function writeAgain(
	ctx: Context,
	personId: string,
	channel: preferences.Block['channel']
): Promise<
	{ lifted: boolean } | { refused: 'person-leaving' } | { refused: 'too-many-tries'; waitSeconds: number }
> {
	const wait = await take(ctx, perPerson, ctx.keys.blindIndex('throttle', personId));
	if (wait) return { refused: 'too-many-tries', ...wait };
	return transaction(ctx, async (ctx) => {
		let lifted = false;
		for (const because of ['bounced', 'complained'] as const) {
			const outcome = await preferences.unblock(ctx, personId, channel, because);
			if ('refused' in outcome) return outcome;
			lifted ||= outcome.changed;
		}
		if (lifted) await delivery.send(ctx, personId, { template: 'writing-again', channel });
		return { lifted };
	});
}
