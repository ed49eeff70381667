// Promise: whoever got a field hears when it is wrong or another (GDPR Art. 19); a new value goes through the gate like any.
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { partnerOf } from '../organisation/lookup.ts';
import { release } from './disclosures.ts';
import { recipientsOf } from './reading.ts';

export interface Telling {
	/** `category.field` */
	field: string;
	type: 'correction.opened' | 'correction.decided' | 'profile.changed';
	/** The matter under which `delivery.toldPartners` answers. */
	about: string;
	data: Record<string, unknown>;
	/** What stands there now; left out where nothing new is to go. */
	value?: unknown;
}

/** Whether the gate lets the new value go to a partner that can be called; it is in the ledger then. */
async function isReleased(
	ctx: Context,
	personId: string,
	partnerId: string,
	{ field, about }: Telling
): Promise<boolean> {
	const partner = partnerOf(ctx.organisation, partnerId);
	if (!partner?.webhook) return false;
	const asked = {
		partner: partner.id,
		purpose: partner.purpose,
		fields: [field],
		key: `${about}/${ctx.ids.next()}`,
		reference: about
	};
	const [outcome] = await release(ctx, personId, [asked]);
	return outcome !== undefined && 'released' in outcome;
}

/**
 * Tells every partner that ever got the field, in the caller's transaction. Where the gate refuses the new value (the person
 * took their consent back, or objected), the partner hears that what it has is wrong, and nothing more.
 */
export async function tellRecipients(ctx: Context, personId: string, telling: Telling): Promise<void> {
	const { field, type, about, data, value } = telling;
	await delivery.withholdValues(ctx, personId, { field });
	for (const partner of await recipientsOf(ctx, personId, field)) {
		const goes = value !== undefined && (await isReleased(ctx, personId, partner, telling));
		await delivery.tellPartner(ctx, personId, {
			partner,
			type,
			about,
			data: { ...data, field, ...(goes && { value }) }
		});
	}
}
