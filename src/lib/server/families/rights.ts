// Promise: nobody sees or decides anything of a child but whom the organisation named for it, as long as it is a child.
import { find, isBelowConsent, isBelowMajority, type Person } from '../accounts/people.ts';
import { guardianship } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { isSchool } from '../organisation/lookup.ts';
import type { FamilyConsentTable } from '../schema.ts';

/** A child as somebody who may act for it sees it. */
export interface Ward {
	child: Person;
	/** A school obtains and keeps consents; a guardian decides everything. */
	capacity: 'guardian' | 'school';
	since: string;
	/** The child is old enough to decide alone, and nobody consents for it any more. */
	decidesAlone: boolean;
}

const wardFrom = (ctx: Context, person: Pick<Person, 'role'>, child: Person, since: string): Ward => ({
	child,
	since,
	capacity: isSchool(ctx.organisation, person.role, child.role) ? 'school' : 'guardian',
	decidesAlone: !isBelowConsent(ctx, child)
});

const isThere = (ctx: Context, child: Person | undefined): child is Person =>
	child !== undefined && child.state !== 'erasing' && isBelowMajority(ctx, child);

/** Everybody for whom the person may act, by id; `after` is the last one seen. */
export async function wards(
	ctx: Context,
	person: Pick<Person, 'id' | 'role'>,
	after = '',
	limit = 100
): Promise<Ward[]> {
	const found: Ward[] = [];
	for (const { personId, since } of await guardianship.wardsOf(ctx, person.id, after, limit)) {
		const child = await find(ctx, personId);
		if (isThere(ctx, child)) found.push(wardFrom(ctx, person, child, since));
	}
	return found;
}

/** The child, if the person may act for it; undefined alike for a stranger's, nobody's, and one that is grown up. */
export async function wardOf(
	ctx: Context,
	person: Pick<Person, 'id' | 'role'>,
	childId: string
): Promise<Ward | undefined> {
	const guardian = (await guardianship.guardiansOf(ctx, childId)).find((one) => one.person.id === person.id);
	if (!guardian) return undefined;
	const child = await find(ctx, childId);
	return isThere(ctx, child) ? wardFrom(ctx, person, child, guardian.since) : undefined;
}

/** In which capacity others may act for the person, without saying who they are. */
export async function actingFor(ctx: Context, person: Person): Promise<Pick<Ward, 'capacity' | 'since'>[]> {
	if (!isBelowMajority(ctx, person)) return [];
	const guardians = await guardianship.guardiansOf(ctx, person.id);
	return guardians.map(({ person: { role }, since }) => wardFrom(ctx, { role }, person, since));
}

/** Whether a decision about the child is shown to who acts for it: to a guardian every one, to a school what it brought itself. */
export const isShown = (
	{ capacity }: Pick<Ward, 'capacity'>,
	person: Pick<Person, 'id'>,
	{ giver, giverId }: Pick<FamilyConsentTable, 'giver' | 'giverId'>
): boolean => capacity === 'guardian' || (giver === 'school' && giverId === person.id);
