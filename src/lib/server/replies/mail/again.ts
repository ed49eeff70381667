// Promise: whoever wants mail at an address that we left alone gets it, and an address that is really gone is left alone again.
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { take, type Limit } from '../../platform/throttle/throttle.ts';
import * as preferences from '../../preferences/preferences.ts';

/** Every mail to an address that is gone costs every other mail of the organisation some of its good name. */
const perPerson: Limit = { name: 'write-again', points: 3, seconds: 86_400 };

/**
 * The person wants to be written to at their email again, after mail had come back from it or had been called spam. A message goes
 * there at once: if it comes back too, the address is blocked as before. What they turned off stays off. Where nothing is
 * blocked, nothing is done. Refuses `too-many-tries` (3 a day), and `person-leaving` once the erasure has begun.
 */
export async function writeAgain(
	ctx: Context,
	personId: string
): Promise<
	{ lifted: boolean } | { refused: 'person-leaving' } | { refused: 'too-many-tries'; waitSeconds: number }
> {
	const wait = await take(ctx, perPerson, ctx.keys.blindIndex('throttle', personId));
	if (wait) return { refused: 'too-many-tries', ...wait };
	return transaction(ctx, async (ctx) => {
		let lifted = false;
		for (const because of ['bounced', 'complained'] as const) {
			const outcome = await preferences.unblock(ctx, personId, 'email', because);
			if ('refused' in outcome) return outcome;
			lifted ||= outcome.changed;
		}
		if (lifted) await delivery.send(ctx, personId, { template: 'writing-again', channel: 'email' });
		return { lifted };
	});
}
