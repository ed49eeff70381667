// How either engine says that a value which may exist once exists already.

const uniqueViolations = new Set(['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY']);

/** Whether a statement failed because of a unique index. */
export const isTaken = (error: unknown): boolean =>
	typeof error === 'object' && error !== null && 'code' in error && uniqueViolations.has(String(error.code));
