// What everything that can fall due carries.

/** Columns of everything that can fall due (DESIGN §3.4): `nextAttemptAt` null means that nothing is to be done. */
export interface Due {
	nextAttemptAt: string | null;
	leasedUntil: string | null;
	attempts: number;
}
