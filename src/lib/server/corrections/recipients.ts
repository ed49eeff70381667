// Promise: whoever got a contested field hears that it is contested and what came of it; a new value goes through the gate.
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import { partnerOf } from '../organisation/lookup.ts';
import { aboutOf } from './corrections.ts';
import type { CorrectionRow } from './queries.ts';

interface Owner {
	id: string;
	externalId: string;
}
type Matter = Pick<CorrectionRow, 'id' | 'field' | 'record'>;

const told = ({ externalId }: Owner, { field, record }: Matter) => ({
	externalId,
	field,
	...(record === null ? {} : { record })
});

/** Tells every past recipient the same, without a value: that the field is contested, erased, or stands as it was. */
export async function tellAll(
	ctx: Context,
	person: Owner,
	matter: Matter,
	{ type, decision }: { type: 'correction.opened' | 'correction.decided'; decision?: string }
): Promise<void> {
	const data = { ...told(person, matter), ...(decision && { decision }) };
	for (const partner of await disclosures.recipientsOf(ctx, person.id, matter.field))
		await delivery.tellPartner(ctx, person.id, { partner, type, data, about: aboutOf(matter.id) });
}

/**
 * Tells every past recipient what is right now. The new value is a disclosure like any other: where the gate refuses it (the
 * person took their consent back, or objected), the partner hears only that what it has is wrong.
 */
export async function tellNewValue(
	ctx: Context,
	person: Owner,
	matter: Matter,
	value: unknown
): Promise<void> {
	for (const partner of await disclosures.recipientsOf(ctx, person.id, matter.field)) {
		const purpose = partnerOf(ctx.organisation, partner)?.purpose ?? '';
		const asked = { partner, purpose, fields: [matter.field], key: `correction ${matter.id}` };
		const [outcome] = await disclosures.release(ctx, person.id, [asked]);
		const isReleased =
			outcome !== undefined && !('refused' in outcome && typeof outcome.refused === 'string');
		await delivery.tellPartner(ctx, person.id, {
			partner,
			type: 'correction.decided',
			data: { ...told(person, matter), decision: 'accepted', ...(isReleased && { value }) },
			about: aboutOf(matter.id)
		});
	}
}
