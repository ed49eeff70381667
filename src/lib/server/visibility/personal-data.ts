// What visibility holds about a person: who may see each field, where they decided it.
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { countVisibilities, deleteVisibilities, selectVisibilities } from './queries.ts';

const fields = { field: 'text', viewers: 'choice', changedAt: 'instant' } as const;

export const visibilityContract: PersonalDataContract = {
	id: 'visibility',
	tables: ['field_visibility'],
	count: async (ctx, personId) => [
		{ category: 'portal.visibility', records: await countVisibilities(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.visibility')) return [];
		return [
			{
				path: 'visibility',
				category: 'portal.visibility',
				source: 'portal',
				expected: await countVisibilities(ctx, personId),
				shape: 'table',
				fields: Object.entries(fields).map(([id, type]) => ({ id, type, label: `corrections:seen.${id}` })),
				async *pages() {
					const rows = await selectVisibilities(ctx, personId);
					if (rows.length) yield rows.map((row): Row => ({ ...row }));
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteVisibilities(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};
