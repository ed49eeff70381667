// What an export lacks, and why: told wherever the export is named.
import type { Shortfall } from '../personal-data-contract.ts';

/** One part that is not all there. */
export interface Missing {
	/** Its files: `<path>.json` and the like. */
	path: string;
	category: string;
	source: string;
	/** Undefined: its source could not say. */
	expected?: number;
	included: number;
	reasons: Partial<Record<Shortfall, number>>;
}

/** What was refused or stands there twice is nothing that the person lacks. */
const noLack: readonly Shortfall[] = ['foreign', 'duplicate'];

/** How a part was read. */
export interface PartRead {
	expected: number | undefined;
	included: number;
	outside: number;
	/** Rows and files, by why. */
	leftOut: ReadonlyMap<Shortfall, number>;
	/** Rows alone. */
	leftOutRows: number;
	reason: Shortfall | undefined;
}

/** Why something is missing, with how many of it; 0 where nobody knows. Empty: nothing is. */
export function reasonsOf({
	expected,
	included,
	outside,
	leftOut,
	leftOutRows,
	reason
}: PartRead): Missing['reasons'] {
	const lacks = [...leftOut].filter(([why, count]) => count > 0 && !noLack.includes(why));
	const reasons: Missing['reasons'] = Object.fromEntries(lacks);
	const unexplained = expected === undefined ? 0 : expected - included - outside - leftOutRows;
	if (reason) reasons[reason] = (reasons[reason] ?? 0) + Math.max(0, unexplained);
	else if (unexplained > 0) reasons['changed-while-reading'] = unexplained;
	return reasons;
}

export const missingIn = (text: string | null): Missing[] =>
	text === null ? [] : (JSON.parse(text) as Missing[]);
