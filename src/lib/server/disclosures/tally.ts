// Promise: what a page shows as a sum was added up in the transaction that wrote the rows, never counted on the page.
import type { Context } from '../context.ts';
import { addToCounts, addToFlows } from './queries.ts';

interface Sum {
	personId: string;
	partner: string;
	/** Both undefined for all that a partner received, the field for all of a category. */
	category?: string | undefined;
	field?: string | undefined;
	disclosures: number;
	firstAt: string;
	lastAt: string;
}

export interface Tally {
	add(personId: string, partner: string, fields: readonly string[], at: string): void;
	/** Adds the sums to those that stand. */
	store(ctx: Context): Promise<void>;
}

/** Sums up disclosures, so that thousands of one import touch each sum once. */
export function newTally(): Tally {
	const sums = new Map<string, Sum>();
	const count = (personId: string, partner: string, code: string, at: string) => {
		const name = `${personId} ${partner} ${code}`;
		const sum = sums.get(name);
		if (sum) {
			sum.disclosures += 1;
			if (at < sum.firstAt) sum.firstAt = at;
			if (at > sum.lastAt) sum.lastAt = at;
			return;
		}
		const [category, field] = code ? code.split('.') : [];
		sums.set(name, { personId, partner, category, field, disclosures: 1, firstAt: at, lastAt: at });
	};
	return {
		add: (personId, partner, fields, at) => {
			count(personId, partner, '', at);
			const categories = new Set<string>();
			for (const code of fields) {
				count(personId, partner, code, at);
				categories.add(code.slice(0, code.indexOf('.')));
			}
			for (const category of categories) count(personId, partner, category, at);
		},
		store: async (ctx) => {
			// In one order for everybody, so that two writers never wait for each other.
			const ordered = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
			await addToCounts(
				ctx,
				ordered.filter(({ category }) => category === undefined)
			);
			await addToFlows(
				ctx,
				ordered.flatMap(({ category, field = '', ...sum }) =>
					category === undefined ? [] : { ...sum, category, field }
				)
			);
		}
	};
}
