// What corrections hold about a person: each with what they said, what was decided and why.
import type { Context } from '../context.ts';
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { countCorrections, deleteCorrections, selectCorrections } from './queries.ts';
import { stepsOf } from './steps.ts';

const pageSize = 100;
const columns = {
	id: 'text',
	field: 'text',
	record: 'text',
	state: 'text',
	decision: 'text',
	openedAt: 'instant',
	decidedAt: 'instant',
	endsAt: 'instant',
	steps: 'objects'
};

/** A correction with its steps is one row: it is read as one. */
async function* pagesOf(ctx: Context, personId: string): AsyncIterable<readonly Row[]> {
	let before: string | undefined;
	for (;;) {
		const corrections = await selectCorrections(ctx, personId, before, pageSize);
		const rows: Row[] = [];
		for (const correction of corrections)
			rows.push({ ...correction, steps: await stepsOf(ctx, personId, correction.id) });
		if (rows.length) yield rows;
		if (corrections.length < pageSize) return;
		before = corrections.at(-1)?.id;
	}
}

export const correctionsContract: PersonalDataContract = {
	id: 'corrections',
	tables: ['correction', 'correction_step'],
	count: async (ctx, personId) => [
		{ category: 'portal.corrections', records: await countCorrections(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.corrections')) return [];
		return [
			{
				path: 'corrections',
				category: 'portal.corrections',
				source: 'portal',
				expected: await countCorrections(ctx, personId),
				shape: 'document',
				fields: Object.entries(columns).map(([id, type]) => ({
					id,
					type,
					label: `corrections:column.${id}`
				})),
				pages: () => pagesOf(ctx, personId)
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteCorrections(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};
