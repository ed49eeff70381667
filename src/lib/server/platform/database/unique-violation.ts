// Promise: "somebody else was faster" is told apart from a broken database, on both engines.

const codes = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505']);

/** Whether a statement failed because another row has the same key. */
export const isUniqueViolation = (error: unknown): boolean =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.has(error.code);
