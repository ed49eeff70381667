// Promise: an address that the other side refuses is not written to again, and its person sees since when, and why.
import { find, lookUp } from '../accounts/accounts.ts';
import { normalise } from '../accounts/identifiers.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as preferences from '../preferences/preferences.ts';
import type { AddressBlockTable } from '../schema.ts';

const kinds = { email: 'email', sms: 'phone' } as const;

export interface RefusedAddress {
	channel: AddressBlockTable['channel'];
	to: string;
	/** `carrier`: its owner told the carrier to stop; `bounced`: it does not exist or takes no messages. */
	because: 'carrier' | 'bounced';
	/** When the carrier was told so. */
	at?: Date | undefined;
}

/**
 * Nothing goes to this address any more. What its owner told the carrier counts as a stop, also for whoever gets an address that
 * belongs to nobody here; of an email address it is a stop and no more. The same again changes nothing. Refuses `address-invalid`, and `person-leaving` once their erasure has
 * begun.
 */
export async function addressRefused(
	ctx: Context,
	{ channel, to, because, at }: RefusedAddress
): Promise<{ changed: boolean } | { refused: 'address-invalid' | 'person-leaving' }> {
	const address = normalise(kinds[channel], to, ctx.organisation.organisation.country);
	if (!address) return { refused: 'address-invalid' };
	const found = await lookUp(ctx, address);
	const person = found && (await find(ctx, found.personId));
	if (!person) {
		if (because !== 'carrier') return { changed: false };
		return preferences.stopStranger(ctx, channel, address, at && { at });
	}
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		// On a list of stops an email address is none that takes nothing: nobody could end such a block by START.
		const isDead = channel === 'sms' || because === 'bounced';
		const blocked = isDead && (await preferences.block(ctx, person.id, channel, because));
		const stopped =
			because === 'carrier'
				? await preferences.stopChannel(ctx, person, channel, 'carrier', at && { at })
				: undefined;
		const isNew = blocked && 'changed' in blocked && blocked.changed;
		return {
			changed: isNew || (stopped !== undefined && 'changeSet' in stopped && stopped.changeSet !== null)
		};
	});
}
