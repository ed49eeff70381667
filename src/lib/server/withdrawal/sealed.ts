// What a withdrawal keeps under the person's key.
import type { Aged } from '../accounts/people.ts';

export interface SealedWithdrawal {
	/** Shown to the person as long as they can sign in; afterwards it is theirs alone. */
	claimCode: string;
	note?: string | undefined;
	/** Why the organisation ended the account, in its own words; the person reads it. */
	orderedBecause?: string | undefined;
	/** A child that waited for consent waits again after cancelling. */
	stateBefore: 'active' | 'awaiting-consent' | 'locked';
	/** Whether a consent was needed, and by what: an import may put the birthday right while the withdrawal runs. */
	consentNeeded: boolean;
	/** Missing in a withdrawal of before there were families. */
	aged?: Aged;
}

export const withdrawalPlace = (id: string) => ({ table: 'withdrawal', column: 'sealed', row: id });
