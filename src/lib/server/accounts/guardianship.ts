// Promise: who may act for a child is what the organisation said last, and ends on the day on which the child is grown up.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as contactChanges from '../contact-changes/contact-changes.ts';
import { instant, localDay, startOfDay, after, dayOf } from '../platform/clock.ts';
import { find, type Person } from './people.ts';
import {
	deleteGuardian,
	deleteMinor,
	insertMinor,
	selectGuardians,
	selectMinor,
	selectWards,
	updateInState,
	updateMinor
} from './queries.ts';

/** The ids of a guardian's or school's wards, and since when; `after` is the last one seen. */
export const wardsOf = (ctx: Context, guardianId: string, after = '', limit = 200) =>
	selectWards(ctx, guardianId, after, limit);

export interface Guardian {
	person: Person;
	since: string;
}

/** Who may act for the person; somebody who left is not among them. */
export async function guardiansOf(ctx: Context, personId: string): Promise<Guardian[]> {
	const found: Guardian[] = [];
	for (const { guardianId, since } of await selectGuardians(ctx, personId)) {
		const person = await find(ctx, guardianId);
		if (person && person.state !== 'erasing') found.push({ person, since });
	}
	return found;
}

/** Ends the rights of everybody who could act for the person, in the caller's transaction; answers whose. */
export async function endGuardianship(ctx: Context, personId: string): Promise<string[]> {
	const ended = (await selectGuardians(ctx, personId)).map(({ guardianId }) => guardianId);
	for (const guardianId of ended) await deleteGuardian(ctx, personId, guardianId);
	return ended;
}

/** Changes a state, and with it what may be sent; false where `from` is not the person's. */
async function move(
	ctx: Context,
	personId: string,
	from: Person['state'],
	to: Person['state']
): Promise<boolean> {
	const moved = await updateInState(ctx, personId, from, { state: to });
	if (moved) await contactChanges.note(ctx, personId);
	return moved;
}

/** Somebody has agreed: a child that waited may use the service. False for one that does not wait. */
export const letUse = (ctx: Context, personId: string): Promise<boolean> =>
	move(ctx, personId, 'awaiting-consent', 'active');

/** The consent was taken back: the child waits again, and is looked at every day. False for one that is not active. */
export async function letWait(ctx: Context, personId: string): Promise<boolean> {
	await watch(ctx, personId);
	return move(ctx, personId, 'active', 'awaiting-consent');
}

/** Locks an account because of a report, or lets it go again; in the caller's transaction. False where `from` is not its state. */
export const setLock = move;

/** Looks at the person every day from now on; a second call changes nothing. */
export const watch = (ctx: Context, personId: string) => insertMinor(ctx, personId, instant(ctx.clock.now()));

/** Whether the person was told that they decide alone; undefined for whom nobody looks at. */
export const wasTold = async (ctx: Context, personId: string): Promise<boolean | undefined> => {
	const row = await selectMinor(ctx, personId);
	return row && row.told === 1;
};

/** Looks again when the next day begins where the person lives. */
export function watchOn(
	ctx: Context,
	{ id, timeZone }: Pick<Person, 'id' | 'timeZone'>,
	told?: number
): Promise<unknown> {
	const tomorrow = after(new Date(localDay(ctx.clock.now(), timeZone)), 1, 'days');
	const nextAttemptAt = instant(startOfDay(dayOf(tomorrow), timeZone));
	const due = { nextAttemptAt, leasedUntil: null, attempts: 0 };
	return updateMinor(ctx, id, { ...due, ...(told !== undefined && { told }) });
}

/** Nobody needs to look any more. */
export const unwatch = (ctx: Context, personId: string) => deleteMinor(ctx, personId);

/** Holds several people until the transaction ends, always in one order; false when one of them is being erased. */
export async function holdAll(ctx: Context, ...personIds: string[]): Promise<boolean> {
	for (const id of [...new Set(personIds)].sort()) if (!(await audit.holdPerson(ctx, id))) return false;
	return true;
}
