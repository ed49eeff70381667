// Promise: how long something is kept is computed from the description alone, the same for a page, a job and a rehearsal.
import { afterDuration, dayOf } from '../platform/clock.ts';
import { retentionOf } from './lookup.ts';
import type { Category, Organisation, Text } from './organisation.ts';

/** What of a category stays when a person leaves at `leavingAt`: the law, what of it, and the day until when. */
export function keptAfterLeaving(
	organisation: Organisation,
	category: Category,
	leavingAt: Date
): { ground: string; law: Text; what: Text; until: string } | undefined {
	const kept = retentionOf(organisation, category.retention)?.afterLeaving;
	return (
		kept && {
			ground: category.retention,
			law: kept.law,
			what: kept.what,
			until: dayOf(afterDuration(leavingAt, kept.for))
		}
	);
}
