// Promise: what somebody told another system of the organisation counts here at once; a yes only where they may give one themselves.
import { find } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { whenSettled } from '../delivery/delivery.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { PersonState } from '../schema.ts';
import { set } from './changing.ts';
import type { Change, Written } from './ledger.ts';

type NoYes = 'awaiting-consent' | 'account-locked' | 'person-leaving';

/** Opting out is never the harder way: a no is taken from everybody who is still there. */
const noYesOf: Readonly<Record<Exclude<PersonState, 'active'>, NoYes>> = {
	'awaiting-consent': 'awaiting-consent',
	locked: 'account-locked',
	leaving: 'person-leaving',
	erasing: 'person-leaving'
};

/**
 * Writes what the person chose elsewhere, all of it or nothing, as one change set of origin `api`; answers when nothing of what was
 * turned off is under way any more. Refuses `no-such-choice`, `essential-topic`, `person-leaving` once the erasure has begun, and a
 * yes of anybody who is not active: `awaiting-consent`, `account-locked`, `person-leaving`.
 */
export async function report(
	ctx: Context,
	personId: string,
	changes: readonly Change[]
): Promise<Written | { refused: 'no-such-choice' | 'essential-topic' | NoYes }> {
	const outcome = await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		const person = await find(ctx, personId);
		if (!person) return { refused: 'person-leaving' as const };
		if (person.state !== 'active' && changes.some(({ allowed }) => allowed))
			return { refused: noYesOf[person.state] };
		return set(ctx, person, changes, { origin: 'api' });
	});
	const isStop = 'changed' in outcome && outcome.changed > 0 && changes.some(({ allowed }) => !allowed);
	return isStop ? whenSettled(ctx, personId, outcome) : outcome;
}
