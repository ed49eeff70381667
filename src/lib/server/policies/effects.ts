// Promise: what a change means is told from the person's own data: which of it is collected, received or used anew, and why.
import type { Person } from '../accounts/people.ts';
import { stateOf, type Standing } from '../consents/consents.ts';
import type { Context } from '../context.ts';
import { categoryOf, fieldsOf, partnerOf, partnersOf } from '../organisation/lookup.ts';
import type { Policy } from '../organisation/organisation.ts';
import { countHeld } from '../personal-data-contract.ts';
import { held as heldFields } from '../profile/profile.ts';

type Reader = Pick<Person, 'id' | 'role'>;

/** Codes are `category.field`. */
export type Effect =
	/** Collected anew, and there is something of it. */
	| { kind: 'collected'; category: string; fields: string[]; entries: number }
	/** Goes to a partner from now on; `consent` where that hangs on the person's word. */
	| { kind: 'received'; partner: string; codes: string[]; consent: Standing | undefined }
	/** A purpose that what is held of these categories may serve from now on. */
	| { kind: 'purpose'; purpose: string; categories: string[] };

interface Holding {
	/** Entries by category. */
	entries: ReadonlyMap<string, number>;
	holds(category: string, field: string): boolean;
}

async function holdingOf(ctx: Context, person: Reader): Promise<Holding> {
	const entries = new Map(
		(await countHeld(ctx, person.id)).map(({ category, records }) => [category, records])
	);
	const fields = await heldFields(ctx, person);
	const holds = (id: string, field: string) => {
		const category = categoryOf(ctx.organisation, id);
		if (!category || !fieldsOf(category, person.role).some((described) => described.id === field))
			return false;
		return category.kind === 'profile' ? fields.has(field) : (entries.get(id) ?? 0) > 0;
	};
	return { entries, holds };
}

type Introduces = NonNullable<Policy['introduces']>;

function collected(ctx: Context, { fields }: Introduces, { entries, holds }: Holding): Effect[] {
	return Object.entries(fields).flatMap(([category, ids]) => {
		const found = ids.filter((field) => holds(category, field));
		const isProfile = categoryOf(ctx.organisation, category)?.kind === 'profile';
		const count = isProfile ? found.length : (entries.get(category) ?? 0);
		return found.length ? { kind: 'collected' as const, category, fields: found, entries: count } : [];
	});
}

async function received(
	ctx: Context,
	person: Reader,
	{ partners }: Introduces,
	{ holds }: Holding
): Promise<Effect[]> {
	const consents = await stateOf(ctx, person);
	const receiving = new Set(partnersOf(ctx.organisation, person.role).map(({ id }) => id));
	return Object.entries(partners).flatMap(([partner, flows]) => {
		const codes = flows.filter((code) => holds(...(code.split('.') as [string, string])));
		if (!receiving.has(partner) || !codes.length) return [];
		const asks = partnerOf(ctx.organisation, partner)?.consent === true;
		const consent = asks ? (consents.get(partner) ?? { state: 'never' as const, missing: [] }) : undefined;
		return { kind: 'received' as const, partner, codes, consent };
	});
}

function used(ctx: Context, { purposes }: Introduces, { entries }: Holding): Effect[] {
	return purposes.flatMap((purpose) => {
		const serving = ctx.organisation.categories.filter((category) => category.purposes.includes(purpose));
		const categories = serving.map(({ id }) => id).filter((id) => (entries.get(id) ?? 0) > 0);
		return categories.length ? { kind: 'purpose' as const, purpose, categories } : [];
	});
}

/**
 * What a person's own data has to do with what these versions introduced. Empty where nothing new touches anything that
 * is held about them.
 */
export async function effects(
	ctx: Context,
	person: Reader,
	versions: readonly Pick<Policy, 'introduces'>[]
): Promise<Effect[]> {
	const brought = versions.flatMap(({ introduces }) => introduces ?? []);
	if (!brought.length) return [];
	const holding = await holdingOf(ctx, person);
	const found: Effect[] = [];
	for (const introduces of brought)
		found.push(
			...collected(ctx, introduces, holding),
			...(await received(ctx, person, introduces, holding)),
			...used(ctx, introduces, holding)
		);
	return found;
}
