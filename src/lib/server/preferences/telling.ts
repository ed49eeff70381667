// Promise: whoever sends for the organisation hears of every stop with it, and asks what holds before the next message.
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';

/**
 * Tells partners that send by one of these ways, and the organisation's own systems that asked for it, in the caller's transaction:
 * who, by the organisation's own id, and by which way. What holds they ask (`may-contact`, or the stream of changes), so that no
 * late call undoes a newer answer.
 */
export async function tellSenders(
	ctx: Context,
	personId: string,
	about: string,
	ways: Iterable<string>
): Promise<void> {
	for (const channel of new Set(ways)) {
		await delivery.tellListeners(ctx, personId, 'preference.changed', { channel });
		for (const { id: partner, carries } of ctx.organisation.partners) {
			if (!carries?.includes(channel)) continue;
			const data = { externalId: await delivery.externalIdOf(ctx, personId), channel };
			await delivery.tellPartner(ctx, personId, { partner, type: 'preference.changed', data, about });
		}
	}
}
