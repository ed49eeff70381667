// Promise: who may receive which fields, what for and on what ground is read from the description alone, the same for everybody.
import { createHash } from 'node:crypto';
import { fieldsGiven, partnersOf } from '../organisation/lookup.ts';
import type { Category, Field, Organisation, Partner, Purpose } from '../organisation/organisation.ts';

export interface Recipient {
	partner: Partner;
	/** What it may get, by category, in the description's order. */
	given: readonly { category: Category; fields: readonly Field[] }[];
	/** The same as sorted codes `category.field`. */
	fields: readonly string[];
	/** Fingerprint of `fields` and the purpose: whoever agreed, agreed to these and no others. */
	version: string;
}

export interface PurposeGroup {
	purpose: Purpose;
	recipients: readonly Recipient[];
}

const kept = new WeakMap<Organisation, Map<string, readonly PurposeGroup[]>>();

/** A short fingerprint of a list of fields; their order does not count. */
export const fieldListVersion = (fields: readonly string[]): string =>
	createHash('sha256')
		.update([...fields].sort().join('\n'))
		.digest('hex')
		.slice(0, 12);

/**
 * Everybody who may receive something about a person of the role, by purpose; without a role everybody who may receive
 * something about anybody (GDPR Art. 13(1)(e), 15(1)(c)). Purposes to which nobody receives anything are left out.
 */
export function directory(organisation: Organisation, role?: string): readonly PurposeGroup[] {
	const byRole = kept.get(organisation) ?? new Map<string, readonly PurposeGroup[]>();
	kept.set(organisation, byRole);
	const name = role ?? '';
	const groups = byRole.get(name) ?? groupsOf(organisation, role);
	byRole.set(name, groups);
	return groups;
}

/** One of them; undefined for a partner that receives nothing about such a person. */
export const recipientOf = (
	organisation: Organisation,
	partnerId: string,
	role?: string
): Recipient | undefined =>
	directory(organisation, role)
		.flatMap(({ recipients }) => recipients)
		.find(({ partner }) => partner.id === partnerId);

function groupsOf(organisation: Organisation, role: string | undefined): PurposeGroup[] {
	const partners = role === undefined ? organisation.partners : partnersOf(organisation, role);
	return organisation.purposes
		.map((purpose) => ({
			purpose,
			recipients: partners
				.filter((partner) => partner.purpose === purpose.id)
				.map((partner) => recipient(organisation, partner, role))
		}))
		.filter(({ recipients }) => recipients.length > 0);
}

function recipient({ categories }: Organisation, partner: Partner, role: string | undefined): Recipient {
	const given = categories
		.map((category) => ({
			category,
			fields: role === undefined ? fieldsNamed(partner, category) : fieldsGiven(partner, category, role)
		}))
		.filter(({ fields }) => fields.length > 0);
	const fields = given
		.flatMap(({ category, fields }) => fields.map(({ id }) => `${category.id}.${id}`))
		.sort();
	return { partner, given, fields, version: fieldListVersion([...fields, partner.purpose]) };
}

/** Whatever the role: as the partner's list names them. */
const fieldsNamed = (partner: Partner, category: Category): readonly Field[] =>
	category.fields.filter(({ id }) =>
		partner.fields.some((entry) => entry.category === category.id && (entry.field ?? id) === id)
	);
