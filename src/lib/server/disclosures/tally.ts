// Promise: what a page shows as a sum was added up in the transaction that wrote the rows, never counted on the page.
import type { Context } from '../context.ts';
import { addToCount, addToFlow } from './queries.ts';

interface Sum {
	disclosures: number;
	firstAt: string;
	lastAt: string;
}

export interface Tally {
	add(partner: string, fields: readonly string[], at: string): void;
	/** Adds the sums to those that stand. */
	store(ctx: Context, personId: string): Promise<void>;
}

/** Sums up the disclosures of one person, so that thousands of one import touch each sum once. */
export function newTally(): Tally {
	const sums = new Map<string, Sum>();
	const count = (name: string, at: string) => {
		const { disclosures, firstAt, lastAt } = sums.get(name) ?? { disclosures: 0, firstAt: at, lastAt: at };
		sums.set(name, {
			disclosures: disclosures + 1,
			firstAt: at < firstAt ? at : firstAt,
			lastAt: at > lastAt ? at : lastAt
		});
	};
	return {
		add: (partner, fields, at) => {
			count(partner, at);
			for (const code of fields) count(`${partner} ${code.replace('.', ' ')}`, at);
			for (const category of new Set(fields.map((code) => code.split('.')[0])))
				count(`${partner} ${category}`, at);
		},
		store: async (ctx, personId) => {
			// In one order for everybody, so that two writers never wait for each other.
			for (const [name, { disclosures, firstAt, lastAt }] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
				const [partner, category, field = ''] = name.split(' ') as [string, string?, string?];
				if (category === undefined) await addToCount(ctx, { personId, partner, disclosures, lastAt });
				else await addToFlow(ctx, { personId, partner, category, field, disclosures, firstAt, lastAt });
			}
		}
	};
}
