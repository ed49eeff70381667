// What a withdrawal keeps under the person's key.

export interface SealedWithdrawal {
	/** Shown to the person as long as they can sign in; afterwards it is theirs alone. */
	claimCode: string;
	note?: string | undefined;
	/** A child that waited for consent waits again after cancelling. */
	stateBefore: 'active' | 'awaiting-consent';
}

export const withdrawalPlace = (id: string) => ({ table: 'withdrawal', column: 'sealed', row: id });
