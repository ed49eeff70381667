// What of a disclosure only the person's key opens, and where it is bound to.

export interface SealedDisclosure {
	/** The organisation's own note of it, such as a case number. */
	reference?: string | undefined;
	key?: string | undefined;
}

export const place = (id: string) => ({ table: 'disclosure', column: 'sealed', row: id });
