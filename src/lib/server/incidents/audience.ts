// Promise: whom an incident concerns is found by what the portal holds, and a drill never reaches anybody real.
import { findByExternalId } from '../accounts/people.ts';
import type { Context } from '../context.ts';
import { categoryOf, partnerOf, roleOf } from '../organisation/lookup.ts';
import { selectAffected } from './queries.ts';

/** Everything named must be true of a person; nothing named is everybody. */
export interface Query {
	roles?: readonly string[] | undefined;
	countries?: readonly string[] | undefined;
	/** A partner that received something about them. */
	receivedBy?: string | undefined;
	/** A category of which something is held. */
	holds?: string | undefined;
}

/** As it is kept: of a list only how long it was. */
export type Audience = { everybody: true } | { listed: number } | Query;

/** As it is given. */
export type Affected = { everybody: true } | { people: readonly string[] } | Query;

export type AudienceRefusal = 'role-unknown' | 'partner-unknown' | 'category-unknown' | 'nobody-named';

export function audienceRefusal({ organisation }: Context, affected: Affected): AudienceRefusal | undefined {
	if ('everybody' in affected) return undefined;
	if ('people' in affected) return affected.people.length ? undefined : 'nobody-named';
	const { roles, countries, receivedBy, holds } = affected;
	if (!roles?.length && !countries?.length && !receivedBy && !holds) return 'nobody-named';
	if (roles?.some((role) => !roleOf(organisation, role))) return 'role-unknown';
	if (receivedBy && !partnerOf(organisation, receivedBy)) return 'partner-unknown';
	return holds && !categoryOf(organisation, holds) ? 'category-unknown' : undefined;
}

/** People on a list by the organisation's own ids, and those whom nobody knows. */
export async function listed(
	ctx: Context,
	externalIds: readonly string[]
): Promise<{ found: string[]; unknown: string[] }> {
	const [found, unknown]: [string[], string[]] = [[], []];
	for (const externalId of new Set(externalIds)) {
		const person = await findByExternalId(ctx, externalId);
		if (person) found.push(person.id);
		else unknown.push(externalId);
	}
	return { found, unknown };
}

/** Accounts of staff that the description names for practising. */
async function drillPeople(ctx: Context): Promise<ReadonlySet<string>> {
	return new Set((await listed(ctx, ctx.organisation.incidents?.drillPeople ?? [])).found);
}

/** Those of these people who may be told: in a drill only invented people and accounts for practising. */
export async function mayBeTold(
	ctx: Context,
	isDrill: boolean,
	personIds: readonly string[]
): Promise<string[]> {
	if (!isDrill || ctx.settings.demonstration) return [...personIds];
	const practising = await drillPeople(ctx);
	return personIds.filter((id) => practising.has(id));
}

/** A page of the people whom an audience names, after the last one. */
export async function affectedAfter(
	ctx: Context,
	audience: Audience,
	{ isDrill, after, limit }: { isDrill: boolean; after: string | null; limit: number }
): Promise<{ found: string[]; last: string | null }> {
	if ('listed' in audience) return { found: [], last: null };
	const query: Query = 'everybody' in audience ? {} : audience;
	const category = query.holds ? categoryOf(ctx.organisation, query.holds) : undefined;
	const found = await selectAffected(ctx, { ...query, category }, { after, limit });
	const last = found.length < limit ? null : (found.at(-1) ?? null);
	return { found: await mayBeTold(ctx, isDrill, found), last };
}
