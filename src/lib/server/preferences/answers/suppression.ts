// Promise: an address whose owner had everything destroyed is not advertised to, whoever has it next, until they ask for it (DESIGN §3.10).
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';

const kinds = { email: 'email', sms: 'phone' } as const;

/** Whether the person's address by that way is among the keyed hashes that tombstones keep for refusing. */
export async function isSuppressed(ctx: Context, personId: string, channel: string): Promise<boolean> {
	if (channel !== 'email' && channel !== 'sms') return false;
	const address = await delivery.addressOf(ctx, personId, channel);
	return address !== undefined && ctx.keys.refuses(kinds[channel], address.to);
}
