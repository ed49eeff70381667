// What the description says of a category: why, from where, where it lies, how long, who can get it.
import {
	fieldsGiven,
	fieldsOf,
	originOf,
	partnerOf,
	purposeOf,
	recipientsOf,
	retentionOf,
	storageOf
} from '$lib/server/organisation/lookup';
import type { Category, Organisation } from '$lib/server/organisation/organisation';

const isThere = <Value>(value: Value | undefined): value is Value => value !== undefined;

export function factsOf(organisation: Organisation, category: Category, role: string) {
	const all = fieldsOf(category, role).length;
	return {
		purposes: category.purposes.map((id) => purposeOf(organisation, id)).filter(isThere),
		origins: category.origins.map((id) => originOf(organisation, id)).filter(isThere),
		storage: storageOf(organisation, category.storage),
		retention: retentionOf(organisation, category.retention),
		recipients: recipientsOf(organisation, category, role).map((partner) => {
			const fields = fieldsGiven(partner, category, role);
			return { partner, fields: fields.length === all ? undefined : fields };
		}),
		elsewhere: category.heldElsewhere && {
			what: category.heldElsewhere.what,
			partner: partnerOf(organisation, category.heldElsewhere.partner)
		}
	};
}

export type Facts = ReturnType<typeof factsOf>;
